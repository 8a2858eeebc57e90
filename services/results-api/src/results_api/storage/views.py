"""SQL that reads the combined view and results for a principal."""

from collections.abc import Sequence
from functools import cache
from typing import Final
from uuid import UUID

from chassis.db.database import Connection, Row, read_json
from chassis.db.statement import Statement
from chassis.db.visibility import USER_ID, visibility, visible
from chassis.principal import Principal
from contracts.vocabulary import AnalysisStatus
from sqlalchemy import (
    ARRAY,
    Text,
    Uuid,
    any_,
    bindparam,
    cast,
    func,
    select,
    true,
)
from sqlalchemy.sql.selectable import LateralFromClause

from results_api.domain.analysis_view import AnalysisView, Result
from results_api.domain.errors import AnalysisNotFound
from results_api.domain.statistics import AnalysisGroup
from results_api.storage.tables import analyses, result_texts, review_results

_VIEW = analyses.c
_VIEW_COLUMNS = [column for column in _VIEW if column.name in AnalysisView.__slots__]


class AnalysisViews:
    """Queries on the combined view and the results. Erased analyses are never visible."""

    async def get(
        self, connection: Connection, principal: Principal, analysis_id: UUID
    ) -> tuple[AnalysisView, Result | None] | None:
        """Return an analysis with its result, if it is completed, or None if the view does not have it yet.

        Raises:
            AnalysisNotFound: if the view has it, but the principal may not see it.
        """
        row = await _GET.first(connection, {"analysis_id": analysis_id, **visibility(principal)})
        if row is None:
            return None
        has_result = row["result_id"] is not None
        # If requests are in the same database, a result is deleted with its resume, shortly before the event
        # that erases the analysis arrives.
        is_being_erased = row["status"] == AnalysisStatus.COMPLETED and not has_result
        if is_being_erased or not row["visible"]:
            raise AnalysisNotFound
        return _view(row), _result(row) if has_result else None

    async def get_earlier(
        self, connection: Connection, principal: Principal, view: AnalysisView
    ) -> tuple[AnalysisView, Result] | None:
        """Return the newest completed analysis of the nearest earlier version of the resume, or None."""
        row = await _GET_EARLIER.first(
            connection,
            {
                "candidate_id": view.candidate_id,
                "industry": view.industry,
                "resume_version": view.resume_version,
                **visibility(principal),
            },
        )
        return None if row is None else (_view(row), _result(row))

    async def get_all(
        self, connection: Connection, principal: Principal, analysis_ids: Sequence[UUID]
    ) -> list[AnalysisView]:
        """Return the analyses that exist and that the principal may see, in the order of the ids."""
        if not analysis_ids:
            return []
        rows = await _GET_ALL.all(connection, {"analysis_ids": analysis_ids, **visibility(principal)})
        found = {row["analysis_id"]: _view(row) for row in rows}
        return [found[each] for each in analysis_ids if each in found]

    async def groups(self, connection: Connection, principal: Principal) -> list[AnalysisGroup]:
        """Return the numbers of visible analyses by status, industry and tier."""
        groups = _groups(sees_everything=principal.sees_everything)
        return [AnalysisGroup(**row) for row in await groups.all(connection, visibility(principal))]


_EXISTS: Final = _VIEW.status != AnalysisStatus.ERASED
# Junior recruiters see the analyses that they requested.
_IS_OWN: Final = _EXISTS & (_VIEW.requested_by == USER_ID)
_IS_VISIBLE: Final = _EXISTS & visible(_IS_OWN)


@cache
def _groups(*, sees_everything: bool) -> Statement:
    by = (_VIEW.status, _VIEW.industry, _VIEW.market_tier)
    return Statement(
        select(
            *by,
            func.count().label("analyses"),
            func.count(_VIEW.overall_score).label("scored"),
            func.coalesce(func.sum(_VIEW.overall_score), 0).label("total_score"),
        )
        .where(_EXISTS if sees_everything else _IS_OWN)
        .group_by(*by)
    )


# Columns of a result that are read unchanged.
_PLAIN: Final = [name for name in Result.__slots__ if name not in ("detailed_scores", "detailed_json")]


def _newest_result() -> LateralFromClause:
    """Select the newest result of an analysis, because the legacy backend may have stored several.

    Its columns are renamed, because the view has a score, too.
    """
    stored = review_results.c
    text = (
        select(result_texts.c.detailed_scores)
        .where(result_texts.c.review_result_id == stored.id)
        .scalar_subquery()
    )
    return (
        select(
            *(column.label(f"result_{column.name}") for column in stored if column.name in ("id", *_PLAIN)),
            # The response contains this text.
            func.coalesce(text, cast(stored.detailed_scores, Text)).label("result_detailed_json"),
        )
        .where(stored.review_request_id == _VIEW.analysis_id)
        .order_by(stored.created_at.desc(), stored.id)
        .limit(1)
        .lateral("result")
    )


_RESULT = _newest_result()
_RESULT_COLUMNS = list(_RESULT.c)
# One statement reads both existence and visibility. Between two, an analysis could arrive and then seem to
# belong to another user.
_GET: Final = Statement(
    select(*_VIEW_COLUMNS, *_RESULT_COLUMNS, _IS_VISIBLE.label("visible"))
    .outerjoin(_RESULT, _VIEW.status == AnalysisStatus.COMPLETED)
    .where(_VIEW.analysis_id == bindparam("analysis_id"))
)
_GET_ALL: Final = Statement(
    select(*_VIEW_COLUMNS).where(
        _VIEW.analysis_id == any_(bindparam("analysis_ids", type_=ARRAY(Uuid))), _IS_VISIBLE
    )
)
_GET_EARLIER: Final = Statement(
    select(*_VIEW_COLUMNS, *_RESULT_COLUMNS)
    .join(_RESULT, true())
    .where(
        _VIEW.candidate_id == bindparam("candidate_id"),
        _VIEW.industry == bindparam("industry"),
        _VIEW.resume_version < bindparam("resume_version"),
        _VIEW.status == AnalysisStatus.COMPLETED,
        _IS_VISIBLE,
    )
    .order_by(_VIEW.resume_version.desc(), _VIEW.requested_at.desc(), _VIEW.analysis_id)
    .limit(1)
)


def _result(row: Row) -> Result:
    text = row["result_detailed_json"]
    return Result(
        **{name: row[f"result_{name}"] for name in _PLAIN},
        detailed_scores=None if text is None else read_json(text),
        detailed_json=text,
    )


def _view(row: Row) -> AnalysisView:
    fields = {name: row[name] for name in AnalysisView.__slots__}
    return AnalysisView(**{**fields, "status": AnalysisStatus(row["status"])})
