"""Handle one event of the requests topic."""

from aiokafka import ConsumerRecord
from chassis.telemetry.trace import bind_ids
from contracts.events import AnalysisEraseRequested, AnalysisRequested

from analyzer.events import Request, ended_analysis
from analyzer.pipeline.active_analyses import ActiveAnalyses
from analyzer.pipeline.analyze_resume import AnalyzeResume
from analyzer.pipeline.erase_responses import EraseResponses


class HandleEvent:
    """Runs requested analyses and ends those that are cancelled, erased or expired."""

    def __init__(
        self, *, analyze: AnalyzeResume, erase: EraseResponses | None, analyses: ActiveAnalyses
    ) -> None:
        """Set the use cases; `erase` is None if there is no response cache."""
        self._analyze = analyze
        self._erase = erase
        self.analyses = analyses

    async def __call__(self, event: Request) -> None:
        """Handle an event.

        Raises:
            Superseded: The requested analysis was ended.
            ShutdownInProgress: The process stops, and the analysis was not started or waited for the model.
            NoWorkers: There is no worker to score with.
            DatabaseUnavailable: The database is unavailable and nothing was erased.
        """
        analysis_id = event.analysis.analysis_id
        bind_ids(analysis_id=str(analysis_id))
        if isinstance(event, AnalysisRequested):
            await self.analyses.run(analysis_id, lambda: self._analyze(event))
            return
        self.analyses.end(analysis_id)
        if self._erase and isinstance(event, AnalysisEraseRequested):
            await self._erase(event.analysis.resume_id)

    def end(self, raw: ConsumerRecord) -> None:
        """End the analysis that a record cancels, erases or expires; ignore other records."""
        if (analysis_id := ended_analysis(raw)) is not None:
            self.analyses.end(analysis_id)
