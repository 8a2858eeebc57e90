"""Requested industry and report language of an analysis; assignments of candidates that we registered."""

from alembic import op

revision = "r0006"
down_revision = "r0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add two columns; assign candidates that an older version registered to their creators.

    Where the legacy backend shares the database and nothing was uploaded or requested through us yet, all
    candidates are its own, and stay as they are.
    """
    op.execute(
        """
        INSERT INTO user_candidate_assignments
            (user_id, candidate_id, assignment_type, assigned_at, assigned_by_user_id, is_active)
        SELECT c.created_by_user_id, c.id, 'primary', c.created_at, c.created_by_user_id, true
        FROM candidates AS c
        WHERE NOT EXISTS (SELECT FROM user_candidate_assignments AS a WHERE a.candidate_id = c.id)
          AND (to_regclass('users') IS NULL
               OR EXISTS (SELECT FROM document_signals) OR EXISTS (SELECT FROM analysis_details))
        """
    )
    # Last, since it locks the table until the end of the transaction.
    op.execute(
        """
        ALTER TABLE analysis_details
            ADD COLUMN IF NOT EXISTS industry varchar(100),
            ADD COLUMN IF NOT EXISTS report_language varchar(10)
        """
    )
