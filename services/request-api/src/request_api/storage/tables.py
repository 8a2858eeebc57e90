"""The tables that request-api reads and writes: those of Schema v1.1 as they are, and additive ones.

Alembic's migrations create them; a test holds the two together.
"""

from chassis.messaging.outbox import outbox_table
from contracts.vocabulary import MAX_TEXT_CHARACTERS, ReviewType, SectionType
from documents.reader import MAX_FILE_BYTES
from sqlalchemy import (
    Boolean,
    CheckConstraint,
    Column,
    Computed,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    PrimaryKeyConstraint,
    String,
    Table,
    Text,
    Uuid,
    func,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB

from request_api.domain.analysis import MAX_YEARS_EXPERIENCE, MIME_TYPES

metadata = MetaData()

_NEW_ID = text("gen_random_uuid()")


# What the service's login may do with each table, exactly what its statements need (test_grants.py); `users`
# is the existing backend's.
GRANTS = {
    "candidates": "SELECT, INSERT, UPDATE",
    "resumes": "SELECT, INSERT, UPDATE, DELETE",
    "resume_sections": "INSERT",
    "review_requests": "SELECT, INSERT, UPDATE",
    "user_candidate_assignments": "SELECT, INSERT",
    "users": "SELECT (id, role, is_active)",
    "document_signals": "SELECT, INSERT",
    "analysis_details": "SELECT, INSERT, UPDATE",
    "idempotency_keys": "SELECT, INSERT, UPDATE, DELETE",
    "request_outbox": "SELECT, INSERT, UPDATE, DELETE",
}


def _now(name: str, *, nullable: bool = False) -> Column[object]:
    default = None if nullable else func.now()
    return Column(name, DateTime(timezone=True), nullable=nullable, server_default=default)


# Schema v1.1. An assignment is only added with a new candidate; the legacy backend manages the others.
user_candidate_assignments = Table(
    "user_candidate_assignments",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=_NEW_ID),
    Column("user_id", Uuid, nullable=False),
    Column("candidate_id", Uuid, ForeignKey("candidates.id", ondelete="CASCADE"), nullable=False),
    Column("assignment_type", String(20), nullable=False, server_default="primary"),
    _now("assigned_at"),
    _now("unassigned_at", nullable=True),
    Column("assigned_by_user_id", Uuid),
    Column("unassigned_reason", Text),
    Column("is_active", Boolean, nullable=False, server_default=text("true")),
    CheckConstraint("assignment_type IN ('primary', 'secondary', 'viewer')"),
    Index("idx_assignments_user_active", "user_id", "is_active"),
    Index("idx_assignments_candidate_active", "candidate_id", "is_active"),
)

candidates = Table(
    "candidates",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=_NEW_ID),
    Column("first_name", String(100), nullable=False),
    Column("last_name", String(100), nullable=False),
    Column("email", String(255), unique=True),
    Column("phone", String(50)),
    Column("current_company", String(255)),
    Column("current_position", String(255)),
    Column("years_experience", Integer),
    Column("status", String(20), nullable=False, server_default="active"),
    Column("created_by_user_id", Uuid, nullable=False),
    _now("created_at"),
    _now("updated_at"),
    CheckConstraint("status IN ('active', 'placed', 'archived')"),
    # Ours, made beside the others: an address is taken whatever its letter case. Not unique: an existing
    # installation may hold it twice.
    Index("idx_candidates_email_lower", text("lower(email)")),
)

resumes = Table(
    "resumes",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=_NEW_ID),
    Column("candidate_id", Uuid, ForeignKey("candidates.id", ondelete="CASCADE"), nullable=False),
    Column("uploaded_by_user_id", Uuid, nullable=False),
    Column("original_filename", String(255), nullable=False),
    Column("stored_filename", String(255), nullable=False),
    Column("file_hash", String(64), nullable=False),
    Column("file_size", Integer, nullable=False),
    Column("mime_type", String(100), nullable=False),
    Column("version_number", Integer, nullable=False, server_default=text("1")),
    Column("status", String(20), nullable=False, server_default="pending"),
    Column("progress", Integer, server_default=text("0")),
    Column("extracted_text", Text),
    Column("word_count", Integer),
    _now("uploaded_at"),
    _now("processed_at", nullable=True),
    CheckConstraint("file_size > 0"),
    CheckConstraint("version_number >= 1"),
    CheckConstraint("status IN ('pending', 'processing', 'completed', 'error')"),
    CheckConstraint("progress BETWEEN 0 AND 100"),
    Index("idx_resumes_candidate", "candidate_id"),
    Index("idx_resumes_uploaded_by", "uploaded_by_user_id"),
)

resume_sections = Table(
    "resume_sections",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=_NEW_ID),
    Column("resume_id", Uuid, ForeignKey("resumes.id", ondelete="CASCADE"), nullable=False),
    Column("section_type", String(20), nullable=False),
    Column("section_title", Text),
    Column("content", Text, nullable=False),
    Column("start_page", Integer),
    Column("end_page", Integer),
    Column("start_position", Integer),
    Column("end_position", Integer),
    Column("sequence_order", Integer, nullable=False, server_default=text("0")),
    Column("section_metadata", JSONB),
    CheckConstraint(
        "section_type IN "
        "('contact', 'summary', 'experience', 'education', 'skills', 'certifications', 'other')"
    ),
    CheckConstraint("start_position >= 0"),
    CheckConstraint("end_position >= 0"),
    CheckConstraint("sequence_order >= 0"),
    Index("idx_sections_resume", "resume_id", "sequence_order"),
)

review_requests = Table(
    "review_requests",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=_NEW_ID),
    Column("resume_id", Uuid, ForeignKey("resumes.id", ondelete="CASCADE"), nullable=False),
    Column("requested_by_user_id", Uuid, nullable=False),
    Column("target_role", String(255)),
    Column("target_industry", String(100)),
    Column("experience_level", String(20)),
    Column("review_type", String(20), nullable=False, server_default="comprehensive"),
    Column("status", String(20), nullable=False, server_default="pending"),
    _now("requested_at"),
    _now("completed_at", nullable=True),
    CheckConstraint("experience_level IN ('entry', 'mid', 'senior', 'executive')"),
    CheckConstraint("review_type IN ('comprehensive', 'quick_scan', 'ats_check')"),
    CheckConstraint("status IN ('pending', 'processing', 'completed', 'failed')"),
    Index("idx_review_requests_resume", "resume_id"),
    Index("idx_review_requests_user", "requested_by_user_id"),
    Index("idx_review_requests_status", "status"),
    Index("idx_review_requests_requested_at", text("requested_at DESC")),
    # Ours, made beside the others: how many somebody asked for today.
    Index("idx_review_requests_user_requested_at", "requested_by_user_id", "requested_at"),
)

SCHEMA_V1_1 = (candidates, user_candidate_assignments, resumes, resume_sections, review_requests)

# Values that are written to columns on which a check constraint may stand; of a range, its ends.
WRITTEN = {
    "candidates.years_experience": (0, MAX_YEARS_EXPERIENCE),
    "user_candidate_assignments.assignment_type": ("primary",),
    "resumes.file_size": (1, MAX_FILE_BYTES),
    "resumes.mime_type": tuple(MIME_TYPES.values()),
    "resumes.progress": (100,),
    "resumes.status": ("completed", "error"),
    "resumes.version_number": (1,),
    "resume_sections.section_type": tuple(SectionType),
    "resume_sections.start_page": (1,),
    "resume_sections.start_position": (0, MAX_TEXT_CHARACTERS),
    "resume_sections.end_position": (0, MAX_TEXT_CHARACTERS),
    "resume_sections.sequence_order": (0,),
    "review_requests.review_type": tuple(ReviewType),
    "review_requests.status": ("pending", "processing", "completed", "failed"),
}

# Additive: ours alone.
document_signals = Table(
    "document_signals",
    metadata,
    Column("resume_id", Uuid, ForeignKey("resumes.id", ondelete="CASCADE"), primary_key=True),
    Column("signals", JSONB, nullable=False),
)

# Of an analysis of whose end nothing was heard.
WAITING = "status IN ('pending', 'processing')"

# What a request says that Schema v1.1 has no column for, and the status as results-api decided it.
analysis_details = Table(
    "analysis_details",
    metadata,
    Column("review_request_id", Uuid, ForeignKey("review_requests.id", ondelete="CASCADE"), primary_key=True),
    Column("analysis_depth", String(20), nullable=False),
    Column("compare_to_market", Boolean, nullable=False),
    Column("focus_areas", JSONB, nullable=False),
    # As requested: review_requests may hold another name, which the legacy backend knows. NULL for its own
    # requests and, where the database is not shared, for those of an older version.
    Column("industry", String(100)),
    # NULL for requests from before there was a choice: the resume's own.
    Column("report_language", String(10)),
    Column("status", String(20), nullable=False, server_default="pending"),
    Column("version", Integer, nullable=False, server_default=text("0")),
    Column("failure_code", String(50)),
    _now("cancel_requested_at", nullable=True),
    # By the database's clock, whatever the services' say; `emissions` counts how often its event was emitted.
    _now("accepted_at"),
    _now("emitted_at"),
    Column("emissions", Integer, nullable=False, server_default=text("1")),
    Index("idx_analysis_details_waiting", "emitted_at", postgresql_where=text(WAITING)),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("user_id", Uuid, nullable=False),
    Column("key", String(255), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("answer", JSONB, nullable=False),
    _now("created_at"),
    # So that a key goes with its analysis; deferred, since it is bound before the request is stored.
    Column(
        "analysis_id",
        Uuid,
        Computed("(answer ->> 'analysis_id')::uuid", persisted=True),
        ForeignKey("review_requests.id", ondelete="CASCADE", deferrable=True, initially="DEFERRED"),
    ),
    PrimaryKeyConstraint("user_id", "key"),
    Index("idx_idempotency_keys_created_at", "user_id", "created_at"),
    Index("idx_idempotency_keys_analysis", "analysis_id"),
)

OUTBOX = "request_outbox"

outbox = outbox_table(metadata, OUTBOX)
