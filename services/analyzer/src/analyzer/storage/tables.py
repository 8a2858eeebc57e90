"""Tables of the analyzer. Migrations create them, and a test checks that both agree."""

from sqlalchemy import Column, DateTime, Index, MetaData, String, Table, Uuid, func
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()

model_answers = Table(
    "model_answers",
    metadata,
    # SHA-256 of everything that decides the response: model, address, prompts and the redacted resume.
    Column("key", String(64), primary_key=True),
    Column("resume_id", Uuid, nullable=False),
    # The model's name and the verbatim content of each response.
    Column("answers", JSONB, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Index("idx_model_answers_resume", "resume_id"),
    Index("idx_model_answers_created_at", "created_at"),
)

# Marks that stop an analysis under way from storing responses after its resume was erased.
erased_resumes = Table(
    "erased_resumes",
    metadata,
    Column("resume_id", Uuid, primary_key=True),
    Column("erased_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

# The analyzer neither reads nor writes Schema v1.1.
SCHEMA_V1_1 = ()
WRITTEN: dict[str, tuple[object, ...]] = {}

# Privileges of the service's role: exactly those that its statements need (checked by test_grants.py).
GRANTS = {
    "model_answers": "SELECT, INSERT, DELETE",
    "erased_resumes": "SELECT, INSERT, DELETE",
}
