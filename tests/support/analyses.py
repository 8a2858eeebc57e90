"""Analyses of one resume by a model that a test plays."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any, Final, TypeVar

from analyzer.advisor import create_advisor
from analyzer.llm.client.settings import ModelSettings
from analyzer.llm.consult import Memory
from analyzer.llm.prompting.prompt import load_prompt
from analyzer.pipeline.analyze import AnalyzeResume
from contracts.envelope import SerializedEvent
from contracts.events import AnalysisSucceeded, Event, PrivateEvent
from contracts.report import Report
from pydantic import HttpUrl, SecretStr
from scoring import load_rubric

from tests.support import events, files
from tests.support.fake_model import Json, Step, says

Result = TypeVar("Result")

PROMPT: Final = load_prompt()
RUBRIC: Final = load_rubric()
BY_RULES: Final = f"rules/{RUBRIC.version}"
TEXT: Final = files.strong_resume_txt().decode()
# Lines of the resume that say enough to be quoted.
LINES: Final = [
    line.strip("-• ").strip() for line in TEXT.splitlines() if line.lstrip().startswith(("-", "•"))
]


def judged(level: object = 2, **changes: Any) -> Json:
    """The whole checklist answered alike, with quotes that are in the resume."""
    answers = [
        {"id": name, "quotes": [LINES[0]] if level else [], "reason": "Seen.", "fix": "Do.", "level": level}
        for name in PROMPT.ids
    ]
    return {"answers": [{**answer, **changes} for answer in answers]}


def is_about_writing(request: Json) -> bool:
    """Whether it is the fourth question of a deep analysis."""
    return "You advise on how a resume is written" in request["messages"][0]["content"]


def says_of_writing(*rewrites: Json, sections: tuple[Json, ...] = ()) -> Step:
    return says({"sections": list(sections), "rewrites": list(rewrites)})


async def run_here(step: Callable[..., Result], /, *arguments: object) -> Result:
    """Steps of an analysis without worker processes."""
    return await asyncio.to_thread(step, *arguments)


@asynccontextmanager
async def analyses(url: str, *, memory: Memory | None = None, **settings: Any) -> AsyncIterator[Any]:
    """Analyses with the model at `url`, patient for fractions of a second."""
    values: dict[str, Any] = {
        "openai_api_key": SecretStr("sk-canary-key"),
        "openai_base_url": HttpUrl(url),
        "model": "asked-for",
        "model_attempts": 2,
        "model_connect_seconds": 0.4,
        "model_request_seconds": 0.4,
        "model_budget_seconds": 3,
        **settings,
    }
    advise = create_advisor(ModelSettings(**values), run=run_here, memory=memory)
    assert advise

    async def analyse(text: str = TEXT, *, about: Json | None = None, **changes: Any) -> Report:
        published: list[Event] = []

        async def publish(event: PrivateEvent | SerializedEvent) -> None:
            published.append(events.published(event))

        wanted = events.requested(events.analysis_context(**(about or {})), text=text, **changes)
        analyze = AnalyzeResume(
            publish=publish, run=run_here, seconds=60, started_after_seconds=60, advise=advise
        )
        await analyze(wanted)
        (ended,) = published
        assert isinstance(ended, AnalysisSucceeded)
        details = ended.report.detailed_scores
        quotes = [quote for criterion in details.criteria for quote in criterion.evidence]
        for quote in [*quotes, *(rewrite.original for rewrite in details.rewrites)]:
            assert text[quote.start : quote.end] == quote.quote
        return ended.report

    analyse.telemetry = advise.telemetry  # type: ignore[attr-defined] # what it counts
    try:
        yield analyse
    finally:
        await advise.close()
