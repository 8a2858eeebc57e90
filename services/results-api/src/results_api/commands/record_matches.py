"""Record events of matches: store statuses and results, and publish the changes."""

from collections.abc import Sequence
from uuid import UUID

from chassis.db.database import Connection, Database
from chassis.messaging.outbox import Outbox
from chassis.telemetry.logs import get_logger
from chassis.telemetry.trace import trace_id_of
from contracts.events import Event
from contracts.match_events import MatchSucceeded
from contracts.vocabulary import AnalysisStatus

from results_api.events import ReceivedMatchEvent
from results_api.match_events import asks_for_end, match_change, pending_match, public_match_event
from results_api.storage import AppliedMatchChange, Repository

log = get_logger(__name__)


class RecordMatches:
    """Apply events of matches, one batch per transaction.

    Repeated and late events change nothing. If the writer of such an event waits for the end of the match,
    the public event of that end is published again.
    """

    def __init__(self, *, database: Database, repository: Repository, outbox: Outbox[Event]) -> None:
        self._database = database
        self._repository = repository
        self._outbox = outbox

    async def __call__(self, batch: Sequence[ReceivedMatchEvent]) -> None:
        """Apply events in their order. Raises DatabaseUnavailable."""
        for received, status in await self._record(batch):
            log.info(
                "match status changed",
                match_id=str(received.event.match.match_id),
                status=status,
                trace_id=trace_id_of(received.traceparent),
            )

    async def _record(
        self, batch: Sequence[ReceivedMatchEvent]
    ) -> list[tuple[ReceivedMatchEvent, AnalysisStatus]]:
        """Store the changes of a batch in one transaction, and return the events that had an effect."""
        recorded: list[tuple[ReceivedMatchEvent, AnalysisStatus]] = []
        changes: dict[UUID, AppliedMatchChange] = {}
        to_publish: list[tuple[Event, str | None]] = []
        waiting: list[ReceivedMatchEvent] = []
        firsts: dict[UUID, ReceivedMatchEvent] = {}
        for received in batch:
            firsts.setdefault(received.event.match.match_id, received)
        async with self._database.transaction() as connection:
            states, new = await self._repository.matches.lock(
                connection, [each.event.match for each in firsts.values()]
            )
            for match_id in new:
                context = firsts[match_id].event.match
                pending = public_match_event(context, pending_match(context), version=1)
                to_publish.append((pending, firsts[match_id].traceparent))
            for received in batch:
                context, change = received.event.match, match_change(received.event)
                state = states[context.match_id].apply(change)
                if state is not None:
                    states[context.match_id] = state
                    changes[context.match_id] = AppliedMatchChange(
                        state=state,
                        change=change,
                        result=received.event.result if isinstance(received.event, MatchSucceeded) else None,
                    )
                    recorded.append((received, state.status))
                    event = public_match_event(context, change, version=state.version)
                    to_publish.append((event, received.traceparent))
                elif asks_for_end(received.event):
                    waiting.append(received)
            if changes:
                await self._repository.matches.save(connection, list(changes.values()))
            # Last, so that a repeated end follows the events of its match.
            to_publish += await self._ends(connection, waiting)
            await self._outbox.publish_traced(connection, to_publish)
        return recorded

    async def _ends(
        self, connection: Connection, waiting: Sequence[ReceivedMatchEvent]
    ) -> list[tuple[Event, str | None]]:
        """Return the public events of stored ends. Subscribers ignore a repeated version."""
        if not waiting:
            return []
        ids = [received.event.match.match_id for received in waiting]
        ends = await self._repository.matches.ends(connection, ids)
        published: list[tuple[Event, str | None]] = []
        for received in waiting:
            context = received.event.match
            end = ends.get(context.match_id)
            if end is not None:
                event = public_match_event(context, end.change, version=end.state.version)
                published.append((event, received.traceparent))
        return published
