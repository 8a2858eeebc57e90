"""SQL that records the status of matches."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from chassis.db.database import Connection, Row
from chassis.db.statement import Statement, rows_of
from contracts.match_events import MatchContext
from contracts.matching import Match
from contracts.vocabulary import AnalysisStatus
from sqlalchemy import (
    ARRAY,
    Update,
    Uuid,
    any_,
    bindparam,
    case,
    cast,
    literal,
    literal_column,
    select,
    update,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.sql.dml import ReturningInsert

from results_api.domain.analysis import Failure
from results_api.domain.match import MatchChange, MatchScores, MatchState
from results_api.storage.tables import match_views, parameter_types

_VIEW: Final = match_views.c

# Columns that come from the context in an event.
_CONTEXT: Final = tuple(MatchContext.model_fields)
# Columns that come from a status change.
_STATUS: Final = (
    *("status", "version", "ended_at", "score", "assessed", "matcher_version"),
    *("failure_code", "failure_detail", "outcomes", "result"),
)
# Values of a new row.
_NEW: Final[dict[str, object]] = {"status": AnalysisStatus.PENDING, "version": 1}


def _lock() -> ReturningInsert[tuple[Any, ...]]:
    """Insert missing rows and lock all rows, ordered by id to prevent deadlocks."""
    contexts = rows_of("contexts", parameter_types(match_views, _CONTEXT))
    values = {
        **{name: contexts.c[name] for name in _CONTEXT},
        **{name: literal(value) for name, value in _NEW.items()},
    }
    new = upsert(match_views).from_select(
        list(values), select(*values.values()).order_by(contexts.c.match_id)
    )
    return (
        # An update that changes nothing locks the row and returns it.
        new.on_conflict_do_update(index_elements=[_VIEW.match_id], set_={"version": _VIEW.version})
        # PostgreSQL sets xmax to 0 in a row that this statement inserted.
        .returning(_VIEW.match_id, _VIEW.status, _VIEW.version, literal_column("xmax = 0").label("is_new"))
    )


def _save() -> Update:
    """Store status changes. An erased match keeps its ids, so that a late event cannot bring it back."""
    changed = rows_of("changed", parameter_types(match_views, ("match_id", *_STATUS)))
    is_erased = changed.c.status == AnalysisStatus.ERASED
    names = {name: case((is_erased, ""), else_=_VIEW[name]) for name in ("candidate_name", "file_name")}
    values = {
        name: cast(changed.c[name], JSONB) if isinstance(_VIEW[name].type, JSONB) else changed.c[name]
        for name in _STATUS
    }
    return update(match_views).where(_VIEW.match_id == changed.c.match_id).values({**values, **names})


_LOCK: Final = Statement(_lock())
_SAVE: Final = Statement(_save())
_ENDS: Final = Statement(
    select(
        *(_VIEW.match_id, _VIEW.status, _VIEW.version, _VIEW.ended_at),
        *(_VIEW.score, _VIEW.assessed, _VIEW.failure_code),
    ).where(
        _VIEW.match_id == any_(bindparam("match_ids", type_=ARRAY(Uuid))),
        _VIEW.ended_at.is_not(None),
        _VIEW.status != AnalysisStatus.ERASED,
    )
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedMatchChange:
    """A match after a status change. `result` is set if the change completed it."""

    state: MatchState
    change: MatchChange
    result: Match | None = None


class Matches:
    """Statements that change matches. Each match may occur only once per call."""

    async def lock(
        self, connection: Connection, contexts: Sequence[MatchContext]
    ) -> tuple[dict[UUID, MatchState], set[UUID]]:
        """Lock matches until the transaction ends, and insert those that do not exist.

        Returns:
            All matches by id, and the ids of the inserted ones.
        """
        columns = {name: [getattr(context, name) for context in contexts] for name in _CONTEXT}
        rows = await _LOCK.all(connection, columns)
        states = {row["match_id"]: _state(row) for row in rows}
        return states, {row["match_id"] for row in rows if row["is_new"]}

    async def save(self, connection: Connection, changes: Sequence[AppliedMatchChange]) -> None:
        """Store statuses and the results of completed matches, and delete the data of erased ones."""
        rows = [_row(change) for change in changes]
        await _SAVE.run(connection, {name: [row[name] for row in rows] for name in ("match_id", *_STATUS)})

    async def ends(self, connection: Connection, match_ids: Sequence[UUID]) -> dict[UUID, AppliedMatchChange]:
        """Return the changes that ended matches by id. Pending and erased matches are left out."""
        rows = await _ENDS.all(connection, {"match_ids": match_ids})
        return {row["match_id"]: _end(row) for row in rows}


def _state(row: Row) -> MatchState:
    return MatchState(match_id=row["match_id"], status=AnalysisStatus(row["status"]), version=row["version"])


def _end(row: Row) -> AppliedMatchChange:
    state = _state(row)
    is_completed = state.status is AnalysisStatus.COMPLETED
    return AppliedMatchChange(
        state=state,
        change=MatchChange(
            status=state.status,
            occurred_at=row["ended_at"],
            failure=Failure(code=row["failure_code"]) if row["failure_code"] else None,
            scores=MatchScores(score=row["score"], assessed=row["assessed"]) if is_completed else None,
        ),
    )


def _row(applied: AppliedMatchChange) -> dict[str, object]:
    state, change, result = applied.state, applied.change, applied.result
    outcomes = result and {each.requirement_id: [each.outcome, each.credit] for each in result.requirements}
    return {
        "match_id": state.match_id,
        "status": state.status,
        "version": state.version,
        "ended_at": change.ended_at,
        "score": change.scores.score if change.scores else None,
        "assessed": change.scores.assessed if change.scores else None,
        "matcher_version": result.matcher_version if result else None,
        "failure_code": change.failure.code if change.failure else None,
        "failure_detail": change.failure.detail if change.failure else None,
        # A ranking reads these, and no evidence.
        "outcomes": None if outcomes is None else json.dumps(outcomes),
        "result": result.model_dump_json() if result else None,
    }
