"""SQL that ends requests which the legacy backend left unfinished."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from chassis.db.database import Connection
from chassis.db.statement import Statement
from contracts.vocabulary import AnalysisStatus
from sqlalchemy import ARRAY, Uuid, any_, bindparam, exists, func, insert, or_, select, update

from request_api.storage.analyses import LEGACY_DETAILS
from request_api.storage.tables import analysis_details, review_requests

_UNFINISHED: Final = Statement(
    select(review_requests.c.id)
    .where(
        or_(
            review_requests.c.status == AnalysisStatus.PENDING,
            review_requests.c.status == AnalysisStatus.PROCESSING,
        ),
        review_requests.c.requested_at < bindparam("before"),
        ~exists().where(analysis_details.c.review_request_id == review_requests.c.id),
    )
    .order_by(review_requests.c.requested_at)
    .with_for_update(skip_locked=True)
)
_END: Final = Statement(
    update(review_requests)
    .where(review_requests.c.id == any_(bindparam("unfinished", type_=ARRAY(Uuid))))
    .values(status=AnalysisStatus.FAILED, completed_at=func.now())
)
_ADD_ABANDONED: Final = Statement(
    insert(analysis_details)
    .inline()
    .values(
        review_request_id=bindparam("review_request_id"),
        status=AnalysisStatus.FAILED,
        failure_code="abandoned",
        **LEGACY_DETAILS,
    )
)


class LegacyRequests:
    """Requests of the legacy backend, which have no row in `analysis_details`."""

    async def lock_unfinished(self, connection: Connection, *, before: datetime) -> Sequence[UUID]:
        """Lock the requests from before a time that have not ended, and return their ids, oldest first."""
        return [row["id"] for row in await _UNFINISHED.all(connection, {"before": before})]

    async def end(self, connection: Connection, unfinished: Sequence[UUID]) -> None:
        """End requests as failed, with the failure code `abandoned`."""
        if unfinished:
            await _END.run(connection, {"unfinished": unfinished})
            await _ADD_ABANDONED.each(connection, [{"review_request_id": each} for each in unfinished])
