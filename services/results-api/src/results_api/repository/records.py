"""SQL that records what happened to an analysis."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any, Final
from uuid import UUID, uuid4

from asyncpg import ForeignKeyViolationError
from chassis.db import Connection
from chassis.statement import Statement
from contracts.events import Facts, Failure
from contracts.report import Report
from contracts.vocabulary import AnalysisStatus
from sqlalchemy import bindparam, delete, func, insert, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.sql.dml import ReturningInsert

from results_api.domain import End, Scores
from results_api.errors import RequestIsGone
from results_api.feedback_items import FeedbackItem
from results_api.tables import analysis_views, review_feedback_items, review_results

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


def _lock() -> ReturningInsert[tuple[Any, ...]]:
    """Locks and returns what stands; the version is the first where nothing did."""
    new = upsert(analysis_views).values(
        {
            **{name: bindparam(f"new_{name}") for name in _KNOWN},
            "status": AnalysisStatus.PENDING,
            "version": 1,
        }
    )
    # An analyzer of before versions were told leaves theirs out.
    resume_version = func.coalesce(_VIEW.resume_version, new.excluded.resume_version)
    return (
        new.on_conflict_do_update(index_elements=[_VIEW.analysis_id], set_={"resume_version": resume_version})
        # PostgreSQL's own mark of a row that this statement inserted.
        .returning(_VIEW.status, _VIEW.version, literal_column("xmax = 0").label("is_new"))
    )


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
_LOCK: Final = Statement(_lock())
_MOVE: Final = Statement(
    update(analysis_views)
    .where(_VIEW.analysis_id == bindparam("moved_id"))
    .values({name: bindparam(name) for name in _MOVED})
)
_ADD_RESULT: Final = Statement(
    insert(review_results)
    .inline()
    .values({column.name: bindparam(column.name) for column in review_results.c})
)
_ADD_ITEMS: Final = Statement(
    insert(review_feedback_items)
    .inline()
    .values({name: bindparam(name) for name in ("review_result_id", *FeedbackItem.__slots__)})
)
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
_DELETE_RESULT: Final = Statement(
    delete(review_results).where(_STORED.review_request_id == bindparam("analysis_id"))
)
_BLANK: Final = Statement(
    update(analysis_views)
    .where(_VIEW.analysis_id == bindparam("analysis_id"))
    .values(candidate_name="", file_name="")
)


class Records:
    """Writes the combined view, results and their feedback items."""

    async def lock(self, connection: Connection, facts: Facts) -> Position:
        """Make the analysis known if it is not, and hold it until the transaction ends."""
        row = await _LOCK.one(connection, {f"new_{name}": getattr(facts, name) for name in _KNOWN})
        return Position(status=AnalysisStatus(row["status"]), version=row["version"], is_new=row["is_new"])

    async def move(
        self,
        connection: Connection,
        analysis_id: UUID,
        *,
        status: AnalysisStatus,
        version: int,
        ended_at: datetime | None,
        report: Report | None,
        failure: Failure | None,
    ) -> None:
        """Store a new status with what belongs to it."""
        await _MOVE.run(
            connection,
            {
                "moved_id": analysis_id,
                "status": status,
                "version": version,
                "ended_at": ended_at,
                "overall_score": report.overall_score if report else None,
                "market_tier": report.detailed_scores.market_tier if report else None,
                "failure_code": failure.code if failure else None,
                "failure_detail": failure.detail if failure else None,
            },
        )

    async def add_result(
        self,
        connection: Connection,
        analysis_id: UUID,
        report: Report,
        items: Sequence[FeedbackItem],
        *,
        created_at: datetime,
    ) -> None:
        """Store the result with its feedback items.

        Raises:
            RequestIsGone: where requests stand in the same database, and this one was deleted meanwhile.
        """
        result_id, raw = uuid4(), report.raw_ai_response
        result = {
            "id": result_id,
            "review_request_id": analysis_id,
            "overall_score": report.overall_score,
            "ats_score": report.ats_score,
            "content_score": report.content_score,
            "formatting_score": report.formatting_score,
            "executive_summary": report.executive_summary,
            "detailed_scores": report.detailed_scores.model_dump(mode="json"),
            "raw_ai_response": raw.model_dump(mode="json") if raw else None,
            "ai_model_used": report.ai_model_used,
            "processing_time_ms": report.processing_time_ms,
            "created_at": created_at,
        }
        try:
            await _ADD_RESULT.run(connection, result)
        except ForeignKeyViolationError as error:
            raise RequestIsGone from error
        rows = [
            {"review_result_id": result_id, **{name: getattr(item, name) for name in item.__slots__}}
            for item in items
        ]
        await _ADD_ITEMS.each(connection, rows)

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

    async def erase(self, connection: Connection, analysis_id: UUID) -> None:
        """Delete every word about a person; the bare row keeps the analysis from reviving."""
        # Its feedback items go with the result.
        await _DELETE_RESULT.run(connection, {"analysis_id": analysis_id})
        await _BLANK.run(connection, {"analysis_id": analysis_id})
