"""Run analyses of one resume against a fake model."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

from analyzer.llm.client.response_cache import ResponseCache
from analyzer.llm.create import create_model
from analyzer.llm.settings import ModelSettings
from analyzer.pipeline.analyze_resume import AnalyzeResume
from analyzer.pipeline.score_with_model import ScoreWithModel
from contracts.envelope import SerializedEvent
from contracts.events import AnalysisSucceeded, Event, PrivateEvent
from contracts.report import Criterion, Report
from pydantic import HttpUrl, SecretStr
from scoring.messages import load_catalogue

from tests.support import events, files
from tests.support.fakes.labels import RUBRIC
from tests.support.fakes.model import FakeReply, Json, completion

Result = TypeVar("Result")

_ENGLISH: Final = load_catalogue("en", resume_language="en")
BY_RULES: Final = f"rules/{RUBRIC.version}"
TEXT: Final = files.strong_resume_txt().decode()
# Lines of the resume that are long enough to quote.
LINES: Final = [
    line.strip("-• ").strip() for line in TEXT.splitlines() if line.lstrip().startswith(("-", "•"))
]


def writing_completion(*rewrites: Json, sections: tuple[Json, ...] = ()) -> FakeReply:
    """Build a completion about the writing."""
    return completion({"sections": list(sections), "rewrites": list(rewrites)})


async def run_in_thread(step: Callable[..., Result], /, *arguments: object) -> Result:
    """Run a step of an analysis without worker processes."""
    return await asyncio.to_thread(step, *arguments)


def by_id(report: Report) -> dict[str, Criterion]:
    """Return the criteria of a report by their ids."""
    return {each.id: each for each in report.detailed_scores.criteria}


def has_fallback_notice(report: Report, reason: str) -> bool:
    """Check that rules scored alone and return whether the report names the reason."""
    assert report.ai_model_used == BY_RULES
    assert {each.method for each in report.detailed_scores.criteria} == {"rule"}
    return _ENGLISH[f"notice.model_failed.{reason}"] in report.detailed_scores.notices


@asynccontextmanager
async def analyses(url: str, *, cache: ResponseCache | None = None, **settings: Any) -> AsyncIterator[Any]:
    """Yield a function that analyzes a resume with the model at `url`, with time limits below a second."""
    values: dict[str, Any] = {
        "openai_api_key": SecretStr("sk-canary-key"),
        "openai_base_url": HttpUrl(url),
        "model": "asked-for",
        "model_attempts": 2,
        "model_connect_seconds": 0.4,
        "model_request_seconds": 0.4,
        "model_budget_seconds": max(3, settings.get("model_request_seconds", 0)),
        **settings,
    }
    model = create_model(ModelSettings(**values), cache=cache)
    assert model

    async def analyze(text: str = TEXT, *, about: Json | None = None, **changes: Any) -> Report:
        published: list[Event] = []

        async def publish(event: PrivateEvent | SerializedEvent) -> None:
            published.append(events.published(event))

        wanted = events.requested(events.analysis_context(**(about or {})), text=text, **changes)
        analyze = AnalyzeResume(
            publish=publish,
            run=run_in_thread,
            seconds=60,
            started_after_seconds=60,
            score_with_model=ScoreWithModel(run=run_in_thread, ask=model),
        )
        await analyze(wanted)
        (ended,) = published
        assert isinstance(ended, AnalysisSucceeded)
        details = ended.report.detailed_scores
        quotes = [quote for criterion in details.criteria for quote in criterion.evidence]
        for quote in [*quotes, *(rewrite.original for rewrite in details.rewrites)]:
            assert text[quote.start : quote.end] == quote.quote
        return ended.report

    analyze.telemetry = model.telemetry  # type: ignore[attr-defined] # lets tests read the metrics
    try:
        yield analyze
    finally:
        await model.close()
