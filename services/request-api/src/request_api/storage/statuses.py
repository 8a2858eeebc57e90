"""SQL that copies statuses of analyses from public events."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from chassis.db.database import Connection
from chassis.db.statement import Statement, rows_of
from contracts.vocabulary import AnalysisStatus
from sqlalchemy import ARRAY, DateTime, Integer, Text, Uuid, any_, bindparam, select, update
from sqlalchemy.sql.dml import ReturningUpdate
from sqlalchemy.types import TypeEngine

from request_api.domain.analysis import StatusChange
from request_api.storage.tables import analysis_details, review_requests

_COLUMNS: Final[Mapping[str, TypeEngine[Any]]] = {
    "analysis_id": Uuid(),
    "status": Text(),
    "stored_status": Text(),
    "version": Integer(),
    "failure_code": Text(),
    "ended_at": DateTime(timezone=True),
}


def _copy() -> ReturningUpdate[tuple[UUID]]:
    """Update any number of analyses in one round trip.

    The requests are locked first, in the order of their ids, and their details second. A cancellation locks
    in the same order, so the two cannot deadlock.
    """
    requests, details = review_requests.c, analysis_details.c
    changes = rows_of("changes", _COLUMNS)
    held = (
        select(requests.id)
        .where(requests.id == any_(bindparam("analysis_id", type_=ARRAY(Uuid))))
        .order_by(requests.id)
        .with_for_update()
        .cte("held")
    )
    newer = (
        update(analysis_details)
        .where(
            details.review_request_id == held.c.id,
            changes.c.analysis_id == held.c.id,
            details.version < changes.c.version,
        )
        .values(status=changes.c.status, version=changes.c.version, failure_code=changes.c.failure_code)
        .returning(details.review_request_id, changes.c.stored_status, changes.c.ended_at)
        .cte("newer")
    )
    return (
        update(review_requests)
        .where(requests.id == newer.c.review_request_id)
        .values(status=newer.c.stored_status, completed_at=newer.c.ended_at)
        .returning(requests.id)
    )


_COPY: Final = Statement(_copy())


class Statuses:
    """Statuses of analyses, in our details and in the column that the legacy backend reads."""

    async def copy(self, connection: Connection, changes: Sequence[StatusChange]) -> list[UUID]:
        """Store the changes that are newer than the stored statuses, and return the ids of these analyses.

        `changes` holds at most one change per analysis.
        """
        columns = {name: [getattr(change, name) for change in changes] for name in StatusChange.__slots__}
        columns["stored_status"] = [_legacy_status(change.status) for change in changes]
        return [row["id"] for row in await _COPY.all(connection, columns)]


def _legacy_status(status: AnalysisStatus) -> str:
    """Return one of the four values that `review_requests.status` allows."""
    if status in (AnalysisStatus.CANCELLED, AnalysisStatus.ERASED):
        return AnalysisStatus.FAILED
    return status
