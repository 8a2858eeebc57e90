"""Record events of analyses: store statuses and results, and publish the changes."""

from collections.abc import Sequence
from uuid import UUID

from chassis.db.database import Connection, Database
from chassis.messaging.outbox import Outbox
from chassis.telemetry.logs import get_logger
from chassis.telemetry.trace import trace_id_of
from contracts.events import AnalysisContext, AnalysisSucceeded, Event, PublicEvent
from contracts.vocabulary import AnalysisStatus

from results_api.domain.errors import RequestDeleted
from results_api.events import ReceivedEvent, asks_for_final_status, pending, public_event, status_change
from results_api.metrics import AnalysisDurations
from results_api.storage import AppliedChange, Repository

log = get_logger(__name__)


class RecordEvents:
    """Apply events of the private topics, one batch per transaction.

    Repeated and late events change nothing. If the writer of such an event waits for the final status, the
    public event of that status is published again.
    """

    def __init__(
        self,
        *,
        database: Database,
        repository: Repository,
        outbox: Outbox[Event],
        durations: AnalysisDurations,
    ) -> None:
        self._database = database
        self._repository = repository
        self._outbox = outbox
        self._durations = durations

    async def __call__(self, batch: Sequence[ReceivedEvent]) -> None:
        """Apply events in their order.

        Raises:
            DatabaseUnavailable: if the database cannot be reached.
            RequestDeleted: if one of several events belongs to a deleted request.
        """
        try:
            recorded = await self._record(batch)
        except RequestDeleted:
            if len(batch) > 1:
                raise
            # The resume was deleted during the analysis. The event that erases the analysis follows.
            return
        for received, status in recorded:
            context = received.event.analysis
            self._durations.observe(status, requested_at=context.requested_at)
            log.info(
                "analysis status changed",
                analysis_id=str(context.analysis_id),
                status=status,
                trace_id=trace_id_of(received.traceparent),
            )

    async def _record(self, batch: Sequence[ReceivedEvent]) -> list[tuple[ReceivedEvent, AnalysisStatus]]:
        """Store the changes of a batch in one transaction, and return the events that had an effect."""
        recorded: list[tuple[ReceivedEvent, AnalysisStatus]] = []
        changes: dict[UUID, AppliedChange] = {}
        # None stands for a repetition of the final status, which may be stored by this batch.
        to_publish: list[tuple[ReceivedEvent, PublicEvent | None]] = []
        async with self._database.transaction() as connection:
            analyses, new = await self._repository.analyses.lock(connection, _contexts(batch))
            for received in batch:
                event, context = received.event, received.event.analysis
                if context.analysis_id in new:
                    new.remove(context.analysis_id)
                    version = analyses[context.analysis_id].version
                    to_publish.append((received, public_event(context, pending(context), version=version)))
                change = status_change(event)
                analysis = analyses[context.analysis_id].apply(change)
                if analysis is not None:
                    analyses[context.analysis_id] = analysis
                    changes[context.analysis_id] = AppliedChange(
                        analysis=analysis,
                        change=change,
                        report=event.report if isinstance(event, AnalysisSucceeded) else None,
                    )
                    recorded.append((received, analysis.status))
                    to_publish.append((received, public_event(context, change, version=analysis.version)))
                elif asks_for_final_status(event):
                    to_publish.append((received, None))
            if changes:
                await self._repository.analyses.save(connection, list(changes.values()))
            await self._publish(connection, to_publish)
        return recorded

    async def _publish(
        self, connection: Connection, to_publish: Sequence[tuple[ReceivedEvent, PublicEvent | None]]
    ) -> None:
        events = []
        for received, new_event in to_publish:
            event = new_event or await self._final_event(connection, received.event.analysis)
            if event is not None:
                events.append((event, received.traceparent))
        await self._outbox.publish_traced(connection, events)

    async def _final_event(self, connection: Connection, context: AnalysisContext) -> PublicEvent | None:
        """Return the public event of the stored final status. Subscribers ignore a repeated version."""
        final = await self._repository.analyses.final_change(connection, context.analysis_id)
        return None if final is None else public_event(context, final.change, version=final.analysis.version)


def _contexts(batch: Sequence[ReceivedEvent]) -> list[AnalysisContext]:
    """Return one context per analysis, with a resume version if any event has one."""
    contexts: dict[UUID, AnalysisContext] = {}
    for received in batch:
        context = received.event.analysis
        known = contexts.get(context.analysis_id)
        if known is None or (known.resume_version is None and context.resume_version is not None):
            contexts[context.analysis_id] = context
    return list(contexts.values())
