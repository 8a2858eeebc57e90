"""SQL that reads analyses, for a principal."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from chassis.statement import Row, Statement
from contracts.vocabulary import AnalysisStatus
from sqlalchemy import Boolean, ColumnElement, RowMapping, bindparam, func, or_, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql.selectable import LateralFromClause

from results_api.domain import Cursor, Group, Principal, Result, View
from results_api.errors import AnalysisNotFound
from results_api.tables import analyses, review_results

_VIEW = analyses.c
_VIEW_COLUMNS = [column for column in _VIEW if column.name in View.__slots__]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """What a list is narrowed to; None does not narrow."""

    statuses: Sequence[AnalysisStatus] | None = None
    industry: str | None = None
    candidate_id: UUID | None = None
    resume_id: UUID | None = None


class Views:
    """Reads the combined view and the results."""

    async def get(
        self, connection: AsyncConnection, principal: Principal, analysis_id: UUID
    ) -> tuple[View, Result | None] | None:
        """An analysis, with its result where it is completed; None where it is not known here.

        Raises:
            AnalysisNotFound: it is known here, but not to the principal.
        """
        row = await _GET.first(
            connection,
            {"analysis_id": analysis_id, "user_id": principal.user_id, "all": principal.sees_everything},
        )
        if row is None:
            return None
        has_result = row["result_id"] is not None
        # Completed is what has a result. Where requests stand in the same database, it goes with its resume,
        # a moment before the news of that arrive.
        is_being_erased = row["status"] == AnalysisStatus.COMPLETED and not has_result
        if is_being_erased or not row["visible"]:
            raise AnalysisNotFound
        return _view(row), _result(row) if has_result else None

    async def get_earlier(
        self, connection: AsyncConnection, principal: Principal, view: View
    ) -> tuple[View, Result] | None:
        """What a completed analysis compares with: the newest of the nearest lower version of the resume."""
        found = await connection.execute(
            select(*_VIEW_COLUMNS, *_RESULT_COLUMNS)
            .join(_RESULT, true())
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
        return None if row is None else (_view(row), _result(row))

    async def page(
        self,
        connection: AsyncConnection,
        principal: Principal,
        filters: Filters,
        *,
        limit: int,
        offset: int = 0,
        after: Cursor | None = None,
    ) -> tuple[list[View], int]:
        """One page, newest first, and how many there are in all; it starts at `offset`, or behind `after`."""
        wanted = _may_see(principal)
        for condition in _conditions(filters):
            wanted &= condition
        total = await connection.scalar(select(func.count()).select_from(analyses).where(wanted))
        if after is not None:
            wanted &= tuple_(_VIEW.requested_at, _VIEW.analysis_id) < (after.requested_at, after.analysis_id)
        rows = await connection.execute(
            select(*_VIEW_COLUMNS)
            .where(wanted)
            .order_by(_VIEW.requested_at.desc(), _VIEW.analysis_id.desc())
            .limit(limit)
            .offset(offset)
        )
        return [_view(row) for row in rows.mappings()], total or 0

    async def groups(self, connection: AsyncConnection, principal: Principal) -> list[Group]:
        """All that the principal may see, counted by what statistics are made of."""
        by = (_VIEW.status, _VIEW.industry, _VIEW.market_tier)
        rows = await connection.execute(
            select(
                *by,
                func.count().label("analyses"),
                func.count(_VIEW.overall_score).label("scored"),
                func.coalesce(func.sum(_VIEW.overall_score), 0).label("total_score"),
            )
            .where(_may_see(principal))
            .group_by(*by)
        )
        return [Group(**row) for row in rows.mappings()]


# What was erased is gone for everybody.
_IS_THERE: Final = _VIEW.status != AnalysisStatus.ERASED


def _may_see(principal: Principal) -> ColumnElement[bool]:
    return _IS_THERE if principal.sees_everything else _IS_THERE & (_VIEW.requested_by == principal.user_id)


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


def _newest_result() -> LateralFromClause:
    """Its columns go by other names: the view has a score too. The old backend may have left several."""
    stored = review_results.c
    return (
        select(
            *(
                column.label(f"result_{column.name}")
                for column in stored
                if column.name == "id" or column.name in Result.__slots__
            )
        )
        .where(stored.review_request_id == _VIEW.analysis_id)
        .order_by(stored.created_at.desc(), stored.id)
        .limit(1)
        .lateral("result")
    )


_RESULT = _newest_result()
_RESULT_COLUMNS = list(_RESULT.c)
# One statement: between two, an analysis may become known, and would seem to be somebody else's.
_GET: Final = Statement(
    select(
        *_VIEW_COLUMNS,
        *_RESULT_COLUMNS,
        # As `_may_see`.
        (_IS_THERE & or_(bindparam("all", type_=Boolean), _VIEW.requested_by == bindparam("user_id"))).label(
            "visible"
        ),
    )
    .outerjoin(_RESULT, _VIEW.status == AnalysisStatus.COMPLETED)
    .where(_VIEW.analysis_id == bindparam("analysis_id"))
)


def _result(row: Row | RowMapping) -> Result:
    values: dict[str, Any] = {name: row[f"result_{name}"] for name in Result.__slots__}
    # JSONB takes anything, and the existing backend writes what its model said.
    if not isinstance(values["detailed_scores"], dict):
        values["detailed_scores"] = None
    return Result(**values)


def _view(row: Row | RowMapping) -> View:
    fields = {name: row[name] for name in View.__slots__}
    return View(**{**fields, "status": AnalysisStatus(row["status"])})
