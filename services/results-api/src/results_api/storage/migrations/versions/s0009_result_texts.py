"""Create a table for the details of large results as text."""

from alembic import op

revision = "s0009"
down_revision = "s0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Create the table."""
    op.execute(
        """
        CREATE TABLE result_texts (
            review_result_id uuid PRIMARY KEY REFERENCES review_results (id) ON DELETE CASCADE,
            detailed_scores text NOT NULL
        )
        """
    )
