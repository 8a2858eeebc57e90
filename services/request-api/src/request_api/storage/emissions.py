"""SQL of analyses whose end is not known, and of the emissions of their events.

All ages are measured by the database's clock.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from chassis.db.database import Connection
from chassis.db.statement import Statement
from sqlalchemy import (
    ColumnElement,
    DateTime,
    Float,
    Integer,
    Interval,
    Text,
    and_,
    bindparam,
    case,
    cast,
    exists,
    func,
    select,
    text,
    update,
)

from request_api.domain.analysis import Analysis
from request_api.domain.watchdog import (
    Backlog,
    DueAnalysis,
    StuckAnalysis,
    UnfinishedAnalysis,
    WatchdogPolicy,
)
from request_api.storage.analyses import analysis_of, select_analyses
from request_api.storage.tables import UNFINISHED, analysis_details, outbox, resumes, review_requests

_DETAILS = analysis_details.c
# Requests of the legacy backend have no details, so they never match.
_IS_UNFINISHED = text(f"analysis_details.{UNFINISHED}")
# 2 ** 10 times half an hour is longer than any deadline.
_MAX_DOUBLINGS = 10


def is_overdue(accepted_at: ColumnElement[datetime]) -> ColumnElement[bool]:
    """Return the condition that the deadline has passed."""
    return accepted_at < func.now() - bindparam("deadline", type_=Interval)


def is_due(
    *,
    accepted_at: ColumnElement[datetime],
    emitted_at: ColumnElement[datetime],
    emissions: ColumnElement[int],
) -> ColumnElement[bool]:
    """Compare the time since the last emission with a gap that doubles after each emission.

    The growing gap keeps repeats from making a long queue much longer.
    """
    doublings = func.least(emissions - 1, _MAX_DOUBLINGS)
    times = case((is_overdue(accepted_at), 1.0), else_=func.power(2.0, doublings))
    seconds = bindparam("reemit_seconds", type_=Float) * times
    # The zeros are years to minutes. SQLAlchemy cannot multiply an interval.
    gap = func.make_interval(0, 0, 0, 0, 0, 0, seconds)
    return and_(
        # Redundant, but the index can use it.
        emitted_at < func.now() - bindparam("reemit_after", type_=Interval),
        emitted_at < func.now() - gap,
    )


def is_unsent(subject: ColumnElement[UUID]) -> ColumnElement[bool]:
    """Return the condition that an event of an analysis or a match is in the outbox, so it was not lost."""
    return exists().where(outbox.c.aggregateid == cast(subject, Text), outbox.c.refused.is_(None))


def policy_parameters(policy: WatchdogPolicy) -> dict[str, object]:
    """Return the parameters of `is_overdue` and `is_due`."""
    return {
        "deadline": policy.deadline,
        "reemit_after": policy.reemit_after,
        "reemit_seconds": policy.reemit_after.total_seconds(),
    }


_IS_DUE: Final = is_due(
    accepted_at=_DETAILS.accepted_at, emitted_at=_DETAILS.emitted_at, emissions=_DETAILS.emissions
)
_DUE: Final = Statement(
    select(
        _DETAILS.review_request_id.label("analysis_id"), is_overdue(_DETAILS.accepted_at).label("is_overdue")
    )
    .where(_IS_UNFINISHED, _IS_DUE, ~is_unsent(_DETAILS.review_request_id))
    .order_by(_DETAILS.emitted_at)
    .limit(bindparam("limit", type_=Integer))
)
_UNFINISHED: Final = (
    select_analyses(review_requests.c.id == bindparam("analysis_id"))
    .where(_IS_UNFINISHED)
    .add_columns(_DETAILS.emissions, cast(func.now(), DateTime(timezone=True)).label("now"))
    .with_for_update(key_share=True, skip_locked=True, of=[resumes, review_requests, analysis_details])
)
_LOCK: Final = Statement(_UNFINISHED)
_LOCK_DUE: Final = Statement(_UNFINISHED.where(_IS_DUE))
_COUNT: Final = Statement(
    update(analysis_details)
    .where(_DETAILS.review_request_id == bindparam("analysis_id"))
    .values(emissions=_DETAILS.emissions + 1, emitted_at=func.now())
)
_STUCK: Final = Statement(
    select(
        review_requests.c.id.label("analysis_id"),
        _DETAILS.status,
        review_requests.c.requested_at,
        _DETAILS.emitted_at,
        _DETAILS.emissions,
    )
    .join(review_requests, review_requests.c.id == _DETAILS.review_request_id)
    .where(_IS_UNFINISHED, _DETAILS.accepted_at < func.now() - bindparam("older_than", type_=Interval))
    .order_by(_DETAILS.accepted_at)
)
_AGE: Final = func.extract("epoch", func.now() - func.min(_DETAILS.accepted_at))
_BACKLOG: Final = Statement(
    select(func.count().label("analyses"), func.coalesce(cast(_AGE, Float), 0.0).label("oldest_seconds"))
    .select_from(analysis_details)
    .where(_IS_UNFINISHED)
)


class Emissions:
    """Analyses that have not ended, and how often their events were emitted."""

    async def due(
        self, connection: Connection, policy: WatchdogPolicy, *, limit: int
    ) -> Sequence[DueAnalysis]:
        """Return the analyses to emit again or to expire, oldest emission first.

        Analyses with an event in the outbox are left out, because that event was not lost.
        """
        rows = await _DUE.all(connection, {**policy_parameters(policy), "limit": limit})
        return [DueAnalysis(**row) for row in rows]

    async def lock(
        self, connection: Connection, analysis_id: UUID, *, policy: WatchdogPolicy | None
    ) -> UnfinishedAnalysis | None:
        """Lock an unfinished analysis and its resume. With a `policy`, lock it only if it is still due.

        Returns None if there is no such analysis, or if another transaction has locked it.
        """
        if policy is None:
            row = await _LOCK.first(connection, {"analysis_id": analysis_id})
        else:
            values = {"analysis_id": analysis_id, **policy_parameters(policy)}
            row = await _LOCK_DUE.first(connection, values)
        if row is None:
            return None
        return UnfinishedAnalysis(analysis=analysis_of(row), emissions=row["emissions"], now=row["now"])

    async def count(self, connection: Connection, analysis: Analysis) -> None:
        """Count one more emission, at the current time."""
        await _COUNT.run(connection, {"analysis_id": analysis.analysis_id})

    async def stuck(self, connection: Connection, *, older_than: timedelta) -> Sequence[StuckAnalysis]:
        """Return unfinished analyses that were accepted longer ago than this, oldest first."""
        return [StuckAnalysis(**row) for row in await _STUCK.all(connection, {"older_than": older_than})]

    async def backlog(self, connection: Connection) -> Backlog:
        """Return the number of unfinished analyses and the age of the oldest one."""
        return Backlog(**await _BACKLOG.one(connection))
