"""SQL of lists: the positions of the analyses that match filters, and their number.

A list is the union of disjoint parts, each with conditions that an index can serve: no part has a condition
that is an alternative between columns of different tables.
"""

from collections.abc import Mapping
from dataclasses import asdict
from enum import Enum
from functools import cache
from itertools import product
from typing import Any, Final

from chassis.db.database import Connection
from chassis.db.statement import Statement
from chassis.db.visibility import USER_ID, visibility
from chassis.principal import Principal
from contracts.vocabulary import AnalysisStatus
from sqlalchemy import (
    ARRAY,
    ColumnElement,
    DateTime,
    FromClause,
    Integer,
    Select,
    Text,
    Uuid,
    and_,
    any_,
    bindparam,
    cast,
    exists,
    func,
    not_,
    null,
    or_,
    select,
    true,
    tuple_,
    union_all,
)
from sqlalchemy.types import TypeEngine

from results_api.domain.analysis_view import NO_INDUSTRY
from results_api.domain.listing import Filters, Order, Position, Sort
from results_api.storage.tables import listed_analyses, listed_scores

_SCORE = listed_scores.c


class After(Enum):
    """The kind of position that a page starts behind."""

    NOTHING = "the page is the first one, or has an offset"
    KEY = "a value"
    NO_KEY = "no value: the position is among the analyses without a score"


class AnalysisLists:
    """Queries on lists. Erased analyses are in none."""

    async def count(self, connection: Connection, principal: Principal, filters: Filters) -> int:
        """Return the number of analyses that match."""
        values = _values(filters)
        count = count_statement(frozenset(values), sees_everything=principal.sees_everything)
        return int(await count.value(connection, {**visibility(principal), **values}))

    async def positions(
        self,
        connection: Connection,
        principal: Principal,
        filters: Filters,
        order: Order,
        *,
        limit: int,
        offset: int = 0,
        after: Position | None = None,
    ) -> list[Position]:
        """Return the positions of analyses that match, from `offset` on and behind `after`."""
        values = _values(filters)
        kind = After.NOTHING if after is None else After.NO_KEY if after.key is None else After.KEY
        statement = positions_statement(
            frozenset(values),
            order.sort,
            kind,
            descending=order.descending,
            sees_everything=principal.sees_everything,
        )
        if after is not None:
            values |= {"after_key": after.key, "after_id": after.analysis_id}
        rows = await statement.all(
            connection, {**visibility(principal), **values, "limit": limit, "offset": offset}
        )
        return [Position(key=row["key"], analysis_id=row["analysis_id"]) for row in rows]


def _values(filters: Filters) -> dict[str, object]:
    """Return the parameters of the filters that apply, each under the name of its condition."""
    values = {name: value for name, value in asdict(filters).items() if value is not None}
    if filters.industry == NO_INDUSTRY:
        values["no_industry"] = values.pop("industry")
    if filters.statuses == (AnalysisStatus.COMPLETED,):
        values["completed"] = values.pop("statuses")
    if filters.text is not None:
        escaped = filters.text.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
        values["text"] = f"%{escaped}%"
    return values


# The number of rows up to the end of the page.
_LAST: Final = bindparam("limit", type_=Integer) + bindparam("offset", type_=Integer)
_KEY_TYPES: Final[Mapping[Sort, TypeEngine[Any]]] = {
    Sort.REQUESTED_AT: DateTime(timezone=True),
    Sort.SCORE: Integer(),
    Sort.CANDIDATE_NAME: Text(),
}
# Filters whose conditions are on `listed_scores`.
_OF_SCORES: Final = frozenset({"min_score", "max_score", "market_tier"})
FILTERS: Final = frozenset({*Filters.__slots__, "completed", "no_industry"})

Conditions = Mapping[str, ColumnElement[bool]]


class _List:
    """A list as a union of disjoint parts.

    Statements contain only conditions that apply, because PostgreSQL cannot use an index for optional ones.
    """

    def __init__(self, conditions: frozenset[str], *, sees_everything: bool) -> None:
        listed: FromClause = listed_analyses
        if not sees_everything:
            # Junior recruiters see the analyses that they requested. With OFFSET, these are found first.
            # PostgreSQL could otherwise search an index of all analyses for the few of this user.
            own = select(listed_analyses).where(listed_analyses.c.requested_by == USER_ID).offset(0)
            listed = own.subquery("own")
        self.listed = listed
        self.id = listed.c.analysis_id
        common = [each for name, each in self._conditions().items() if name in conditions]
        alternatives = [each for name, each in self._alternatives().items() if name in conditions]
        self.joins_scores = not conditions.isdisjoint(_OF_SCORES)
        self.parts = [and_(true(), *common, *chosen) for chosen in product(*alternatives)]

    def select(
        self, where: ColumnElement[bool], *columns: ColumnElement[Any], joins_scores: bool
    ) -> Select[Any]:
        """Select columns of a part."""
        rows = select(*columns).select_from(self.listed).where(where)
        return rows.join(listed_scores, _SCORE.analysis_id == self.id) if joins_scores else rows

    def key(self, sort: Sort) -> ColumnElement[Any]:
        """Return the value that the list is sorted by."""
        keys: dict[Sort, ColumnElement[Any]] = {
            Sort.REQUESTED_AT: self.listed.c.requested_at,
            Sort.SCORE: _SCORE.overall_score,
            Sort.CANDIDATE_NAME: self.listed.c.candidate_name_lower,
        }
        return keys[sort]

    def _conditions(self) -> Conditions:
        listed = self.listed.c
        return {
            "statuses": listed.status == any_(bindparam("statuses", type_=ARRAY(Text))),
            "completed": listed.is_completed,
            "no_industry": and_(
                listed.requested_industry.is_(None),
                or_(listed.stored_industry.is_(None), listed.stored_industry == ""),
            ),
            "candidate_id": listed.candidate_id == bindparam("candidate_id"),
            "resume_id": listed.resume_id == bindparam("resume_id"),
            "requested_from": listed.requested_at >= bindparam("requested_from"),
            "requested_to": listed.requested_at <= bindparam("requested_to"),
            "min_score": _SCORE.overall_score >= bindparam("min_score"),
            "max_score": _SCORE.overall_score <= bindparam("max_score"),
            "market_tier": _SCORE.market_tier == bindparam("market_tier"),
        }

    def _alternatives(self) -> Mapping[str, tuple[ColumnElement[bool], ColumnElement[bool]]]:
        """Return the filters that are the union of two conditions, which exclude each other."""
        listed = self.listed.c
        industry = bindparam("industry", type_=Text)
        text = func.lower(bindparam("text", type_=Text), type_=Text)
        return {
            # Legacy clients filter by the stored industry, which may differ from the requested one.
            "industry": (
                listed.stored_industry == industry,
                and_(
                    listed.requested_industry == industry, listed.stored_industry.is_distinct_from(industry)
                ),
            ),
            "text": (
                listed.candidate_name_lower.like(text),
                and_(listed.file_name_lower.like(text), not_(listed.candidate_name_lower.like(text))),
            ),
        }


@cache
def count_statement(conditions: frozenset[str], *, sees_everything: bool) -> Statement:
    """Return the statement that counts a list."""
    all_ = _List(conditions, sees_everything=sees_everything)
    count = func.count().label("analyses")
    counts = union_all(
        *(all_.select(part, count, joins_scores=all_.joins_scores) for part in all_.parts)
    ).subquery()
    return Statement(select(func.sum(counts.c.analyses)))


@cache
def positions_statement(
    conditions: frozenset[str], sort: Sort, after: After, *, descending: bool, sees_everything: bool
) -> Statement:
    """Return the statement that reads positions of a list."""
    all_ = _List(conditions, sees_everything=sees_everything)
    limited: list[Select[Any]] = []
    if sort is not Sort.SCORE or after is not After.NO_KEY:
        limited += [_with_key(all_, part, sort, after, descending=descending) for part in all_.parts]
    if sort is Sort.SCORE:
        enough: ColumnElement[bool] = true()
        if limited:
            # Analyses without a score are searched only if those with one do not fill the page.
            scored = union_all(*limited).cte("scored")
            limited = [select(scored)]
            enough = select(func.count()).select_from(scored).scalar_subquery() < _LAST
        limited += [
            _without_score(all_, and_(part, enough), after, descending=descending) for part in all_.parts
        ]
    rows = union_all(*limited).subquery()
    return Statement(
        select(rows.c.analysis_id, rows.c.key)
        .order_by(rows.c.key.is_(None), *_order(rows.c.key, rows.c.analysis_id, descending=descending))
        .limit(bindparam("limit", type_=Integer))
        .offset(bindparam("offset", type_=Integer))
    )


def _with_key(
    all_: _List, part: ColumnElement[bool], sort: Sort, after: After, *, descending: bool
) -> Select[Any]:
    key = all_.key(sort)
    # It is never null for other sorts. PostgreSQL then knows that it can start with the key's table.
    where: ColumnElement[bool] = and_(part, key.is_not(None))
    if after is After.KEY:
        after_key = bindparam("after_key", type_=_KEY_TYPES[sort])
        here, there = tuple_(key, all_.id), tuple_(after_key, bindparam("after_id", type_=Uuid))
        # The first condition follows from the second. It is for an index of the key alone.
        where &= (key <= after_key) & (here < there) if descending else (key >= after_key) & (here > there)
    joins_scores = all_.joins_scores or sort is Sort.SCORE
    rows = all_.select(where, all_.id, key.label("key"), joins_scores=joins_scores)
    return _limited(rows, key, all_.id, descending=descending)


def _without_score(all_: _List, part: ColumnElement[bool], after: After, *, descending: bool) -> Select[Any]:
    has_none: ColumnElement[bool] = _SCORE.overall_score.is_(None)
    if not all_.joins_scores:
        has_none = ~exists().where(_SCORE.analysis_id == all_.id, _SCORE.overall_score.is_not(None))
    where: ColumnElement[bool] = and_(part, has_none)
    if after is After.NO_KEY:
        after_id = bindparam("after_id", type_=Uuid)
        where &= all_.id < after_id if descending else all_.id > after_id
    rows = all_.select(where, all_.id, cast(null(), Integer).label("key"), joins_scores=all_.joins_scores)
    return _limited(rows, all_.id, descending=descending)


def _limited(rows: Select[Any], *sorted_by: ColumnElement[Any], descending: bool) -> Select[Any]:
    """Limit a part to the rows that may be on the page."""
    return select(rows.order_by(*_order(*sorted_by, descending=descending)).limit(_LAST).subquery())


def _order(*columns: ColumnElement[Any], descending: bool) -> list[ColumnElement[Any]]:
    return [column.desc() if descending else column.asc() for column in columns]
