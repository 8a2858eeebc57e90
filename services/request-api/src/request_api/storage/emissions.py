"""SQL of what was emitted and has not ended, as far as was heard; only the database's clock decides."""

from collections.abc import Sequence
from datetime import timedelta
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

from request_api.domain.analysis import AnalysisRequest, Due, Patience, Pending, Stuck, Waiting
from request_api.storage.requests import analysis_request, select_requests
from request_api.storage.tables import WAITING, analysis_details, outbox, resumes, review_requests

_DETAILS = analysis_details.c
# The existing backend's requests have no details, and are not ours to end.
_IS_WAITING = text(f"analysis_details.{WAITING}")
# Two to this power times half an hour is longer than any deadline.
_MAX_DOUBLINGS = 10


_OVERDUE: Final = _DETAILS.accepted_at < func.now() - bindparam("deadline", type_=Interval)


def _is_due() -> ColumnElement[bool]:
    """Each gap is twice the one before, so that a queue that is only long is not made much longer."""
    doublings = func.least(_DETAILS.emissions - 1, _MAX_DOUBLINGS)
    times = case((_OVERDUE, 1.0), else_=func.power(2.0, doublings))
    seconds = bindparam("reemit_seconds", type_=Float) * times
    # Years to minutes are none; SQLAlchemy multiplies no interval.
    gap = func.make_interval(0, 0, 0, 0, 0, 0, seconds)
    return and_(
        # What the index can narrow.
        _DETAILS.emitted_at < func.now() - bindparam("reemit_after", type_=Interval),
        _DETAILS.emitted_at < func.now() - gap,
    )


def _times(patience: Patience) -> dict[str, object]:
    """The parameters of `_OVERDUE` and `_is_due`."""
    return {
        "deadline": patience.deadline,
        "reemit_after": patience.reemit_after,
        "reemit_seconds": patience.reemit_after.total_seconds(),
    }


_IS_UNSENT: Final = exists().where(
    outbox.c.aggregateid == cast(_DETAILS.review_request_id, Text), outbox.c.refused.is_(None)
)
_DUE: Final = Statement(
    select(_DETAILS.review_request_id.label("analysis_id"), _OVERDUE.label("is_overdue"))
    .where(_IS_WAITING, _is_due(), ~_IS_UNSENT)
    .order_by(_DETAILS.emitted_at)
    .limit(bindparam("limit", type_=Integer))
)
_WAITING_QUERY: Final = (
    select_requests(review_requests.c.id == bindparam("analysis_id"))
    .where(_IS_WAITING)
    .add_columns(_DETAILS.emissions, cast(func.now(), DateTime(timezone=True)).label("now"))
    .with_for_update(key_share=True, skip_locked=True, of=[resumes, review_requests, analysis_details])
)
_HOLD: Final = Statement(_WAITING_QUERY)
_HOLD_DUE: Final = Statement(_WAITING_QUERY.where(_is_due()))
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
    .where(_IS_WAITING, _DETAILS.accepted_at < func.now() - bindparam("older_than", type_=Interval))
    .order_by(_DETAILS.accepted_at)
)
_AGE: Final = func.extract("epoch", func.now() - func.min(_DETAILS.accepted_at))
_PENDING: Final = Statement(
    select(func.count().label("analyses"), func.coalesce(cast(_AGE, Float), 0.0).label("oldest_seconds"))
    .select_from(analysis_details)
    .where(_IS_WAITING)
)


class Emissions:
    """Which analyses wait for their end, and how often their event was emitted."""

    async def due(self, connection: Connection, patience: Patience, *, limit: int) -> Sequence[Due]:
        """Those to emit again or to end, longest waited for first; what waits in the outbox is not lost."""
        rows = await _DUE.all(connection, {**_times(patience), "limit": limit})
        return [Due(**row) for row in rows]

    async def hold(
        self, connection: Connection, analysis_id: UUID, *, patience: Patience | None
    ) -> Waiting | None:
        """Hold an analysis that has not ended, and its resume; with `patience`, only one that is still due.

        None where there is none, or where somebody else holds any of it: nobody is waited for.
        """
        if patience is None:
            row = await _HOLD.first(connection, {"analysis_id": analysis_id})
        else:
            row = await _HOLD_DUE.first(connection, {"analysis_id": analysis_id, **_times(patience)})
        if row is None:
            return None
        return Waiting(request=analysis_request(row), emissions=row["emissions"], now=row["now"])

    async def count(self, connection: Connection, request: AnalysisRequest) -> None:
        """It was emitted once more, now."""
        await _COUNT.run(connection, {"analysis_id": request.analysis_id})

    async def stuck(self, connection: Connection, *, older_than: timedelta) -> Sequence[Stuck]:
        """What was accepted longer ago than this and has not ended, oldest first."""
        return [Stuck(**row) for row in await _STUCK.all(connection, {"older_than": older_than})]

    async def pending(self, connection: Connection) -> Pending:
        """How many have not ended."""
        return Pending(**await _PENDING.one(connection))
