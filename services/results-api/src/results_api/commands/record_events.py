"""Record what happened to analyses: status, result and the news of it, a batch of events at a time."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from chassis.db.database import Connection, Database
from chassis.messaging.outbox import Outbox
from chassis.telemetry.logs import get_logger
from chassis.telemetry.trace import trace_id_of
from contracts.events import AnalysisContext, AnalysisSucceeded, PublicEvent
from contracts.vocabulary import AnalysisStatus

from results_api.domain.analysis import asks_again, failure_of, next_status
from results_api.errors import RequestIsGone
from results_api.events import Heard
from results_api.metrics import AnalysisDurations
from results_api.public_events import happened_at, news_again, news_of
from results_api.storage import Repository
from results_api.storage.records import Move

log = get_logger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """What is to be told; `news` are None where an end is to be told again."""

    heard: Heard
    news: PublicEvent | None


class RecordEvents:
    """Applies events of the private topics; repeated and late events change nothing.

    Who asks again after an end is told once more of it.
    """

    def __init__(
        self,
        *,
        database: Database,
        repository: Repository,
        outbox: Outbox[PublicEvent],
        durations: AnalysisDurations,
    ) -> None:
        self._database = database
        self._repository = repository
        self._outbox = outbox
        self._durations = durations

    async def __call__(self, batch: Sequence[Heard]) -> None:
        """Apply them in their order. Raises DatabaseUnavailable, and RequestIsGone for a batch of several."""
        try:
            moved = await self._record(batch)
        except RequestIsGone:
            if len(batch) > 1:
                raise
            # The resume was deleted while it was analysed; the news of that are on their way.
            return
        for heard, status in moved:
            facts = heard.event.analysis
            self._durations.moved(facts, status)
            log.info(
                "analysis moved",
                analysis_id=str(facts.analysis_id),
                status=status,
                trace_id=trace_id_of(heard.traceparent),
            )

    async def _record(self, batch: Sequence[Heard]) -> list[tuple[Heard, AnalysisStatus]]:
        moved: list[tuple[Heard, AnalysisStatus]] = []
        moves: dict[UUID, Move] = {}
        told: list[_Told] = []
        async with self._database.transaction() as connection:
            positions = await self._repository.records.lock(connection, _facts(batch))
            statuses = {each: position.status for each, position in positions.items()}
            versions = {each: position.version for each, position in positions.items()}
            unheard = {each for each, position in positions.items() if position.is_new}
            for heard in batch:
                event, analysis_id = heard.event, heard.event.analysis.analysis_id
                if analysis_id in unheard:
                    unheard.remove(analysis_id)
                    news = news_of(AnalysisStatus.PENDING, event, version=versions[analysis_id])
                    told.append(_Told(heard=heard, news=news))
                status = next_status(statuses[analysis_id], event)
                if status is not None:
                    statuses[analysis_id] = status
                    versions[analysis_id] += 1
                    moved.append((heard, status))
                    moves[analysis_id] = Move(
                        analysis_id=analysis_id,
                        status=status,
                        version=versions[analysis_id],
                        ended_at=None if status is AnalysisStatus.PROCESSING else happened_at(event),
                        report=event.report if isinstance(event, AnalysisSucceeded) else None,
                        failure=failure_of(event),
                    )
                    news = news_of(status, event, version=versions[analysis_id])
                    told.append(_Told(heard=heard, news=news))
                elif asks_again(event):
                    told.append(_Told(heard=heard, news=None))
            if moves:
                await self._repository.records.move(connection, list(moves.values()))
            await self._tell(connection, told)
        return moved

    async def _tell(self, connection: Connection, told: Iterable[_Told]) -> None:
        events = []
        for each in told:
            news = each.news or await self._end(connection, each.heard.event.analysis)
            if news is not None:
                events.append((news, each.heard.traceparent))
        await self._outbox.publish_traced(connection, events)

    async def _end(self, connection: Connection, facts: AnalysisContext) -> PublicEvent | None:
        """Subscribers order by version, so a repeat harms nobody."""
        end = await self._repository.records.end_of(connection, facts.analysis_id)
        return None if end is None else news_again(facts, end)


def _facts(batch: Sequence[Heard]) -> list[AnalysisContext]:
    """Those of each analysis once; an analyzer of before versions were told leaves them out."""
    facts: dict[UUID, AnalysisContext] = {}
    for heard in batch:
        found = heard.event.analysis
        known = facts.get(found.analysis_id)
        if known is None or (known.resume_version is None and found.resume_version is not None):
            facts[found.analysis_id] = found
    return list(facts.values())
