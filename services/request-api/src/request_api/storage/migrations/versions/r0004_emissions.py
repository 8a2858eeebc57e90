"""Times of the acceptance of an analysis and its last emission, and the number of emissions."""

from alembic import op
from chassis.db.migrations import create_index_concurrently

revision = "r0004"
down_revision = "r0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the columns. Existing analyses count as accepted now."""
    op.execute(
        """
        ALTER TABLE analysis_details
            ADD COLUMN IF NOT EXISTS accepted_at timestamptz NOT NULL DEFAULT now(),
            ADD COLUMN IF NOT EXISTS emitted_at timestamptz NOT NULL DEFAULT now(),
            ADD COLUMN IF NOT EXISTS emissions integer NOT NULL DEFAULT 1
        """
    )
    create_index_concurrently(
        "idx_analysis_details_waiting",
        table="analysis_details",
        columns=("emitted_at",),
        where="status IN ('pending', 'processing')",
    )
