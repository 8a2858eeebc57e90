"""SQL that reads analyses, for a principal."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
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
    ColumnElement,
    DateTime,
    Integer,
    Text,
    Uuid,
    any_,
    bindparam,
    cast,
    func,
    or_,
    select,
    true,
    tuple_,
)
from sqlalchemy.sql.selectable import LateralFromClause

from results_api.domain.analysis import NO_INDUSTRY, Cursor, Group, Result, View
from results_api.errors import AnalysisNotFound
from results_api.storage.tables import analyses, result_texts, review_results

_VIEW = analyses.c
_VIEW_COLUMNS = [column for column in _VIEW if column.name in View.__slots__]


@dataclass(frozen=True, slots=True, kw_only=True)
class Filters:
    """The filters of a list; None does not narrow it. `NO_INDUSTRY` finds analyses without an industry."""

    statuses: Sequence[AnalysisStatus] | None = None
    industry: str | None = None
    candidate_id: UUID | None = None
    resume_id: UUID | None = None


class Views:
    """Reads the combined view and the results."""

    async def get(
        self, connection: Connection, principal: Principal, analysis_id: UUID
    ) -> tuple[View, Result | None] | None:
        """An analysis, with its result where it is completed; None where it is not known here.

        Raises:
            AnalysisNotFound: it is known here, but not to the principal.
        """
        row = await _GET.first(
            connection,
            {"analysis_id": analysis_id, **visibility(principal)},
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
        self, connection: Connection, principal: Principal, view: View
    ) -> tuple[View, Result] | None:
        """What a completed analysis compares with: the newest of the nearest lower version of the resume."""
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

    async def page(
        self,
        connection: Connection,
        principal: Principal,
        filters: Filters,
        *,
        limit: int,
        offset: int = 0,
        after: Cursor | None = None,
    ) -> tuple[list[View], int]:
        """One page, newest first, and how many there are in all; it starts at `offset`, or behind `after`."""
        given = {name: value for name, value in asdict(filters).items() if value is not None}
        if filters.industry == NO_INDUSTRY:
            given["no_industry"] = given.pop("industry")
        wanted = {**visibility(principal), **given}
        if after is not None:
            wanted |= {"after_at": after.requested_at, "after_id": after.analysis_id}
        count, page = _page(
            frozenset(given), sees_everything=principal.sees_everything, has_cursor=after is not None
        )
        total = await count.value(connection, wanted)
        rows = await page.all(connection, {**wanted, "limit": limit, "offset": offset})
        return [_view(row) for row in rows], total

    async def groups(self, connection: Connection, principal: Principal) -> list[Group]:
        """All that the principal may see, counted by what statistics are made of."""
        groups = _groups(sees_everything=principal.sees_everything)
        return [Group(**row) for row in await groups.all(connection, visibility(principal))]


# What was erased is gone for everybody.
_IS_THERE: Final = _VIEW.status != AnalysisStatus.ERASED


# Junior recruiters see the analyses that they requested.
_IS_OWN: Final = _IS_THERE & (_VIEW.requested_by == USER_ID)
_MAY_SEE: Final = _IS_THERE & visible(_IS_OWN)


_CONDITIONS: Final[dict[str, ColumnElement[bool]]] = {
    "statuses": _VIEW.status == any_(bindparam("statuses", type_=ARRAY(Text))),
    # A legacy client asks for the name that the legacy backend stores, which may not be the one requested.
    "industry": or_(_VIEW.industry == bindparam("industry"), _VIEW.stored_industry == bindparam("industry")),
    "no_industry": or_(_VIEW.industry.is_(None), _VIEW.industry == ""),
    "candidate_id": _VIEW.candidate_id == bindparam("candidate_id"),
    "resume_id": _VIEW.resume_id == bindparam("resume_id"),
}


@cache
def _page(given: frozenset[str], *, sees_everything: bool, has_cursor: bool) -> tuple[Statement, Statement]:
    """One that counts, and one that reads a page; `given` are the filters that narrow it.

    Conditions that do not apply are left out: PostgreSQL could not use an index for those that may not apply.
    """
    wanted = _IS_THERE if sees_everything else _IS_OWN
    for name in sorted(given):
        wanted &= _CONDITIONS[name]
    count = select(func.count()).select_from(analyses).where(wanted)
    if has_cursor:
        place = bindparam("after_at", type_=DateTime(timezone=True)), bindparam("after_id", type_=Uuid)
        wanted &= tuple_(_VIEW.requested_at, _VIEW.analysis_id) < tuple_(*place)
    page = (
        select(*_VIEW_COLUMNS)
        .where(wanted)
        .order_by(_VIEW.requested_at.desc(), _VIEW.analysis_id.desc())
        .limit(bindparam("limit", type_=Integer))
        .offset(bindparam("offset", type_=Integer))
    )
    return Statement(count), Statement(page)


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
        .where(_IS_THERE if sees_everything else _IS_OWN)
        .group_by(*by)
    )


# The columns of a result that are read as they are.
_PLAIN: Final = [name for name in Result.__slots__ if name not in ("detailed_scores", "detailed_json")]


def _newest_result() -> LateralFromClause:
    """Its columns go by other names: the view has a score too. The old backend may have left several."""
    stored = review_results.c
    text = (
        select(result_texts.c.detailed_scores)
        .where(result_texts.c.review_result_id == stored.id)
        .scalar_subquery()
    )
    return (
        select(
            *(column.label(f"result_{column.name}") for column in stored if column.name in ("id", *_PLAIN)),
            # Its text goes into the answer.
            func.coalesce(text, cast(stored.detailed_scores, Text)).label("result_detailed_json"),
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
        _MAY_SEE.label("visible"),
    )
    .outerjoin(_RESULT, _VIEW.status == AnalysisStatus.COMPLETED)
    .where(_VIEW.analysis_id == bindparam("analysis_id"))
)
_GET_EARLIER: Final = Statement(
    select(*_VIEW_COLUMNS, *_RESULT_COLUMNS)
    .join(_RESULT, true())
    .where(
        _VIEW.candidate_id == bindparam("candidate_id"),
        _VIEW.industry == bindparam("industry"),
        _VIEW.resume_version < bindparam("resume_version"),
        _VIEW.status == AnalysisStatus.COMPLETED,
        _MAY_SEE,
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


def _view(row: Row) -> View:
    fields = {name: row[name] for name in View.__slots__}
    return View(**{**fields, "status": AnalysisStatus(row["status"])})
