"""All SQL of results-api. A read takes the principal it is for; what may not be seen is not found."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

from contracts.events import Facts, Failure
from contracts.report import Report
from contracts.vocabulary import AnalysisStatus
from sqlalchemy import ColumnElement, RowMapping, delete, func, insert, literal_column, select, true, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from results_api.domain import Principal, Result, View
from results_api.errors import AnalysisNotFound
from results_api.feedback_items import FeedbackItem
from results_api.tables import analysis_views, review_feedback_items, review_results

_VIEW = analysis_views.c
_RESULT = review_results.c
_VIEW_COLUMNS = [column for column in _VIEW if column.name in View.__slots__]


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where an analysis stands, read under its lock; `is_new` where this very read made it known."""

    status: AnalysisStatus
    version: int
    is_new: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list is narrowed to; None does not narrow."""

    statuses: Sequence[AnalysisStatus] | None = None
    industry: str | None = None
    candidate_id: UUID | None = None
    resume_id: UUID | None = None


def _may_see(principal: Principal) -> ColumnElement[bool]:
    """What was erased is gone for everybody."""
    exists = _VIEW.status != AnalysisStatus.ERASED
    return exists if principal.sees_everything else exists & (_VIEW.requested_by == principal.user_id)


class Repository:
    """Statements on the caller's transaction; nothing here commits."""

    async def lock(self, connection: AsyncConnection, facts: Facts) -> Position:
        """Make the analysis known if it is not, and hold it until the transaction ends."""
        new = upsert(analysis_views).values(
            analysis_id=facts.analysis_id,
            resume_id=facts.resume_id,
            resume_version=facts.resume_version,
            candidate_id=facts.candidate_id,
            requested_by=facts.requested_by,
            candidate_name=facts.candidate_name,
            file_name=facts.file_name,
            industry=facts.industry,
            status=AnalysisStatus.PENDING,
            version=1,
            requested_at=facts.requested_at,
        )
        # Locks and returns what stands. An analyzer of before versions were told leaves theirs out.
        resume_version = func.coalesce(_VIEW.resume_version, new.excluded.resume_version)
        found = await connection.execute(
            new.on_conflict_do_update(
                index_elements=[_VIEW.analysis_id], set_={"resume_version": resume_version}
            )
            # PostgreSQL's own mark of a row that this statement inserted.
            .returning(_VIEW.status, _VIEW.version, literal_column("xmax = 0").label("is_new"))
        )
        row = found.one()
        return Position(status=AnalysisStatus(row.status), version=row.version, is_new=row.is_new)

    async def move(
        self,
        connection: AsyncConnection,
        analysis_id: UUID,
        *,
        status: AnalysisStatus,
        version: int,
        ended_at: datetime | None,
        report: Report | None,
        failure: Failure | None,
    ) -> None:
        """Store a new status with what belongs to it."""
        await connection.execute(
            update(analysis_views)
            .where(_VIEW.analysis_id == analysis_id)
            .values(
                status=status,
                version=version,
                ended_at=ended_at,
                overall_score=report.overall_score if report else None,
                market_tier=report.detailed_scores.market_tier if report else None,
                failure_code=failure.code if failure else None,
                failure_detail=failure.detail if failure else None,
            )
        )

    async def add_result(
        self,
        connection: AsyncConnection,
        analysis_id: UUID,
        report: Report,
        items: Sequence[FeedbackItem],
        *,
        created_at: datetime,
    ) -> None:
        """Store the result with its feedback items; the unique index refuses a second one."""
        result_id, raw = uuid4(), report.raw_ai_response
        await connection.execute(
            insert(review_results).values(
                id=result_id,
                review_request_id=analysis_id,
                overall_score=report.overall_score,
                ats_score=report.ats_score,
                content_score=report.content_score,
                formatting_score=report.formatting_score,
                executive_summary=report.executive_summary,
                detailed_scores=report.detailed_scores.model_dump(mode="json"),
                raw_ai_response=raw.model_dump(mode="json") if raw else None,
                ai_model_used=report.ai_model_used,
                processing_time_ms=report.processing_time_ms,
                created_at=created_at,
            )
        )
        if items:
            # Rows beside the statement, in one round trip. One long VALUES would be compiled anew for every
            # number of rows, which takes three times as long.
            rows = [{"review_result_id": result_id, **asdict(item)} for item in items]
            await connection.execute(insert(review_feedback_items), rows)

    async def erase(self, connection: AsyncConnection, analysis_id: UUID) -> None:
        """Delete every word about a person; the bare row keeps the analysis from reviving."""
        # Its feedback items go with the result.
        await connection.execute(delete(review_results).where(_RESULT.review_request_id == analysis_id))
        await connection.execute(
            update(analysis_views)
            .where(_VIEW.analysis_id == analysis_id)
            .values(candidate_name="", file_name="")
        )

    async def get(
        self, connection: AsyncConnection, principal: Principal, analysis_id: UUID
    ) -> tuple[View, Result | None] | None:
        """An analysis, with its result where it is completed; None where it is not known here.

        Raises:
            AnalysisNotFound: it is known here, but not to the principal.
        """
        # One statement: between two, an analysis may become known, and would seem to be somebody else's.
        found = await connection.execute(
            select(*_VIEW_COLUMNS, *_prefixed_result_columns(), _may_see(principal).label("visible"))
            .outerjoin(
                review_results,
                (_RESULT.review_request_id == _VIEW.analysis_id) & (_VIEW.status == AnalysisStatus.COMPLETED),
            )
            .where(_VIEW.analysis_id == analysis_id)
        )
        row = found.mappings().one_or_none()
        if row is None:
            return None
        if not row["visible"]:
            raise AnalysisNotFound
        has_result = row["result_id"] is not None
        return _view(row), Result(**_unprefixed(row)) if has_result else None

    async def get_earlier(
        self, connection: AsyncConnection, principal: Principal, view: View
    ) -> tuple[View, Result] | None:
        """What a completed analysis compares with: the newest of the nearest lower version of the resume."""
        found = await connection.execute(
            select(*_VIEW_COLUMNS, *_prefixed_result_columns())
            .join(review_results, _RESULT.review_request_id == _VIEW.analysis_id)
            .where(
                _VIEW.candidate_id == view.candidate_id,
                _VIEW.industry == view.industry,
                _VIEW.resume_version < view.resume_version,
                _VIEW.status == AnalysisStatus.COMPLETED,
                _may_see(principal),
            )
            .order_by(_VIEW.resume_version.desc(), _VIEW.requested_at.desc(), _VIEW.analysis_id)
            .limit(1)
        )
        row = found.mappings().one_or_none()
        return None if row is None else (_view(row), Result(**_unprefixed(row)))

    async def list_views(
        self,
        connection: AsyncConnection,
        principal: Principal,
        filters: Filters,
        *,
        limit: int,
        offset: int,
    ) -> tuple[list[View], int]:
        """One page, newest first, and how many there are in all."""
        wanted = _may_see(principal)
        for condition in _conditions(filters):
            wanted &= condition
        total = await connection.scalar(select(func.count()).select_from(analysis_views).where(wanted))
        rows = await connection.execute(
            select(*_VIEW_COLUMNS)
            .where(wanted)
            .order_by(_VIEW.requested_at.desc(), _VIEW.analysis_id)
            .limit(limit)
            .offset(offset)
        )
        return [_view(row) for row in rows.mappings()], total or 0


def _conditions(filters: Filters) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = [true()]
    if filters.statuses is not None:
        conditions.append(_VIEW.status.in_(filters.statuses))
    if filters.industry is not None:
        conditions.append(_VIEW.industry == filters.industry)
    if filters.candidate_id is not None:
        conditions.append(_VIEW.candidate_id == filters.candidate_id)
    if filters.resume_id is not None:
        conditions.append(_VIEW.resume_id == filters.resume_id)
    return conditions


def _prefixed_result_columns() -> list[ColumnElement[Any]]:
    """The view has an overall score of its own: the result's columns go by other names."""
    return [
        column.label(f"result_{column.name}")
        for column in _RESULT
        if column.name == "id" or column.name in Result.__slots__
    ]


def _unprefixed(row: RowMapping) -> dict[str, Any]:
    return {name: row[f"result_{name}"] for name in Result.__slots__}


def _view(row: RowMapping) -> View:
    fields = {name: row[name] for name in View.__slots__}
    return View(**{**fields, "status": AnalysisStatus(row["status"])})
