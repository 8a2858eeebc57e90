"""SQL that reads matches for a principal. Erased matches are never visible."""

from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import Any, Final
from uuid import UUID

from chassis.db.database import Connection, Row, read_json
from chassis.db.statement import Statement
from chassis.db.visibility import USER_ID, visibility, visible
from chassis.principal import Principal
from contracts.matching import Match, Reason
from contracts.vocabulary import AnalysisStatus
from sqlalchemy import (
    ARRAY,
    CTE,
    Double,
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
    null,
    or_,
    select,
)
from sqlalchemy.dialects.postgresql import distinct_on

from results_api.domain.match import Assessment
from results_api.domain.match_view import (
    MatchCounts,
    Matched,
    MatchView,
    NextLower,
    RankedMatch,
    Ranking,
    RankingFilters,
    UnrankedMatch,
)
from results_api.storage.tables import match_views

_VIEW: Final = match_views.c
_EXISTS: Final = _VIEW.status != AnalysisStatus.ERASED
# A match belongs to the user who requested it. Routes also ask request-api whether the user sees the job.
_IS_OWN: Final = _EXISTS & (_VIEW.requested_by == USER_ID)

_MATCHED: Final = tuple(field.name for field in fields(Matched))
_PLAIN: Final = tuple(field.name for field in fields(MatchView) if field.name != "result")

_JOB: Final = and_(
    _VIEW.job_id == bindparam("job_id", type_=Uuid),
    _VIEW.job_version == bindparam("job_version", type_=Integer),
)


class MatchViews:
    """Queries on matches."""

    async def get_all(
        self, connection: Connection, principal: Principal, job_id: UUID, match_ids: Sequence[UUID]
    ) -> list[MatchView] | None:
        """Return matches of a job in the order of the ids, or None if the principal may not see all."""
        rows = await _GET_ALL.all(
            connection, {"job_id": job_id, "match_ids": match_ids, **visibility(principal)}
        )
        found = {row["match_id"]: _view(row) for row in rows}
        return None if len(found) < len(match_ids) else [found[each] for each in match_ids]

    async def count(
        self, connection: Connection, principal: Principal, job_id: UUID, job_version: int
    ) -> MatchCounts:
        """Return the numbers of visible matches of a version of a job."""
        counts = _counts(sees_everything=principal.sees_everything)
        rows = await counts.all(
            connection, {"job_id": job_id, "job_version": job_version, **visibility(principal)}
        )
        by_status = {row["status"]: row["matches"] for row in rows}
        return MatchCounts(
            **by_status,
            scored=sum(row["scored"] for row in rows),
            matcher_versions=tuple(sorted({each for row in rows for each in row["matcher_versions"] or ()})),
        )

    async def rank(
        self,
        connection: Connection,
        principal: Principal,
        job_id: UUID,
        job_version: int,
        filters: RankingFilters,
        *,
        limit: int,
        offset: int = 0,
        unranked_limit: int,
    ) -> Ranking:
        """Return a part of the ranking, and the first matches that have no rank."""
        ranking = _ranking(sees_everything=principal.sees_everything)
        rows = await ranking.all(
            connection,
            {
                "job_id": job_id,
                "job_version": job_version,
                "min_score": filters.min_score,
                "requirement_id": filters.requirement_id,
                "outcomes": list(filters.outcomes),
                "first": offset,
                "last": offset + limit,
                "unranked_last": unranked_limit,
                **visibility(principal),
            },
        )
        ranked = [row for row in rows if row["is_ranked"]]
        unranked = [row for row in rows if not row["is_ranked"]]
        return Ranking(
            ranked=(_ranked(row) for row in ranked if row["place"] > offset),
            total_ranked=ranked[0]["total"] if ranked else 0,
            unranked=[_unranked(row) for row in unranked],
            total_unranked=unranked[0]["total"] if unranked else 0,
        )


_GET_ALL: Final = Statement(
    select(*(_VIEW[name] for name in _PLAIN), cast(_VIEW.result, Text).label("result")).where(
        _VIEW.job_id == bindparam("job_id", type_=Uuid),
        _VIEW.match_id == any_(bindparam("match_ids", type_=ARRAY(Uuid))),
        _EXISTS & visible(_IS_OWN),
    )
)


def _current(*, sees_everything: bool) -> CTE:
    """Select one match for each resume: the completed one, or else the newest.

    A resume has several if one failed or was cancelled, or if several users requested it.
    """
    return (
        select(_VIEW.match_id, _VIEW.status, _VIEW.score, _VIEW.matcher_version)
        .where(_JOB, _EXISTS if sees_everything else _IS_OWN)
        .ext(distinct_on(_VIEW.resume_id))
        .order_by(
            _VIEW.resume_id,
            (_VIEW.status == AnalysisStatus.COMPLETED).desc(),
            _VIEW.requested_at.desc(),
            _VIEW.match_id,
        )
        .cte("current")
    )


@cache
def _counts(*, sees_everything: bool) -> Statement:
    current = _current(sees_everything=sees_everything).c
    versions = func.array_agg(current.matcher_version.distinct()).filter(current.score.is_not(None))
    return Statement(
        select(
            current.status,
            func.count().label("matches"),
            func.count(current.score).label("scored"),
            versions.label("matcher_versions"),
        ).group_by(current.status)
    )


def _passing(*, sees_everything: bool) -> CTE:
    """Select the matches that pass the filters, each with its rank among all and its place among these.

    Ties are in the order of their ids, which favours nobody. `next_place` is the place of the next lower
    score.
    """
    current = _current(sees_everything=sees_everything).c
    is_ranked = current.score.is_not(None)
    ended = (
        select(
            current.match_id,
            current.score,
            is_ranked.label("is_ranked"),
            func.rank().over(partition_by=is_ranked, order_by=current.score.desc()).label("rank"),
        )
        .where(or_(current.status == AnalysisStatus.COMPLETED, current.status == AnalysisStatus.FAILED))
        .cte("ended")
    ).c
    min_score = bindparam("min_score", type_=Double)
    requirement_id = bindparam("requirement_id", type_=Text)
    outcome = _VIEW.outcomes[requirement_id][0].astext
    has_outcome = exists().where(
        _VIEW.match_id == ended.match_id, outcome == any_(bindparam("outcomes", type_=ARRAY(Text)))
    )
    rank = func.rank().over(partition_by=ended.is_ranked, order_by=ended.score.desc())
    equals = func.count().over(partition_by=(ended.is_ranked, ended.score))
    return (
        select(
            *(ended.match_id, ended.score, ended.is_ranked, ended.rank),
            func.row_number()
            .over(partition_by=ended.is_ranked, order_by=(ended.score.desc(), ended.match_id))
            .label("place"),
            (rank + equals).label("next_place"),
            func.count().over(partition_by=ended.is_ranked).label("total"),
        )
        .where(
            or_(min_score.is_(null()), ended.score.is_(None), ended.score >= min_score),
            or_(requirement_id.is_(null()), has_outcome),
        )
        .cte("passing")
    )


def _page(*, sees_everything: bool) -> Select[Any]:
    passing = _passing(sees_everything=sees_everything)
    lower_place = passing.alias("lower_place")
    view, lower = match_views.alias("view"), match_views.alias("lower")
    last = bindparam("last", type_=Integer)
    return (
        select(
            *(passing.c[name] for name in ("rank", "is_ranked", "place", "total")),
            *(view.c[name] for name in (*_MATCHED, "status", "score", "assessed", "failure_detail")),
            cast(view.c.outcomes, Text).label("outcomes"),
            cast(view.c.result["reason"], Text).label("reason"),
            lower.c.match_id.label("lower_match_id"),
            lower.c.candidate_name.label("lower_candidate_name"),
            lower.c.score.label("lower_score"),
            cast(lower.c.outcomes, Text).label("lower_outcomes"),
        )
        .join(view, view.c.match_id == passing.c.match_id)
        .outerjoin(
            lower_place,
            and_(
                passing.c.is_ranked,
                lower_place.c.is_ranked,
                lower_place.c.place == passing.c.next_place,
            ),
        )
        .outerjoin(lower, lower.c.match_id == lower_place.c.match_id)
        .where(
            or_(
                # The first one has the total, also for a page behind the last one.
                passing.c.is_ranked & (passing.c.place == 1),
                and_(
                    passing.c.is_ranked,
                    passing.c.place > bindparam("first", type_=Integer),
                    passing.c.place <= last,
                ),
                and_(~passing.c.is_ranked, passing.c.place <= bindparam("unranked_last", type_=Integer)),
            )
        )
        .order_by(passing.c.is_ranked.desc(), passing.c.place)
    )


@cache
def _ranking(*, sees_everything: bool) -> Statement:
    return Statement(_page(sees_everything=sees_everything))


def _view(row: Row) -> MatchView:
    values = {name: row[name] for name in _PLAIN}
    result = None if row["result"] is None else Match.model_validate_json(row["result"])
    return MatchView(**{**values, "status": AnalysisStatus(row["status"]), "result": result})


def _matched(row: Row) -> Matched:
    return Matched(**{name: row[name] for name in _MATCHED})


def _outcomes(text: str) -> Mapping[str, Assessment]:
    return {id_: Assessment(outcome=each[0], credit=each[1]) for id_, each in read_json(text).items()}


def _ranked(row: Row) -> RankedMatch:
    lower = None
    if row["lower_match_id"] is not None:
        lower = NextLower(
            match_id=row["lower_match_id"],
            candidate_name=row["lower_candidate_name"],
            score=row["lower_score"],
            outcomes=_outcomes(row["lower_outcomes"]),
        )
    return RankedMatch(
        matched=_matched(row),
        rank=row["rank"],
        score=row["score"],
        assessed=row["assessed"],
        outcomes=_outcomes(row["outcomes"]),
        lower=lower,
    )


def _unranked(row: Row) -> UnrankedMatch:
    return UnrankedMatch(
        matched=_matched(row),
        status=AnalysisStatus(row["status"]),
        assessed=row["assessed"],
        reason=None if row["reason"] is None else Reason.model_validate_json(row["reason"]),
        failure_detail=row["failure_detail"],
    )
