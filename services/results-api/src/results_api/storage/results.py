"""SQL that stores and deletes results with their feedback items."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Final
from uuid import UUID, uuid4

from asyncpg import ForeignKeyViolationError
from chassis.db.database import Connection
from chassis.db.statement import Statement, rows_of
from contracts.report import Report
from sqlalchemy import ARRAY, Insert, Table, Uuid, any_, bindparam, cast, delete, insert, select
from sqlalchemy.dialects.postgresql import JSONB

from results_api.domain.errors import RequestDeleted
from results_api.storage.feedback_items import FeedbackItem, feedback_items
from results_api.storage.tables import parameter_types, result_texts, review_feedback_items, review_results

_RESULT: Final = tuple(column.name for column in review_results.c)
_ITEM: Final = ("review_result_id", *FeedbackItem.__slots__)
_TEXT: Final = ("review_result_id", "detailed_scores")
# Characters from which on details are also stored as text. PostgreSQL takes 10 ms to convert the largest
# JSONB value (1.6 MB) to text, and 0.1 ms for a typical one (20 kB).
_LARGE: Final = 100_000


def _insert(table: Table, names: Sequence[str]) -> Insert:
    rows = rows_of("added", parameter_types(table, names))
    values = (
        cast(rows.c[name], JSONB) if isinstance(table.c[name].type, JSONB) else rows.c[name] for name in names
    )
    return insert(table).inline().from_select(names, select(*values).order_by(rows.c.position))


_INSERT_RESULTS: Final = Statement(_insert(review_results, _RESULT))
_INSERT_ITEMS: Final = Statement(_insert(review_feedback_items, _ITEM))
_INSERT_TEXTS: Final = Statement(_insert(result_texts, _TEXT))
_DELETE: Final = Statement(
    delete(review_results).where(
        review_results.c.review_request_id == any_(bindparam("analysis_ids", type_=ARRAY(Uuid)))
    )
)


class Results:
    """Statements on results. Feedback items and texts are deleted with their result by the database."""

    async def add(
        self, connection: Connection, reports: Sequence[tuple[UUID, Report, datetime | None]]
    ) -> None:
        """Store the reports of analyses, each with its analysis id and its time.

        Raises:
            RequestDeleted: if requests are in the same database, and one was deleted in the meantime.
        """
        results: list[dict[str, object]] = []
        items: list[dict[str, object]] = []
        texts: list[dict[str, object]] = []
        for analysis_id, report, created_at in reports:
            result = _result(analysis_id, report, created_at)
            results.append(result)
            details = str(result["detailed_scores"])
            if len(details) >= _LARGE:
                texts.append({"review_result_id": result["id"], "detailed_scores": details})
            for item in feedback_items(report):
                values = {name: getattr(item, name) for name in FeedbackItem.__slots__}
                items.append({"review_result_id": result["id"], **values})
        if not results:
            return
        try:
            await _INSERT_RESULTS.run(connection, _columns(results, _RESULT))
        except ForeignKeyViolationError as error:
            raise RequestDeleted from error
        await _INSERT_ITEMS.run(connection, _columns(items, _ITEM))
        if texts:
            await _INSERT_TEXTS.run(connection, _columns(texts, _TEXT))

    async def delete(self, connection: Connection, analysis_ids: Sequence[UUID]) -> None:
        """Delete the results of analyses."""
        await _DELETE.run(connection, {"analysis_ids": analysis_ids})


def _columns(rows: Sequence[Mapping[str, object]], names: Sequence[str]) -> dict[str, object]:
    return {name: [row[name] for row in rows] for name in names}


def _result(analysis_id: UUID, report: Report, created_at: datetime | None) -> dict[str, object]:
    raw = report.raw_ai_response
    return {
        "id": uuid4(),
        "review_request_id": analysis_id,
        "overall_score": report.overall_score,
        "ats_score": report.ats_score,
        "content_score": report.content_score,
        "formatting_score": report.formatting_score,
        "executive_summary": report.executive_summary,
        "detailed_scores": report.detailed_scores.model_dump_json(),
        "raw_ai_response": raw.model_dump_json() if raw else None,
        "ai_model_used": report.ai_model_used,
        "processing_time_ms": report.processing_time_ms,
        "created_at": created_at,
    }
