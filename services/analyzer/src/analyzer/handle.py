"""Handle one event of the requests topic."""

from chassis.trace import name_work
from contracts.events import AnalysisEraseRequested, AnalysisRequested

from analyzer.analyze import AnalyzeResume
from analyzer.erase import EraseAnswers
from analyzer.jobs import Jobs
from analyzer.requests import Request


class HandleRequest:
    """Analyzes what is requested, and ends what is not wanted any more."""

    def __init__(self, *, analyze: AnalyzeResume, erase: EraseAnswers | None, jobs: Jobs) -> None:
        """Takes the use cases; `erase` is None where no answers are remembered."""
        self._analyze = analyze
        self._erase = erase
        self._jobs = jobs

    async def __call__(self, event: Request) -> None:
        """Raises what its use cases raise, Superseded and Stopping."""
        analysis_id = event.analysis.analysis_id
        name_work(analysis_id=str(analysis_id))
        if isinstance(event, AnalysisRequested):
            await self._jobs.run(analysis_id, lambda: self._analyze(event))
            return
        self._jobs.end(analysis_id)
        if self._erase and isinstance(event, AnalysisEraseRequested):
            await self._erase(event.analysis.resume_id)
