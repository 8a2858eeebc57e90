"""SQL that records what happened to an analysis."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from asyncpg import ForeignKeyViolationError
from chassis.db.database import Connection
from chassis.db.statement import Statement, rows_of
from contracts.events import AnalysisContext, Failure
from contracts.report import Report
from contracts.vocabulary import AnalysisStatus
from sqlalchemy import (
    ARRAY,
    Insert,
    Table,
    Text,
    Update,
    Uuid,
    any_,
    bindparam,
    delete,
    func,
    insert,
    literal,
    literal_column,
    select,
    update,
)
from sqlalchemy import cast as sql_cast
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.sql.dml import ReturningInsert
from sqlalchemy.types import TypeEngine

from results_api.domain.analysis import End, Scores
from results_api.domain.feedback_items import FeedbackItem, feedback_items
from results_api.errors import RequestIsGone
from results_api.storage.tables import analysis_views, result_texts, review_feedback_items, review_results

_VIEW = analysis_views.c


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Where an analysis stands, read under its lock; `is_new` where this very read made it known."""

    status: AnalysisStatus
    version: int
    is_new: bool


# Of the facts, what the view keeps.
_KNOWN: Final = (
    "analysis_id",
    "resume_id",
    "resume_version",
    "candidate_id",
    "requested_by",
    "candidate_name",
    "file_name",
    "industry",
    "requested_at",
)


# What a row begins with.
_NEW: Final[dict[str, object]] = {"status": AnalysisStatus.PENDING, "version": 1}


def _types(table: Table, names: Iterable[str]) -> dict[str, TypeEngine[Any]]:
    """JSON is passed as the text that it is."""
    types = {name: table.c[name].type for name in names}
    return {name: Text() if isinstance(each, JSONB) else each for name, each in types.items()}


def _lock() -> ReturningInsert[tuple[Any, ...]]:
    """Locks and returns what stands, in one order; the version is the first where nothing did."""
    facts = rows_of("facts", _types(analysis_views, _KNOWN))
    values = {
        **{name: facts.c[name] for name in _KNOWN},
        **{name: literal(each) for name, each in _NEW.items()},
    }
    new = upsert(analysis_views).from_select(
        list(values), select(*values.values()).order_by(facts.c.analysis_id)
    )
    # An analyzer of before versions were told leaves theirs out.
    resume_version = func.coalesce(_VIEW.resume_version, new.excluded.resume_version)
    return (
        new.on_conflict_do_update(index_elements=[_VIEW.analysis_id], set_={"resume_version": resume_version})
        # PostgreSQL's own mark of a row that this statement inserted.
        .returning(_VIEW.analysis_id, _VIEW.status, _VIEW.version, literal_column("xmax = 0").label("is_new"))
    )


def _move() -> Update:
    moved = rows_of("moved", _types(analysis_views, ("analysis_id", *_MOVED)))
    return (
        update(analysis_views)
        .where(_VIEW.analysis_id == moved.c.analysis_id)
        .values({name: moved.c[name] for name in _MOVED})
    )


def _add(table: Table, names: Sequence[str]) -> Insert:
    rows = rows_of("added", _types(table, names))
    values = (
        sql_cast(rows.c[name], JSONB) if isinstance(table.c[name].type, JSONB) else rows.c[name]
        for name in names
    )
    return insert(table).inline().from_select(names, select(*values).order_by(rows.c.position))


# Of the view, what a new status brings.
_MOVED: Final = (
    "status",
    "version",
    "ended_at",
    "overall_score",
    "market_tier",
    "failure_code",
    "failure_detail",
)
_RESULT: Final = tuple(column.name for column in review_results.c)
_ITEM: Final = ("review_result_id", *FeedbackItem.__slots__)
_TEXT: Final = ("review_result_id", "detailed_scores")
# From here on details are stored as text besides: PostgreSQL takes 10 ms to make it of the largest, 1.6 MB,
# and 0.1 ms of common ones, which are 20 kB.
_LARGE: Final = 100_000
_LOCK: Final = Statement(_lock())
_MOVE: Final = Statement(_move())
_ADD_RESULTS: Final = Statement(_add(review_results, _RESULT))
_ADD_ITEMS: Final = Statement(_add(review_feedback_items, _ITEM))
_ADD_TEXTS: Final = Statement(_add(result_texts, _TEXT))
_STORED: Final = review_results.c
_END_OF: Final = Statement(
    select(
        *(_VIEW.status, _VIEW.version, _VIEW.ended_at, _VIEW.failure_code, _VIEW.market_tier),
        *(_STORED.overall_score, _STORED.ats_score, _STORED.content_score, _STORED.formatting_score),
    )
    .outerjoin(review_results, _STORED.review_request_id == _VIEW.analysis_id)
    .where(_VIEW.analysis_id == bindparam("analysis_id"))
    .order_by(_STORED.created_at.desc())
    .limit(1)
)
_ERASED: Final = any_(bindparam("erased", type_=ARRAY(Uuid)))
_DELETE_RESULTS: Final = Statement(delete(review_results).where(_STORED.review_request_id == _ERASED))
_BLANK: Final = Statement(
    update(analysis_views).where(_VIEW.analysis_id == _ERASED).values(candidate_name="", file_name="")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """A new status of an analysis, with what belongs to it."""

    analysis_id: UUID
    status: AnalysisStatus
    version: int
    ended_at: datetime | None
    report: Report | None
    failure: Failure | None


class Records:
    """Writes the combined view, results and their feedback items. No analysis may be passed twice."""

    async def lock(self, connection: Connection, facts: Sequence[AnalysisContext]) -> dict[UUID, Position]:
        """Make analyses known that are not, and hold all of them until the transaction ends."""
        rows = await _LOCK.all(connection, {name: [getattr(each, name) for each in facts] for name in _KNOWN})
        return {
            row["analysis_id"]: Position(
                status=AnalysisStatus(row["status"]), version=row["version"], is_new=row["is_new"]
            )
            for row in rows
        }

    async def move(self, connection: Connection, moves: Sequence[Move]) -> None:
        """Store statuses, with the result of what is completed; erases every word about who is erased.

        Raises:
            RequestIsGone: where requests stand in the same database, and one was deleted meanwhile.
        """
        rows = [_moved(each) for each in moves]
        await _MOVE.run(connection, {name: [row[name] for row in rows] for name in ("analysis_id", *_MOVED)})
        await self._add_results(connection, moves)
        erased = [each.analysis_id for each in moves if each.status is AnalysisStatus.ERASED]
        if erased:
            # Feedback items and texts go with their result. The bare row keeps the analysis from reviving.
            await _DELETE_RESULTS.run(connection, {"erased": erased})
            await _BLANK.run(connection, {"erased": erased})

    async def _add_results(self, connection: Connection, moves: Sequence[Move]) -> None:
        results: list[dict[str, object]] = []
        items: list[dict[str, object]] = []
        texts: list[dict[str, object]] = []
        for each in moves:
            if each.report is None:
                continue
            result = _result(each, each.report)
            results.append(result)
            details = str(result["detailed_scores"])
            if len(details) >= _LARGE:
                texts.append({"review_result_id": result["id"], "detailed_scores": details})
            for item in feedback_items(each.report):
                fields = {name: getattr(item, name) for name in FeedbackItem.__slots__}
                items.append({"review_result_id": result["id"], **fields})
        if not results:
            return
        try:
            await _ADD_RESULTS.run(connection, {name: [row[name] for row in results] for name in _RESULT})
        except ForeignKeyViolationError as error:
            raise RequestIsGone from error
        await _ADD_ITEMS.run(connection, {name: [row[name] for row in items] for name in _ITEM})
        if texts:
            await _ADD_TEXTS.run(connection, {name: [row[name] for row in texts] for name in _TEXT})

    async def end_of(self, connection: Connection, analysis_id: UUID) -> End | None:
        """How a known analysis ended; None where it runs."""
        row = await _END_OF.one(connection, {"analysis_id": analysis_id})
        if row["ended_at"] is None:
            return None
        scores = {field.name: row[field.name] for field in fields(Scores)}
        return End(
            status=AnalysisStatus(row["status"]),
            version=row["version"],
            ended_at=row["ended_at"],
            failure_code=row["failure_code"],
            scores=None if None in scores.values() else Scores(**scores),
        )


def _moved(move: Move) -> dict[str, object]:
    report, failure = move.report, move.failure
    return {
        "analysis_id": move.analysis_id,
        "status": move.status,
        "version": move.version,
        "ended_at": move.ended_at,
        "overall_score": report.overall_score if report else None,
        "market_tier": report.detailed_scores.market_tier if report else None,
        "failure_code": failure.code if failure else None,
        "failure_detail": failure.detail if failure else None,
    }


def _result(move: Move, report: Report) -> dict[str, object]:
    raw = report.raw_ai_response
    return {
        "id": uuid4(),
        "review_request_id": move.analysis_id,
        "overall_score": report.overall_score,
        "ats_score": report.ats_score,
        "content_score": report.content_score,
        "formatting_score": report.formatting_score,
        "executive_summary": report.executive_summary,
        "detailed_scores": report.detailed_scores.model_dump_json(),
        "raw_ai_response": raw.model_dump_json() if raw else None,
        "ai_model_used": report.ai_model_used,
        "processing_time_ms": report.processing_time_ms,
        "created_at": move.ended_at,
    }
