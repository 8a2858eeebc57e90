"""Add the resume version to analyses, and an index for comparisons with earlier versions."""

from alembic import op

revision = "s0004"
down_revision = "s0003"
branch_labels = None
depends_on = None

STATEMENTS = (
    "ALTER TABLE analysis_views ADD COLUMN resume_version integer",
    "CREATE INDEX idx_analysis_views_versions ON analysis_views (candidate_id, industry, resume_version)",
)


def upgrade() -> None:
    """Add them."""
    for statement in STATEMENTS:
        op.execute(statement)
