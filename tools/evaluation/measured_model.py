"""Score resumes like the analyzer, with a played model."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from analyzer.llm.create import create_model
from analyzer.llm.settings import ModelSettings
from analyzer.pipeline.score_with_model import ScoreWithModel
from contracts.document import DocumentSignals
from contracts.vocabulary import Depth
from documents.parser import parse_file
from pydantic import HttpUrl, SecretStr

from tests.support.analyses import run_in_thread
from tests.support.events import report_of
from tests.support.fakes.model import Json, Reply, fake_model
from tools.evaluation.measurement import LIMITS, NOW, ScoredDocument, create_request
from tools.evaluation.resumes import Resume
from tools.evaluation.templates import TEMPLATES


@dataclass(frozen=True, slots=True, kw_only=True)
class MeasuredModel:
    """A model to measure. `name` is its name in the table."""

    name: str
    score_with_model: ScoreWithModel

    async def assess(self, resume: Resume, *, depth: Depth = Depth.STANDARD) -> ScoredDocument:
        """Read a resume like an upload and score it like the analyzer, without a cache."""
        content = parse_file(TEMPLATES["TXT"](resume), LIMITS)
        signals = DocumentSignals.model_validate(content["signals"])
        request = create_request(content["text"], signals, resume, depth=depth)
        return ScoredDocument(
            content["text"], signals, report_of(await self.score_with_model(request, now=NOW))
        )


@asynccontextmanager
async def play(name: str, behaviour: Callable[[Json], Reply]) -> AsyncIterator[MeasuredModel]:
    """Start a played model that replies as `behaviour` says."""
    async with fake_model() as server:
        server.replies = behaviour
        settings = ModelSettings(openai_api_key=SecretStr("none"), openai_base_url=HttpUrl(server.url))
        client = create_model(settings)
        assert client
        try:
            yield MeasuredModel(name=name, score_with_model=ScoreWithModel(run=run_in_thread, ask=client))
        finally:
            await client.close()
