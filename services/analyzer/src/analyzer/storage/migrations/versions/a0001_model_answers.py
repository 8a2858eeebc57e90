"""Cached responses of the model, and the marks of erased resumes."""

from alembic import op

revision = "a0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE model_answers (
        key varchar(64) PRIMARY KEY,
        resume_id uuid NOT NULL,
        answers jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now()
    )
    """,
    "CREATE INDEX idx_model_answers_resume ON model_answers (resume_id)",
    "CREATE INDEX idx_model_answers_created_at ON model_answers (created_at)",
    """
    CREATE TABLE erased_resumes (
        resume_id uuid PRIMARY KEY,
        erased_at timestamptz NOT NULL DEFAULT now()
    )
    """,
)


def upgrade() -> None:
    """Create both tables."""
    for statement in TABLES:
        op.execute(statement)
