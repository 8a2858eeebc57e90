"""Tables that request-api reads and writes: those of Schema v1.1 as they are, and tables of its own.

Alembic's migrations create them. A test compares the two.
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

from request_api.domain.candidate import MAX_YEARS_EXPERIENCE
from request_api.domain.job import MAX_TITLE_CHARACTERS
from request_api.domain.resume import MIME_TYPES

metadata = MetaData()

_NEW_ID = text("gen_random_uuid()")


# Rights of the service's database role, exactly those that its statements need (test_grants.py). The table
# `users` belongs to the legacy backend.
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
    "jobs": "SELECT, INSERT, UPDATE, DELETE",
    # A version never changes. It is deleted with its job.
    "job_versions": "SELECT, INSERT",
    "matches": "SELECT, INSERT, UPDATE, DELETE",
    "request_outbox": "SELECT, INSERT, UPDATE, DELETE",
}


def _now(name: str, *, nullable: bool = False) -> Column[object]:
    default = None if nullable else func.now()
    return Column(name, DateTime(timezone=True), nullable=nullable, server_default=default)


def _time(name: str, *, nullable: bool = False) -> Column[object]:
    return Column(name, DateTime(timezone=True), nullable=nullable)


# Tables of Schema v1.1. We add assignments only for new candidates. The legacy backend manages all others.
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
    # Not in Schema v1.1: finds addresses in any letter case. Not unique, because an existing installation may
    # have an address twice.
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
    # Not in Schema v1.1: counts the requests of a user within a day.
    Index("idx_review_requests_user_requested_at", "requested_by_user_id", "requested_at"),
)

SCHEMA_V1_1 = (candidates, user_candidate_assignments, resumes, resume_sections, review_requests)

# Values written to columns that may have check constraints. Ranges are given by their ends.
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

# Tables that Schema v1.1 does not have.
document_signals = Table(
    "document_signals",
    metadata,
    Column("resume_id", Uuid, ForeignKey("resumes.id", ondelete="CASCADE"), primary_key=True),
    Column("signals", JSONB, nullable=False),
)

# True of analyses whose end is not known.
UNFINISHED = "status IN ('pending', 'processing')"

# Options of a request that have no column in Schema v1.1, and the status that results-api decided.
analysis_details = Table(
    "analysis_details",
    metadata,
    Column("review_request_id", Uuid, ForeignKey("review_requests.id", ondelete="CASCADE"), primary_key=True),
    Column("analysis_depth", String(20), nullable=False),
    Column("compare_to_market", Boolean, nullable=False),
    Column("focus_areas", JSONB, nullable=False),
    # As requested. `review_requests.target_industry` may have another name, which the legacy backend knows.
    # NULL for the legacy backend's requests and for requests from before this column existed.
    Column("industry", String(100)),
    # NULL means the language of the resume, for requests from before this column existed.
    Column("report_language", String(10)),
    Column("status", String(20), nullable=False, server_default="pending"),
    Column("version", Integer, nullable=False, server_default=text("0")),
    Column("failure_code", String(50)),
    _now("cancel_requested_at", nullable=True),
    # Times of the database's clock, which all replicas share. `emissions` counts emissions of the event.
    _now("accepted_at"),
    _now("emitted_at"),
    Column("emissions", Integer, nullable=False, server_default=text("1")),
    Index("idx_analysis_details_waiting", "emitted_at", postgresql_where=text(UNFINISHED)),
)

idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("user_id", Uuid, nullable=False),
    Column("key", String(255), nullable=False),
    Column("fingerprint", String(64), nullable=False),
    Column("answer", JSONB, nullable=False),
    _now("created_at"),
    # Deletes a key with its analysis. Deferred, because the key is stored before the request.
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

jobs = Table(
    "jobs",
    metadata,
    Column("id", Uuid, primary_key=True),
    # Beside the legacy backend it references `users`, and a user's jobs are deleted with the user.
    Column("created_by_user_id", Uuid, nullable=False),
    Column("status", String(20), nullable=False),
    # The newest of its versions.
    Column("version", Integer, nullable=False),
    _time("created_at"),
    _time("closed_at", nullable=True),
    CheckConstraint("status IN ('open', 'closed')"),
    Index("idx_jobs_created_by", "created_by_user_id", "created_at"),
    Index("idx_jobs_created_at", "created_at"),
)

job_versions = Table(
    "job_versions",
    metadata,
    Column("job_id", Uuid, ForeignKey("jobs.id", ondelete="CASCADE"), nullable=False),
    Column("version", Integer, nullable=False),
    Column("title", String(MAX_TITLE_CHARACTERS), nullable=False),
    Column("text", Text, nullable=False),
    # NULL if the consultant named none.
    Column("language", String(10)),
    Column("requirements", JSONB, nullable=False),
    # Requirements of the text that a consultant removed.
    Column("removed", JSONB, nullable=False),
    # Sentences of the text about age, gender, nationality, health or family.
    Column("left_out", JSONB, nullable=False),
    # Number of requirements of the text beyond the limit.
    Column("dropped", Integer, nullable=False),
    Column("written_by_user_id", Uuid, nullable=False),
    _time("written_at"),
    PrimaryKeyConstraint("job_id", "version"),
)

# True of matches whose end is not known.
UNFINISHED_MATCH = "status = 'pending'"
# True of matches whose job, resume or requester was deleted. They are to be erased.
ORPHANED_MATCH = "job_id IS NULL OR resume_id IS NULL OR requested_by_user_id IS NULL"

matches = Table(
    "matches",
    metadata,
    Column("id", Uuid, primary_key=True),
    # A deletion by any application sets the reference to NULL instead of deleting the match, because other
    # services must be told to erase what they hold of it.
    Column("job_id", Uuid, ForeignKey("jobs.id", ondelete="SET NULL")),
    Column("job_version", Integer, nullable=False),
    Column("resume_id", Uuid, ForeignKey("resumes.id", ondelete="SET NULL")),
    # Beside the legacy backend it references `users`.
    Column("requested_by_user_id", Uuid),
    # Ids for the event that erases the match.
    Column("original_job_id", Uuid, nullable=False),
    Column("original_resume_id", Uuid, nullable=False),
    Column("original_requester_id", Uuid, nullable=False),
    Column("resume_version", Integer, nullable=False),
    Column("candidate_id", Uuid, nullable=False),
    Column("status", String(20), nullable=False),
    # That of the last public event that was copied.
    Column("version", Integer, nullable=False, server_default=text("0")),
    _time("requested_at"),
    _time("ended_at", nullable=True),
    _time("cancel_requested_at", nullable=True),
    _now("emitted_at"),
    Column("emissions", Integer, nullable=False, server_default=text("1")),
    CheckConstraint("status IN ('pending', 'completed', 'failed', 'cancelled', 'erased')"),
    Index("idx_matches_job", "job_id", "job_version", "resume_id"),
    Index("idx_matches_resume", "resume_id"),
    Index("idx_matches_user_requested_at", "requested_by_user_id", "requested_at"),
    Index("idx_matches_user_waiting", "requested_by_user_id", postgresql_where=text(UNFINISHED_MATCH)),
    Index("idx_matches_waiting", "emitted_at", postgresql_where=text(UNFINISHED_MATCH)),
    Index("idx_matches_orphaned", "id", postgresql_where=text(ORPHANED_MATCH)),
)

OUTBOX = "request_outbox"

outbox = outbox_table(metadata, OUTBOX)
