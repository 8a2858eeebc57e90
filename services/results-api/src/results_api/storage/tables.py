"""Tables of results-api: those of Schema v1.1, unchanged, and additional ones.

Alembic migrations create them. A test compares the migrations with these definitions.
"""

from collections.abc import Iterable
from typing import Any, get_args

from chassis.messaging.outbox import outbox_table
from contracts.vocabulary import MAX_INTEGER
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    Double,
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
from sqlalchemy.types import TypeEngine

from results_api.storage.feedback_items import Category, FeedbackType

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
    # Without a model answer the column is NULL, not a JSON null.
    Column("raw_ai_response", JSONB(none_as_null=True)),
    Column("ai_model_used", String(100)),
    Column("processing_time_ms", Integer),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    # The production index is not unique. This one guards against a second result.
    Index("uq_review_results_request", "review_request_id", unique=True),
    Index("idx_review_results_created_at", text("created_at DESC")),
)

review_feedback_items = Table(
    "review_feedback_items",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=text("gen_random_uuid()")),
    Column("review_result_id", Uuid, ForeignKey("review_results.id", ondelete="CASCADE"), nullable=False),
    # Sections belong to request-api, and remarks in reports do not refer to them.
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

# Additional table: text of large `detailed_scores`. A row is deleted with its result.
result_texts = Table(
    "result_texts",
    metadata,
    Column("review_result_id", Uuid, ForeignKey("review_results.id", ondelete="CASCADE"), primary_key=True),
    Column("detailed_scores", Text, nullable=False),
)

# Additional table: the read model, which also holds the current status.
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
    Index("idx_analysis_views_score", "overall_score", "analysis_id"),
    Index("idx_analysis_views_tier", "market_tier", text("requested_at DESC")),
    Index("idx_analysis_views_industry", "industry", text("requested_at DESC")),
    Index("idx_analysis_views_name", text("lower(candidate_name::text)"), "analysis_id"),
)

# Additional table: the read model of matches, which also holds their current status.
match_views = Table(
    "match_views",
    metadata,
    Column("match_id", Uuid, primary_key=True),
    Column("job_id", Uuid, nullable=False),
    Column("job_version", Integer, nullable=False),
    Column("resume_id", Uuid, nullable=False),
    Column("resume_version", Integer, nullable=False),
    Column("candidate_id", Uuid, nullable=False),
    Column("candidate_name", String(201), nullable=False),
    Column("file_name", String(255), nullable=False),
    Column("requested_by", Uuid, nullable=False),
    Column("status", String(20), nullable=False),
    Column("version", Integer, nullable=False),
    Column("requested_at", DateTime(timezone=True), nullable=False),
    Column("ended_at", DateTime(timezone=True)),
    Column("score", Double),
    Column("assessed", Double),
    Column("matcher_version", String(40)),
    Column("failure_code", String(50)),
    Column("failure_detail", String(500)),
    # Outcome and credit by the id of the requirement: what a ranking needs of the result.
    Column("outcomes", JSONB(none_as_null=True)),
    # A `contracts.matching.Match`.
    Column("result", JSONB(none_as_null=True)),
    CheckConstraint("status IN ('pending', 'completed', 'failed', 'cancelled', 'erased')"),
    Index("idx_match_views_job", "job_id", "job_version", "requested_by"),
)

# Queries of one analysis and statistics read this view. In a database with Schema v1.1, it includes the
# legacy backend's analyses. It has its own metadata, because migrations are compared with tables only.
analyses = Table(
    "analyses",
    MetaData(),
    *(Column(column.name, column.type) for column in analysis_views.c),
    Column("stored_industry", String(100)),
)

# What lists are filtered and sorted by, in two views. `listed_analyses` leaves out erased analyses.
# `listed_scores` has one row for each result. With PostgreSQL 18 or newer, neither costs a join in a database
# without the legacy backend, where both select from `analysis_views`.
listed_analyses = Table(
    "listed_analyses",
    MetaData(),
    Column("analysis_id", Uuid),
    Column("resume_id", Uuid),
    Column("candidate_id", Uuid),
    Column("requested_by", Uuid),
    Column("candidate_name_lower", Text),
    Column("file_name_lower", Text),
    # Only if it differs from the stored one.
    Column("requested_industry", String(100)),
    Column("stored_industry", String(100)),
    Column("status", String(20)),
    # PostgreSQL has no statistics of a computed status. It assumes that few rows have it, but that a truth
    # value applies to half of them.
    Column("is_completed", Boolean),
    Column("requested_at", DateTime(timezone=True)),
)
listed_scores = Table(
    "listed_scores",
    MetaData(),
    Column("analysis_id", Uuid),
    Column("overall_score", Integer),
    Column("market_tier", String(20)),
)

OUTBOX = "results_outbox"

# Rights of the service's login on each table. test_grants.py checks that its statements need exactly these.
# The table `users` belongs to the legacy backend.
GRANTS = {
    "review_results": "SELECT, INSERT, DELETE",
    "review_feedback_items": "INSERT",
    "result_texts": "SELECT, INSERT",
    "analysis_views": "SELECT, INSERT, UPDATE",
    "match_views": "SELECT, INSERT, UPDATE",
    "results_outbox": "SELECT, INSERT, UPDATE, DELETE",
    "analyses": "SELECT",
    "listed_analyses": "SELECT",
    "listed_scores": "SELECT",
    "users": "SELECT (id, role, is_active)",
}

SCHEMA_V1_1 = (review_results, review_feedback_items)

_SCORES = (0, 100)

# Values written to columns that may have a check constraint. Ranges are given by their ends.
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


def parameter_types(table: Table, names: Iterable[str]) -> dict[str, TypeEngine[Any]]:
    """Return the parameter types for columns. JSON is passed as text."""
    types = {name: table.c[name].type for name in names}
    return {name: Text() if isinstance(each, JSONB) else each for name, each in types.items()}
