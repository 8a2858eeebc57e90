"""Handle one event of the requests topic."""

from aiokafka import ConsumerRecord
from chassis.telemetry.trace import bind_ids
from contracts.events import AnalysisEraseRequested, AnalysisRequested

from analyzer.events import Request, ended_by
from analyzer.pipeline.analyze import AnalyzeResume
from analyzer.pipeline.erase import EraseAnswers
from analyzer.pipeline.jobs import Jobs


class HandleRequest:
    """Analyzes what is requested, and ends what is not wanted any more."""

    def __init__(self, *, analyze: AnalyzeResume, erase: EraseAnswers | None, jobs: Jobs) -> None:
        """Takes the use cases; `erase` is None where no answers are remembered."""
        self._analyze = analyze
        self._erase = erase
        self.jobs = jobs

    async def __call__(self, event: Request) -> None:
        """Raises what its use cases raise, Superseded and Stopping."""
        analysis_id = event.analysis.analysis_id
        bind_ids(analysis_id=str(analysis_id))
        if isinstance(event, AnalysisRequested):
            await self.jobs.run(analysis_id, lambda: self._analyze(event))
            return
        self.jobs.end(analysis_id)
        if self._erase and isinstance(event, AnalysisEraseRequested):
            await self._erase(event.analysis.resume_id)

    def end(self, raw: ConsumerRecord) -> None:
        """End the analysis that this record cancels, erases or expires; most records do none of it."""
        if (analysis_id := ended_by(raw)) is not None:
            self.jobs.end(analysis_id)
