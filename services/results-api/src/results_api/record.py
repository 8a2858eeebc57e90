"""Record what happened to an analysis: its status, its result and the news of it, in one transaction."""

from chassis.db import Database
from chassis.outbox import Outbox
from chassis.trace import current_traceparent
from contracts.envelope import encode
from contracts.events import AnalysisSucceeded, PrivateEvent, PublicEvent
from contracts.vocabulary import AnalysisStatus

from results_api.domain import asks_again, failure_of, next_status
from results_api.errors import RequestIsGone
from results_api.feedback_items import feedback_items
from results_api.metrics import AnalysisDurations
from results_api.news import happened_at, news_again, news_of
from results_api.repository import Repository

SOURCE = "/resume-review/results-api"


class RecordEvent:
    """Applies an event of a private topic; repeated and late events change nothing.

    Who asks again after an end is told once more of it.
    """

    def __init__(
        self, *, database: Database, repository: Repository, outbox: Outbox, durations: AnalysisDurations
    ) -> None:
        self._database = database
        self._repository = repository
        self._outbox = outbox
        self._durations = durations

    async def __call__(self, event: PrivateEvent) -> AnalysisStatus | None:
        """Returns the status it moved the analysis to, if any. Raises DatabaseAway."""
        try:
            status = await self._record(event)
        except RequestIsGone:
            # The resume was deleted while it was analysed; the news of that are on their way.
            return None
        if status is not None:
            self._durations.moved(event.analysis, status)
        return status

    async def _record(self, event: PrivateEvent) -> AnalysisStatus | None:
        analysis_id = event.analysis.analysis_id
        news: list[PublicEvent] = []
        async with self._database.transaction() as connection:
            position = await self._repository.records.lock(connection, event.analysis)
            if position.is_new:
                news.append(news_of(AnalysisStatus.PENDING, event, version=position.version))
            status = next_status(position.status, event)
            if status is not None:
                report = event.report if isinstance(event, AnalysisSucceeded) else None
                await self._repository.records.move(
                    connection,
                    analysis_id,
                    status=status,
                    version=position.version + 1,
                    ended_at=None if status is AnalysisStatus.PROCESSING else happened_at(event),
                    report=report,
                    failure=failure_of(event),
                )
                if report is not None:
                    await self._repository.records.add_result(
                        connection,
                        analysis_id,
                        report,
                        feedback_items(report),
                        created_at=happened_at(event),
                    )
                if status is AnalysisStatus.ERASED:
                    await self._repository.records.erase(connection, analysis_id)
                news.append(news_of(status, event, version=position.version + 1))
            elif asks_again(event):
                # Subscribers order by version, so a repeat harms nobody.
                end = await self._repository.records.end_of(connection, analysis_id)
                if end is not None and (again := news_again(event.analysis, end)) is not None:
                    news.append(again)
            if news:
                traceparent = current_traceparent()
                messages = [encode(one, source=SOURCE, traceparent=traceparent) for one in news]
                await self._outbox.add(connection, *messages)
        return status
