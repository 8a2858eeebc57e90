"""Handle one event of the requests topic."""

from aiokafka import ConsumerRecord
from chassis.telemetry.trace import bind_ids
from contracts.events import AnalysisEraseRequested, AnalysisRequested, PrivateEvent
from contracts.match_events import MatchRequested

from analyzer.events import Request, ended_work
from analyzer.pipeline.active_work import ActiveWork
from analyzer.pipeline.analyze_resume import AnalyzeResume
from analyzer.pipeline.erase_responses import EraseResponses
from analyzer.pipeline.match_resume import MatchResume


class HandleEvent:
    """Runs requested analyses and matches, and ends those that are cancelled, erased or expired."""

    def __init__(
        self, *, analyze: AnalyzeResume, match: MatchResume, erase: EraseResponses | None, work: ActiveWork
    ) -> None:
        """Set the use cases; `erase` is None if there is no response cache."""
        self._analyze = analyze
        self._match = match
        self._erase = erase
        self.work = work

    async def __call__(self, event: Request) -> None:
        """Handle an event.

        Raises:
            Superseded: The requested analysis or match was ended.
            ShutdownInProgress: The process stops, and the work was not started or waited for the model.
            NoWorkers: There is no worker to score or match with.
            DatabaseUnavailable: The database is unavailable and nothing was erased.
        """
        kind = "analysis_id" if isinstance(event, PrivateEvent) else "match_id"
        bind_ids(**{kind: str(event.subject)})
        match event:
            case AnalysisRequested():
                await self.work.run(event.subject, lambda: self._analyze(event))
            case MatchRequested():
                await self.work.run(event.subject, lambda: self._match(event))
            case _:
                self.work.end(event.subject)
                if self._erase and isinstance(event, AnalysisEraseRequested):
                    await self._erase(event.analysis.resume_id)

    def end(self, raw: ConsumerRecord) -> None:
        """End the analysis or match that a record cancels, erases or expires; ignore other records."""
        if (work_id := ended_work(raw)) is not None:
            self.work.end(work_id)
