"""The tables of the analyzer. Alembic's migrations create them; a test holds the two together."""

from sqlalchemy import Column, DateTime, Index, MetaData, String, Table, Uuid, func
from sqlalchemy.dialects.postgresql import JSONB

metadata = MetaData()

model_answers = Table(
    "model_answers",
    metadata,
    # SHA-256 of all that decides what is asked.
    Column("key", String(64), primary_key=True),
    Column("resume_id", Uuid, nullable=False),
    # Of each call the model's name and what it said, word for word.
    Column("answers", JSONB, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    Index("idx_model_answers_resume", "resume_id"),
    Index("idx_model_answers_created_at", "created_at"),
)

# An analysis that was under way when its resume was erased may not write its answers back.
erased_resumes = Table(
    "erased_resumes",
    metadata,
    Column("resume_id", Uuid, primary_key=True),
    Column("erased_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
)

# It reads and writes none of Schema v1.1.
SCHEMA_V1_1 = ()
WRITTEN: dict[str, tuple[object, ...]] = {}

# What the service's login may do with each table: exactly what its statements need (test_grants.py).
GRANTS = {
    "model_answers": "SELECT, INSERT, DELETE",
    "erased_resumes": "SELECT, INSERT, DELETE",
}
