"""SQL that records the status of analyses."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from typing import Any, Final
from uuid import UUID

from chassis.db.database import Connection
from chassis.db.statement import Statement, rows_of
from contracts.events import AnalysisContext
from contracts.report import Report
from contracts.vocabulary import AnalysisStatus
from sqlalchemy import ARRAY, Update, Uuid, any_, bindparam, func, literal, literal_column, select, update
from sqlalchemy.dialects.postgresql import insert as upsert
from sqlalchemy.sql.dml import ReturningInsert

from results_api.domain.analysis import Analysis, Failure, Scores, StatusChange
from results_api.storage.results import Results
from results_api.storage.tables import analysis_views, parameter_types, review_results

_VIEW: Final = analysis_views.c
_RESULT: Final = review_results.c

# Columns that come from the context in an event.
_CONTEXT: Final = (
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
# Columns that come from a status change.
_STATUS: Final = (
    "status",
    "version",
    "ended_at",
    "overall_score",
    "market_tier",
    "failure_code",
    "failure_detail",
)
# Values of a new row.
_NEW: Final[dict[str, object]] = {"status": AnalysisStatus.PENDING, "version": 1}


def _lock() -> ReturningInsert[tuple[Any, ...]]:
    """Insert missing rows and lock all rows, ordered by id to prevent deadlocks."""
    contexts = rows_of("contexts", parameter_types(analysis_views, _CONTEXT))
    values = {
        **{name: contexts.c[name] for name in _CONTEXT},
        **{name: literal(value) for name, value in _NEW.items()},
    }
    new = upsert(analysis_views).from_select(
        list(values), select(*values.values()).order_by(contexts.c.analysis_id)
    )
    # Events of older analyzers lack the resume version.
    resume_version = func.coalesce(_VIEW.resume_version, new.excluded.resume_version)
    return (
        new.on_conflict_do_update(index_elements=[_VIEW.analysis_id], set_={"resume_version": resume_version})
        # PostgreSQL sets xmax to 0 in a row that this statement inserted.
        .returning(_VIEW.analysis_id, _VIEW.status, _VIEW.version, literal_column("xmax = 0").label("is_new"))
    )


def _save() -> Update:
    changed = rows_of("changed", parameter_types(analysis_views, ("analysis_id", *_STATUS)))
    return (
        update(analysis_views)
        .where(_VIEW.analysis_id == changed.c.analysis_id)
        .values({name: changed.c[name] for name in _STATUS})
    )


_LOCK: Final = Statement(_lock())
_SAVE: Final = Statement(_save())
_FINAL_CHANGE: Final = Statement(
    select(
        *(_VIEW.status, _VIEW.version, _VIEW.ended_at, _VIEW.failure_code, _VIEW.market_tier),
        *(_RESULT.overall_score, _RESULT.ats_score, _RESULT.content_score, _RESULT.formatting_score),
    )
    .outerjoin(review_results, _RESULT.review_request_id == _VIEW.analysis_id)
    .where(_VIEW.analysis_id == bindparam("analysis_id"))
    .order_by(_RESULT.created_at.desc())
    .limit(1)
)
_ERASE_NAMES: Final = Statement(
    update(analysis_views)
    .where(_VIEW.analysis_id == any_(bindparam("erased", type_=ARRAY(Uuid))))
    .values(candidate_name="", file_name="")
)


@dataclass(frozen=True, slots=True, kw_only=True)
class AppliedChange:
    """An analysis after a status change. `report` is set if the change completed it."""

    analysis: Analysis
    change: StatusChange
    report: Report | None = None


class Analyses:
    """Statements that change analyses. Each analysis may occur only once per call."""

    def __init__(self) -> None:
        self._results = Results()

    async def lock(
        self, connection: Connection, contexts: Sequence[AnalysisContext]
    ) -> tuple[dict[UUID, Analysis], set[UUID]]:
        """Lock analyses until the transaction ends, and insert those that do not exist.

        Returns:
            All analyses by id, and the ids of the inserted ones.
        """
        columns = {name: [getattr(context, name) for context in contexts] for name in _CONTEXT}
        rows = await _LOCK.all(connection, columns)
        analyses = {
            row["analysis_id"]: Analysis(
                analysis_id=row["analysis_id"], status=AnalysisStatus(row["status"]), version=row["version"]
            )
            for row in rows
        }
        return analyses, {row["analysis_id"] for row in rows if row["is_new"]}

    async def save(self, connection: Connection, changes: Sequence[AppliedChange]) -> None:
        """Store statuses and the results of completed analyses, and delete the data of erased ones.

        Raises:
            RequestDeleted: if requests are in the same database, and one was deleted meanwhile.
        """
        rows = [_row(change) for change in changes]
        await _SAVE.run(connection, {name: [row[name] for row in rows] for name in ("analysis_id", *_STATUS)})
        await self._results.add(
            connection,
            [
                (each.analysis.analysis_id, each.report, each.change.ended_at)
                for each in changes
                if each.report
            ],
        )
        erased = [
            each.analysis.analysis_id for each in changes if each.analysis.status is AnalysisStatus.ERASED
        ]
        if erased:
            # The row itself stays, so that a late event cannot bring the analysis back.
            await self._results.delete(connection, erased)
            await _ERASE_NAMES.run(connection, {"erased": erased})

    async def final_change(self, connection: Connection, analysis_id: UUID) -> AppliedChange | None:
        """Return the change that ended an analysis, or None if it still runs or its data was erased."""
        row = await _FINAL_CHANGE.one(connection, {"analysis_id": analysis_id})
        status = AnalysisStatus(row["status"])
        failure = Failure(code=row["failure_code"]) if row["failure_code"] else None
        values = {field.name: row[field.name] for field in fields(Scores)}
        scores = None if None in values.values() else Scores(**values)
        has_data = {
            AnalysisStatus.COMPLETED: scores is not None,
            AnalysisStatus.FAILED: failure is not None,
            AnalysisStatus.CANCELLED: True,
        }
        if row["ended_at"] is None or not has_data.get(status, False):
            return None
        return AppliedChange(
            analysis=Analysis(analysis_id=analysis_id, status=status, version=row["version"]),
            change=StatusChange(status=status, occurred_at=row["ended_at"], failure=failure, scores=scores),
        )


def _row(applied: AppliedChange) -> dict[str, object]:
    analysis, change = applied.analysis, applied.change
    return {
        "analysis_id": analysis.analysis_id,
        "status": analysis.status,
        "version": analysis.version,
        "ended_at": change.ended_at,
        "overall_score": change.scores.overall_score if change.scores else None,
        "market_tier": change.scores.market_tier if change.scores else None,
        "failure_code": change.failure.code if change.failure else None,
        "failure_detail": change.failure.detail if change.failure else None,
    }
