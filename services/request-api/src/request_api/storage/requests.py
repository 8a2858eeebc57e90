"""SQL of analysis requests."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from chassis.db.database import Connection, Row
from chassis.db.statement import Statement, rows_of
from chassis.db.visibility import visibility
from chassis.principal import Principal
from contracts.vocabulary import AnalysisStatus, Depth, ReportLanguage
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    Insert,
    Integer,
    Select,
    Text,
    Uuid,
    any_,
    bindparam,
    cast,
    exists,
    false,
    func,
    insert,
    or_,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.sql.dml import ReturningUpdate
from sqlalchemy.types import TypeEngine

from request_api.domain.analysis import AnalysisRequest
from request_api.errors import AnalysisNotFound
from request_api.storage.tables import analysis_details, candidates, resumes, review_requests
from request_api.storage.users import user_is_known
from request_api.storage.visibility import MAY_SEE_REQUEST

# Of a request of the old backend, which knew none.
_NO_DETAILS: Final = {"analysis_depth": Depth.STANDARD, "compare_to_market": False, "focus_areas": []}


def _add() -> Insert:
    """In one round trip; that the details refer to the request is checked at its end."""
    request = insert(review_requests).values(
        {
            name: bindparam(f"new_{name}")
            for name in (
                *("id", "resume_id", "requested_by_user_id", "target_industry", "review_type"),
                *("status", "requested_at"),
            )
        }
    )
    return (
        insert(analysis_details)
        .values(
            {
                "review_request_id": bindparam("new_id"),
                **{
                    name: bindparam(f"new_{name}")
                    for name in (
                        *("analysis_depth", "compare_to_market", "focus_areas"),
                        *("industry", "report_language"),
                    )
                },
            }
        )
        .add_cte(request.cte("request"))
    )


_ADD: Final = Statement(_add())
_COUNT_SINCE: Final = Statement(
    select(
        func.count().label("asked"), cast(func.current_setting("max_connections"), Integer).label("at_once")
    ).select_from(
        select(review_requests.c.id)
        .where(
            review_requests.c.requested_by_user_id == bindparam("user_id"),
            review_requests.c.requested_at > bindparam("since"),
        )
        .limit(bindparam("at_most", type_=Integer))
        .subquery()
    )
)


_TOLD: Final[Mapping[str, TypeEngine[Any]]] = {
    "analysis_id": Uuid(),
    "status": Text(),
    "stored_status": Text(),
    "version": Integer(),
    "failure_code": Text(),
    "ended_at": DateTime(timezone=True),
}


def _copy_statuses() -> ReturningUpdate[tuple[UUID]]:
    """In one round trip, whatever their number.

    First the requests are locked, in one order, then their details: as by whoever cancels one, or the two
    would wait for each other.
    """
    requests, details = review_requests.c, analysis_details.c
    told = rows_of("told", _TOLD)
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
            told.c.analysis_id == held.c.id,
            details.version < told.c.version,
        )
        .values(status=told.c.status, version=told.c.version, failure_code=told.c.failure_code)
        .returning(details.review_request_id, told.c.stored_status, told.c.ended_at)
        .cte("newer")
    )
    return (
        update(review_requests)
        .where(requests.id == newer.c.review_request_id)
        .values(status=newer.c.stored_status, completed_at=newer.c.ended_at)
        .returning(requests.id)
    )


_COPY_STATUSES: Final = Statement(_copy_statuses())


def select_requests(*conditions: ColumnElement[bool]) -> Select[tuple[object, ...]]:
    """What `analysis_request` reads."""
    return (
        select(
            review_requests.c.id.label("analysis_id"),
            review_requests.c.resume_id,
            resumes.c.version_number.label("resume_version"),
            resumes.c.candidate_id,
            review_requests.c.requested_by_user_id.label("requested_by"),
            (candidates.c.first_name + " " + candidates.c.last_name).label("candidate_name"),
            resumes.c.original_filename.label("file_name"),
            func.coalesce(analysis_details.c.industry, review_requests.c.target_industry).label("industry"),
            func.coalesce(analysis_details.c.analysis_depth, Depth.STANDARD.value).label("depth"),
            review_requests.c.review_type,
            func.coalesce(analysis_details.c.compare_to_market, false()).label("compare_to_market"),
            analysis_details.c.focus_areas,
            func.coalesce(analysis_details.c.report_language, ReportLanguage.RESUME.value).label(
                "report_language"
            ),
            # The old backend's requests have no details: their own status is all there is.
            func.coalesce(analysis_details.c.status, review_requests.c.status).label("status"),
            func.coalesce(analysis_details.c.version, 0).label("version"),
            analysis_details.c.failure_code,
            analysis_details.c.cancel_requested_at,
            review_requests.c.requested_at,
            review_requests.c.completed_at,
        )
        .join(resumes, resumes.c.id == review_requests.c.resume_id)
        .join(candidates, candidates.c.id == resumes.c.candidate_id)
        .outerjoin(analysis_details, analysis_details.c.review_request_id == review_requests.c.id)
        .where(*conditions)
    )


def analysis_request(row: Row) -> AnalysisRequest:
    """A row of `select_requests`, which may hold more."""
    fields = {name: row[name] for name in AnalysisRequest.__slots__}
    return AnalysisRequest(**{**fields, "focus_areas": tuple(row["focus_areas"] or ())})


_GET_QUERY: Final = select_requests(review_requests.c.id == bindparam("analysis_id"), MAY_SEE_REQUEST)
_GET: Final = Statement(_GET_QUERY)
_GET_LOCKED: Final = Statement(_GET_QUERY.with_for_update(of=review_requests))
_OF_RESUME_QUERY: Final = select_requests(review_requests.c.resume_id == bindparam("resume_id"))
_OF_RESUME: Final = Statement(_OF_RESUME_QUERY)
_OF_RESUME_LOCKED: Final = Statement(_OF_RESUME_QUERY.with_for_update(of=review_requests))
_MARK_CANCELLED: Final = Statement(
    upsert(analysis_details)
    .values(review_request_id=bindparam("analysis_id"), cancel_requested_at=bindparam("at"), **_NO_DETAILS)
    .on_conflict_do_update(
        index_elements=[analysis_details.c.review_request_id], set_={"cancel_requested_at": bindparam("at")}
    )
)
_STALE: Final = Statement(
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
_END_STALE: Final = Statement(
    update(review_requests)
    .where(review_requests.c.id == any_(bindparam("stale", type_=ARRAY(Uuid))))
    .values(status=AnalysisStatus.FAILED, completed_at=func.now())
)
_ADD_ABANDONED: Final = Statement(
    insert(analysis_details)
    .inline()
    .values(
        review_request_id=bindparam("review_request_id"),
        status=AnalysisStatus.FAILED,
        failure_code="abandoned",
        **_NO_DETAILS,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The status of an analysis as results-api tells it; `version` counts the changes of it."""

    analysis_id: UUID
    status: AnalysisStatus
    version: int
    failure_code: str | None
    ended_at: datetime | None


class Requests:
    """What was asked for, and where it stands as far as was heard."""

    async def add(
        self, connection: Connection, request: AnalysisRequest, *, target_industry: str | None
    ) -> None:
        """Store a request; `target_industry` is the industry as the legacy backend reads it.

        Raises:
            UserUnknown: the database does not know who asks.
            asyncpg.CheckViolationError: a check constraint refuses `target_industry`.
        """
        with user_is_known():
            await _ADD.run(
                connection,
                {
                    "new_id": request.analysis_id,
                    "new_resume_id": request.resume_id,
                    "new_requested_by_user_id": request.requested_by,
                    "new_target_industry": target_industry,
                    "new_industry": request.industry,
                    "new_report_language": request.report_language,
                    "new_review_type": request.review_type,
                    "new_status": request.status,
                    "new_requested_at": request.requested_at,
                    "new_analysis_depth": request.depth,
                    "new_compare_to_market": request.compare_to_market,
                    "new_focus_areas": list(request.focus_areas),
                },
            )

    async def count_since(
        self, connection: Connection, principal: Principal, since: datetime, *, at_most: int
    ) -> tuple[int, int]:
        """How many the principal has asked for since a time, counted no further than `at_most`; and how many
        transactions the database lets run at once, which may be adding one each."""
        values = {"user_id": principal.user_id, "since": since, "at_most": at_most}
        counted = await _COUNT_SINCE.one(connection, values)
        return int(counted["asked"]), int(counted["at_once"])

    async def get(
        self, connection: Connection, principal: Principal, analysis_id: UUID, *, lock: bool = False
    ) -> AnalysisRequest:
        """Raises AnalysisNotFound."""
        query = _GET_LOCKED if lock else _GET
        row = await query.first(connection, {"analysis_id": analysis_id, **visibility(principal)})
        if row is None:
            raise AnalysisNotFound
        return analysis_request(row)

    async def of_resume(
        self, connection: Connection, resume_id: UUID, *, lock: bool = False
    ) -> Sequence[AnalysisRequest]:
        """Everybody's requests about a resume."""
        query = _OF_RESUME_LOCKED if lock else _OF_RESUME
        return [analysis_request(row) for row in await query.all(connection, {"resume_id": resume_id})]

    async def mark_cancelled(self, connection: Connection, analysis_id: UUID, *, at: datetime) -> None:
        """Remember that the request is to end; that it has ended is results-api's to say."""
        await _MARK_CANCELLED.run(connection, {"analysis_id": analysis_id, "at": at})

    async def end_stale(self, connection: Connection, *, before: datetime, apply: bool) -> Sequence[UUID]:
        """The existing backend's requests of before a time that never ended; `apply` ends them."""
        stale = [row["id"] for row in await _STALE.all(connection, {"before": before})]
        if apply and stale:
            await _END_STALE.run(connection, {"stale": stale})
            await _ADD_ABANDONED.each(connection, [{"review_request_id": each} for each in stale])
        return stale

    async def copy_statuses(self, connection: Connection, told: Sequence[Told]) -> list[UUID]:
        """Take statuses over where they are newer than what stands; returns the analyses of which that is so.

        `told` holds no analysis twice.
        """
        columns = {name: [getattr(each, name) for each in told] for name in Told.__slots__}
        columns["stored_status"] = [_storable(each.status) for each in told]
        return [row["id"] for row in await _COPY_STATUSES.all(connection, columns)]


def _storable(status: AnalysisStatus) -> str:
    """`review_requests.status` allows four words; what ended without a result is failed there."""
    if status in (AnalysisStatus.CANCELLED, AnalysisStatus.ERASED):
        return AnalysisStatus.FAILED
    return status
