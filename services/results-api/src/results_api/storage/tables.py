"""The tables of results-api: those of Schema v1.1 as they are, and additive ones.

Alembic's migrations create them; a test holds the two together.
"""

from typing import get_args

from chassis.messaging.outbox import outbox_table
from contracts.vocabulary import MAX_INTEGER
from sqlalchemy import (
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from results_api.domain.feedback_items import Category, FeedbackType

metadata = MetaData()


def _score(name: str) -> Column[int]:
    return Column(name, Integer, CheckConstraint(f"{name} BETWEEN 0 AND 100"))


# Schema v1.1.
review_results = Table(
    "review_results",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=text("gen_random_uuid()")),
    Column("review_request_id", Uuid, nullable=False),
    _score("overall_score"),
    _score("ats_score"),
    _score("content_score"),
    _score("formatting_score"),
    Column("executive_summary", Text),
    Column("detailed_scores", JSONB),
    # Without a model there is no answer: NULL, not a JSON null.
    Column("raw_ai_response", JSONB(none_as_null=True)),
    Column("ai_model_used", String(100)),
    Column("processing_time_ms", Integer),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    # Production has an index here that is not unique; ours is what makes a repeated result harmless.
    Index("uq_review_results_request", "review_request_id", unique=True),
    Index("idx_review_results_created_at", text("created_at DESC")),
)

review_feedback_items = Table(
    "review_feedback_items",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=text("gen_random_uuid()")),
    Column("review_result_id", Uuid, ForeignKey("review_results.id", ondelete="CASCADE"), nullable=False),
    # Sections live with request-api, and a report does not say which one a remark is about.
    Column("resume_section_id", Uuid),
    Column("feedback_type", String(20), nullable=False),
    Column("category", String(20), nullable=False),
    Column("feedback_text", Text, nullable=False),
    Column("severity_level", Integer, nullable=False, server_default=text("3")),
    Column("original_text", Text),
    Column("suggested_text", Text),
    Column("confidence_score", Integer),
    CheckConstraint("feedback_type IN ('strength', 'weakness', 'suggestion', 'error')"),
    CheckConstraint("category IN ('content', 'formatting', 'keywords', 'grammar')"),
    CheckConstraint("severity_level BETWEEN 1 AND 5"),
    CheckConstraint("confidence_score BETWEEN 0 AND 100"),
    Index("idx_feedback_result", "review_result_id"),
)

# Additive: large `detailed_scores` as the text that was stored. It goes with its result.
result_texts = Table(
    "result_texts",
    metadata,
    Column("review_result_id", Uuid, ForeignKey("review_results.id", ondelete="CASCADE"), primary_key=True),
    Column("detailed_scores", Text, nullable=False),
)

# Additive: the combined read model, which also decides the status.
analysis_views = Table(
    "analysis_views",
    metadata,
    Column("analysis_id", Uuid, primary_key=True),
    Column("resume_id", Uuid, nullable=False),
    Column("candidate_id", Uuid, nullable=False),
    Column("requested_by", Uuid, nullable=False),
    Column("candidate_name", String(201), nullable=False),
    Column("file_name", String(255), nullable=False),
    Column("industry", String(100)),
    Column("status", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("overall_score", Integer),
    Column("market_tier", String(20)),
    Column("failure_code", String(50)),
    Column("failure_detail", String(500)),
    Column("resume_version", Integer),
    CheckConstraint("status IN ('pending', 'processing', 'completed', 'failed', 'cancelled', 'erased')"),
    Index("idx_analysis_views_requester", "requested_by", text("requested_at DESC")),
    Index("idx_analysis_views_requested_at", text("requested_at DESC")),
    Index("idx_analysis_views_resume", "resume_id", text("requested_at DESC")),
    Index("idx_analysis_views_candidate", "candidate_id", text("requested_at DESC")),
    Index("idx_analysis_views_versions", "candidate_id", "industry", "resume_version"),
)

# What is read: in a database with Schema v1.1 the existing backend's analyses are among them. A view, and so
# not of the metadata that migrations are compared with.
analyses = Table(
    "analyses",
    MetaData(),
    *(Column(each.name, each.type) for each in analysis_views.c),
    Column("stored_industry", String(100)),
)

OUTBOX = "results_outbox"

# What the service's login may do with each table, exactly what its statements need (test_grants.py); `users`
# is the existing backend's.
GRANTS = {
    "review_results": "SELECT, INSERT, DELETE",
    "review_feedback_items": "INSERT",
    "result_texts": "SELECT, INSERT",
    "analysis_views": "SELECT, INSERT, UPDATE",
    "results_outbox": "SELECT, INSERT, UPDATE, DELETE",
    "analyses": "SELECT",
    "users": "SELECT (id, role, is_active)",
}

SCHEMA_V1_1 = (review_results, review_feedback_items)

_SCORES = (0, 100)

# Values that are written to columns on which a check constraint may stand; of a range, its ends.
WRITTEN = {
    "review_results.overall_score": _SCORES,
    "review_results.ats_score": _SCORES,
    "review_results.content_score": _SCORES,
    "review_results.formatting_score": _SCORES,
    "review_results.processing_time_ms": (0, MAX_INTEGER),
    "review_feedback_items.severity_level": (1, 5),
    "review_feedback_items.confidence_score": _SCORES,
    "review_feedback_items.feedback_type": get_args(FeedbackType),
    "review_feedback_items.category": get_args(Category),
}

outbox = outbox_table(metadata, OUTBOX)
