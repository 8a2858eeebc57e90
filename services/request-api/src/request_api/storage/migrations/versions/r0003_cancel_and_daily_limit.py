"""The time of a cancellation request, and an index for the daily limit."""

from alembic import op
from chassis.db.migrations import create_index_concurrently

revision = "r0003"
down_revision = "r0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column and the index."""
    op.execute("ALTER TABLE analysis_details ADD COLUMN IF NOT EXISTS cancel_requested_at timestamptz")
    create_index_concurrently(
        "idx_review_requests_user_requested_at",
        table="review_requests",
        columns=("requested_by_user_id", "requested_at"),
    )
