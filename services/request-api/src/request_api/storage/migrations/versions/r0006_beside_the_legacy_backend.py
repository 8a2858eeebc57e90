"""Requested industry and report language of analyses, and assignments of registered candidates."""

from alembic import op

revision = "r0006"
down_revision = "r0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add two columns, and assign candidates that an older version registered to their creators.

    If the legacy backend shares the database and request-api was not used yet, all candidates are the legacy
    backend's and are not assigned.
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
    # Last, because it locks the table until the transaction ends.
    op.execute(
        """
        ALTER TABLE analysis_details
            ADD COLUMN IF NOT EXISTS industry varchar(100),
            ADD COLUMN IF NOT EXISTS report_language varchar(10)
        """
    )
