import asyncio
import re
import time
from dataclasses import dataclass, field
from typing import Any

import pytest
from analyzer.llm.create import create_model
from analyzer.llm.settings import ModelSettings
from analyzer.pipeline import steps
from analyzer.pipeline.analyze_resume import AnalyzeResume
from analyzer.pipeline.score_with_model import ScoreWithModel
from analyzer.pipeline.worker_pool import NoWorkers
from contracts.envelope import SerializedEvent
from contracts.events import AnalysisFailedToRun, AnalysisStarted, AnalysisSucceeded, Event, PrivateEvent
from contracts.vocabulary import FailureCode, ReportLanguage
from pydantic import SecretStr

from tests.support.analyses import run_in_thread
from tests.support.events import published, requested
from tests.support.polling import eventually
from tests.support.telemetry.logs import CapturedLogs

# Longer than any analysis in these tests.
PATIENCE = 60


async def publish_events(*, seconds: float = 60, **changes: Any) -> list[Event]:
    events: list[Event] = []

    async def publish(event: Event | SerializedEvent) -> None:
        events.append(published(event))

    analyze = AnalyzeResume(
        publish=publish, run=run_in_thread, seconds=seconds, started_after_seconds=PATIENCE
    )
    await analyze(requested(**changes))
    return events


async def test_short_analysis_publishes_only_its_report() -> None:
    (succeeded,) = await publish_events()
    assert isinstance(succeeded, AnalysisSucceeded)
    assert succeeded.version == 2
    assert succeeded.report.ai_model_used.startswith("rules/")
    assert 0 < succeeded.report.processing_time_ms < 60_000


@dataclass
class ControlledAnalysis:
    """An analysis whose scoring, and whose acknowledgement of `started`, wait for events of the test."""

    started_after_seconds: float
    scored: asyncio.Event = field(default_factory=asyncio.Event)
    acknowledged: asyncio.Event = field(default_factory=asyncio.Event)
    scoring: list[str] = field(default_factory=list)
    sent: list[type[Event]] = field(default_factory=list)

    def analyze(self) -> asyncio.Task[None]:
        analyze = AnalyzeResume(
            publish=self._publish,
            run=self._run,
            seconds=PATIENCE,
            started_after_seconds=self.started_after_seconds,
        )
        return asyncio.create_task(analyze(requested()))

    async def published_types(self) -> list[type[Event]]:
        return self.sent

    async def _publish(self, event: Event | SerializedEvent) -> None:
        self.sent.append(type(published(event)))
        if isinstance(event, AnalysisStarted):
            await self.acknowledged.wait()

    async def _run(self, step: Any, *arguments: Any) -> Any:
        self.scoring.append("started")
        try:
            await self.scored.wait()
        except asyncio.CancelledError:
            self.scoring.append("cancelled")
            raise
        self.scoring.append("done")
        return step(*arguments)


async def test_long_analysis_publishes_its_report_after_started_is_acknowledged() -> None:
    controlled = ControlledAnalysis(started_after_seconds=0.05)
    analysis = controlled.analyze()
    await eventually(controlled.published_types, until=lambda sent: sent == [AnalysisStarted])
    controlled.scored.set()
    # The report is ready before the broker acknowledges `started`.
    await asyncio.sleep(0.2)
    assert controlled.scoring == ["started", "done"]
    assert controlled.sent == [AnalysisStarted]
    controlled.acknowledged.set()
    await analysis
    assert controlled.sent == [AnalysisStarted, AnalysisSucceeded]


@pytest.mark.parametrize(
    ("started_after_seconds", "sent"), [(0.1, []), (0.01, [AnalysisStarted])], ids=["before", "during"]
)
async def test_cancelled_analysis_publishes_nothing_more(
    started_after_seconds: float, sent: list[type[PrivateEvent]]
) -> None:
    controlled = ControlledAnalysis(started_after_seconds=started_after_seconds)
    analysis = controlled.analyze()
    await asyncio.sleep(0.05)
    analysis.cancel()
    with pytest.raises(asyncio.CancelledError):
        await analysis
    assert controlled.scoring == ["started", "cancelled"]
    controlled.acknowledged.set()
    await asyncio.sleep(0.1)
    assert controlled.sent == sent


async def test_resume_without_text_fails_with_no_text() -> None:
    (failed,) = await publish_events(text="  \n ")
    assert isinstance(failed, AnalysisFailedToRun)
    assert failed.failure.code == FailureCode.NO_TEXT


async def test_error_in_scoring_fails_the_analysis_and_quotes_nothing(
    monkeypatch: pytest.MonkeyPatch, captured_logs: CapturedLogs
) -> None:
    def broken(*_: object, **__: object) -> None:
        raise RuntimeError("canary of a resume")

    monkeypatch.setattr(steps, "score_by_rules", broken)
    (failed,) = await publish_events()
    assert isinstance(failed, AnalysisFailedToRun)
    assert failed.failure.code == FailureCode.INTERNAL_ERROR
    assert "scoring failed" in captured_logs.text
    assert "canary" not in failed.model_dump_json() + captured_logs.text


async def test_analysis_over_its_time_limit_fails_with_deadline_exceeded(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(steps, "score_by_rules", lambda *_, **__: time.sleep(0.2))
    (failed,) = await publish_events(seconds=0.05)
    assert isinstance(failed, AnalysisFailedToRun)
    assert failed.failure.code == FailureCode.DEADLINE_EXCEEDED


BROKEN = "architecture of a bank " * 3
BROKEN_JA = "職務経歴\n・会議の準備を担当しました\n"


@pytest.mark.parametrize(
    ("text", "language", "is_japanese"),
    [
        (BROKEN, ReportLanguage.RESUME, False),
        (BROKEN, ReportLanguage.ENGLISH, False),
        (BROKEN, ReportLanguage.JAPANESE, True),
        (BROKEN_JA, ReportLanguage.RESUME, True),
        (BROKEN_JA, ReportLanguage.ENGLISH, False),
        (BROKEN_JA, ReportLanguage.JAPANESE, True),
    ],
)
async def test_failure_is_in_the_language_of_the_report(
    text: str, language: ReportLanguage, is_japanese: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(steps, "score_by_rules", lambda *_, **__: 1 / 0)
    (failed,) = await publish_events(text=text, report_language=language)
    monkeypatch.setattr(steps, "score_by_rules", lambda *_, **__: time.sleep(0.2))
    (late,) = await publish_events(seconds=0.05, text=text, report_language=language)
    for each in (failed, late):
        assert isinstance(each, AnalysisFailedToRun)
        assert (re.search("[ぁ-ん]", each.failure.detail) is not None) is is_japanese
        assert each.failure.detail.endswith("。" if is_japanese else ".")


@pytest.mark.parametrize(
    ("language", "start"),
    [("resume", "The resume holds no readable text"), ("en", "The resume"), ("ja", "書類に読み取れる文字が")],
)
async def test_no_text_failure_is_in_the_language_of_the_report(language: str, start: str) -> None:
    (failed,) = await publish_events(text=" \n12 ", report_language=ReportLanguage(language))
    assert isinstance(failed, AnalysisFailedToRun)
    assert failed.failure.detail.startswith(start)


@pytest.mark.parametrize("with_model", [False, True])
async def test_without_workers_no_outcome_is_published(with_model: bool) -> None:
    events: list[Event] = []

    async def publish(event: Event | SerializedEvent) -> None:
        events.append(published(event))

    async def run(*_: object) -> Any:
        raise NoWorkers

    settings = ModelSettings(openai_api_key=SecretStr("sk-canary") if with_model else None)
    model = create_model(settings)
    assert (model is not None) is with_model
    score_with_model = ScoreWithModel(run=run, ask=model) if model else None
    analyze = AnalyzeResume(
        publish=publish,
        run=run,
        seconds=60,
        started_after_seconds=PATIENCE,
        score_with_model=score_with_model,
    )
    with pytest.raises(NoWorkers):
        await analyze(requested())
    assert events == []
