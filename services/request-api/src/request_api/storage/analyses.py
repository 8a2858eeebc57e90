"""SQL of analyses: rows of `review_requests` with our `analysis_details`."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final
from uuid import UUID

from chassis.db.database import Connection, Row
from chassis.db.statement import Statement
from chassis.db.visibility import visibility
from chassis.principal import Principal
from contracts.vocabulary import Depth, ReportLanguage
from sqlalchemy import ColumnElement, Insert, Integer, Select, bindparam, cast, false, func, insert, select
from sqlalchemy.dialects.postgresql import insert as upsert

from request_api.domain.analysis import Analysis
from request_api.domain.errors import AnalysisNotFound
from request_api.storage.tables import analysis_details, candidates, resumes, review_requests
from request_api.storage.users import user_is_known
from request_api.storage.visibility import MAY_SEE_REQUEST

# Details of a request that the legacy backend stored, which has none of its own.
LEGACY_DETAILS: Final = {
    "analysis_depth": Depth.STANDARD,
    "compare_to_market": False,
    "focus_areas": [],
}


_REQUEST_COLUMNS: Final = (
    *("id", "resume_id", "requested_by_user_id", "target_industry", "review_type"),
    *("status", "requested_at"),
)
_DETAIL_COLUMNS: Final = (
    *("analysis_depth", "compare_to_market", "focus_areas", "industry", "report_language"),
)


def _add() -> Insert:
    """Insert a request and its details in one round trip.

    PostgreSQL checks the reference between the two rows at the end of the statement.
    """
    request = insert(review_requests).values({name: bindparam(f"new_{name}") for name in _REQUEST_COLUMNS})
    details: dict[str, object] = {name: bindparam(f"new_{name}") for name in _DETAIL_COLUMNS}
    return (
        insert(analysis_details)
        .values({"review_request_id": bindparam("new_id"), **details})
        .add_cte(request.cte("request"))
    )


_ADD: Final = Statement(_add())
_COUNT_RECENT: Final = Statement(
    select(
        func.count().label("requested"),
        cast(func.current_setting("max_connections"), Integer).label("max_transactions"),
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


def select_analyses(*conditions: ColumnElement[bool]) -> Select[tuple[object, ...]]:
    """Select the columns that `analysis_of` reads."""
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
            # Requests of the legacy backend have no details, only a status of their own.
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


def analysis_of(row: Row) -> Analysis:
    """Convert a row of `select_analyses`. Additional columns are ignored."""
    fields = {name: row[name] for name in Analysis.__slots__}
    return Analysis(**{**fields, "focus_areas": tuple(row["focus_areas"] or ())})


_GET_QUERY: Final = select_analyses(review_requests.c.id == bindparam("analysis_id"), MAY_SEE_REQUEST)
_GET: Final = Statement(_GET_QUERY)
_GET_LOCKED: Final = Statement(_GET_QUERY.with_for_update(of=review_requests))
_OF_RESUME_QUERY: Final = select_analyses(review_requests.c.resume_id == bindparam("resume_id"))
_OF_RESUME: Final = Statement(_OF_RESUME_QUERY)
_OF_RESUME_LOCKED: Final = Statement(_OF_RESUME_QUERY.with_for_update(of=review_requests))
_MARK_CANCELLED: Final = Statement(
    upsert(analysis_details)
    .values(
        review_request_id=bindparam("analysis_id"),
        cancel_requested_at=bindparam("at"),
        **LEGACY_DETAILS,
    )
    .on_conflict_do_update(
        index_elements=[analysis_details.c.review_request_id], set_={"cancel_requested_at": bindparam("at")}
    )
)


class Analyses:
    """Analyses with the last status that was copied from the public topic."""

    async def add(self, connection: Connection, analysis: Analysis, *, target_industry: str | None) -> None:
        """Store a new analysis. `target_industry` is the industry's name for the legacy backend.

        Raises:
            UserUnknown: the database does not have the user.
            asyncpg.CheckViolationError: a check constraint refuses `target_industry`.
        """
        with user_is_known():
            await _ADD.run(
                connection,
                {
                    "new_id": analysis.analysis_id,
                    "new_resume_id": analysis.resume_id,
                    "new_requested_by_user_id": analysis.requested_by,
                    "new_target_industry": target_industry,
                    "new_industry": analysis.industry,
                    "new_report_language": analysis.report_language,
                    "new_review_type": analysis.review_type,
                    "new_status": analysis.status,
                    "new_requested_at": analysis.requested_at,
                    "new_analysis_depth": analysis.depth,
                    "new_compare_to_market": analysis.compare_to_market,
                    "new_focus_areas": list(analysis.focus_areas),
                },
            )

    async def count_recent(
        self, connection: Connection, principal: Principal, since: datetime, *, at_most: int
    ) -> tuple[int, int]:
        """Count the analyses that the principal requested since a time, up to `at_most`.

        The second number is the database's limit of concurrent transactions. Each of them may be adding one
        analysis that is not counted.
        """
        values = {"user_id": principal.user_id, "since": since, "at_most": at_most}
        counted = await _COUNT_RECENT.one(connection, values)
        return int(counted["requested"]), int(counted["max_transactions"])

    async def get(
        self, connection: Connection, principal: Principal, analysis_id: UUID, *, lock: bool = False
    ) -> Analysis:
        """Return an analysis, locked on demand. Raises AnalysisNotFound."""
        query = _GET_LOCKED if lock else _GET
        row = await query.first(connection, {"analysis_id": analysis_id, **visibility(principal)})
        if row is None:
            raise AnalysisNotFound
        return analysis_of(row)

    async def of_resume(
        self, connection: Connection, resume_id: UUID, *, lock: bool = False
    ) -> Sequence[Analysis]:
        """Return the analyses of a resume by all users."""
        query = _OF_RESUME_LOCKED if lock else _OF_RESUME
        return [analysis_of(row) for row in await query.all(connection, {"resume_id": resume_id})]

    async def mark_cancelled(self, connection: Connection, analysis_id: UUID, *, at: datetime) -> None:
        """Store that a cancellation was requested. The status changes once results-api publishes it."""
        await _MARK_CANCELLED.run(connection, {"analysis_id": analysis_id, "at": at})
