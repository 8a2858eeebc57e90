"""SQL of what was emitted and has not ended, as far as was heard; only the database's clock decides."""

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    DateTime,
    Float,
    Text,
    and_,
    case,
    cast,
    exists,
    func,
    literal,
    select,
    text,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from request_api.domain import AnalysisRequest, Due, Patience, Pending, Stuck, Waiting
from request_api.repository.requests import analysis_request, select_requests
from request_api.tables import WAITING, analysis_details, outbox, resumes, review_requests

_DETAILS = analysis_details.c
# The existing backend's requests have no details, and are not ours to end.
_IS_WAITING = text(f"analysis_details.{WAITING}")
# Two to this power times half an hour is longer than any deadline.
_MAX_DOUBLINGS = 10


class Emissions:
    """Which analyses wait for their end, and how often their event was emitted."""

    async def due(self, connection: AsyncConnection, patience: Patience, *, limit: int) -> Sequence[Due]:
        """Those to emit again or to end, longest waited for first; what waits in the outbox is not lost."""
        is_unsent = exists().where(
            outbox.c.aggregateid == cast(_DETAILS.review_request_id, Text), outbox.c.refused.is_(None)
        )
        found = await connection.execute(
            select(_DETAILS.review_request_id.label("analysis_id"), _is_overdue(patience).label("is_overdue"))
            .where(_IS_WAITING, _is_due(patience), ~is_unsent)
            .order_by(_DETAILS.emitted_at)
            .limit(limit)
        )
        return [Due(**row) for row in found.mappings()]

    async def hold(
        self, connection: AsyncConnection, analysis_id: UUID, *, patience: Patience | None
    ) -> Waiting | None:
        """Hold an analysis that has not ended, and its resume; with `patience`, only one that is still due.

        None where there is none, or where somebody else holds any of it: nobody is waited for.
        """
        conditions: list[ColumnElement[bool]] = [] if patience is None else [_is_due(patience)]
        found = await connection.execute(
            select_requests(review_requests.c.id == analysis_id, *conditions)
            .where(_IS_WAITING)
            .add_columns(_DETAILS.emissions, cast(func.now(), DateTime(timezone=True)).label("now"))
            .with_for_update(
                key_share=True, skip_locked=True, of=[resumes, review_requests, analysis_details]
            )
        )
        row = found.mappings().one_or_none()
        if row is None:
            return None
        return Waiting(request=analysis_request(row), emissions=row["emissions"], now=row["now"])

    async def count(self, connection: AsyncConnection, request: AnalysisRequest) -> None:
        """It was emitted once more, now."""
        await connection.execute(
            update(analysis_details)
            .where(_DETAILS.review_request_id == request.analysis_id)
            .values(emissions=_DETAILS.emissions + 1, emitted_at=func.now())
        )

    async def stuck(self, connection: AsyncConnection, *, older_than: timedelta) -> Sequence[Stuck]:
        """What was accepted longer ago than this and has not ended, oldest first."""
        found = await connection.execute(
            select(
                review_requests.c.id.label("analysis_id"),
                _DETAILS.status,
                review_requests.c.requested_at,
                _DETAILS.emitted_at,
                _DETAILS.emissions,
            )
            .join(review_requests, review_requests.c.id == _DETAILS.review_request_id)
            .where(_IS_WAITING, _DETAILS.accepted_at < func.now() - older_than)
            .order_by(_DETAILS.accepted_at)
        )
        return [Stuck(**row) for row in found.mappings()]

    async def pending(self, connection: AsyncConnection) -> Pending:
        """How many have not ended."""
        age = func.extract("epoch", func.now() - func.min(_DETAILS.accepted_at))
        found = await connection.execute(
            select(
                func.count().label("analyses"),
                func.coalesce(cast(age, Float), 0.0).label("oldest_seconds"),
            )
            .select_from(analysis_details)
            .where(_IS_WAITING)
        )
        return Pending(**found.mappings().one())


def _is_overdue(patience: Patience) -> ColumnElement[bool]:
    return _DETAILS.accepted_at < func.now() - patience.deadline


def _is_due(patience: Patience) -> ColumnElement[bool]:
    """Each gap is twice the one before, so that a queue that is only long is not made much longer."""
    doublings = func.least(_DETAILS.emissions - 1, _MAX_DOUBLINGS)
    times = case((_is_overdue(patience), 1.0), else_=func.power(2.0, doublings))
    seconds = literal(patience.reemit_after.total_seconds()) * times
    # Years to minutes are none; SQLAlchemy multiplies no interval.
    gap = func.make_interval(0, 0, 0, 0, 0, 0, seconds)
    return and_(
        # What the index can narrow.
        _DETAILS.emitted_at < func.now() - patience.reemit_after,
        _DETAILS.emitted_at < func.now() - gap,
    )
