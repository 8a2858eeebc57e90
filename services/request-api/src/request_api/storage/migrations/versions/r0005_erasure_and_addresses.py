"""Delete an idempotency key with its analysis, and find addresses in any letter case."""

from alembic import op
from chassis.db.migrations import create_index_concurrently

revision = "r0005"
down_revision = "r0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add a column, a reference and indexes, and delete the keys of erased analyses."""
    # A generated column is also correct for existing rows and for rows that an older version still writes.
    op.execute(
        """
        ALTER TABLE idempotency_keys
            ADD COLUMN IF NOT EXISTS analysis_id uuid
                GENERATED ALWAYS AS ((answer ->> 'analysis_id')::uuid) STORED,
            DROP CONSTRAINT IF EXISTS idempotency_keys_analysis_id_fkey,
            ADD CONSTRAINT idempotency_keys_analysis_id_fkey FOREIGN KEY (analysis_id)
                REFERENCES review_requests (id) ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED NOT VALID
        """
    )
    # This commits the changes above, so that writers do not wait while existing rows are validated.
    create_index_concurrently(
        "idx_idempotency_keys_analysis", table="idempotency_keys", columns=("analysis_id",)
    )
    op.execute(
        """
        DELETE FROM idempotency_keys AS k
        WHERE NOT EXISTS (SELECT FROM review_requests AS r WHERE r.id = k.analysis_id)
        """
    )
    op.execute("ALTER TABLE idempotency_keys VALIDATE CONSTRAINT idempotency_keys_analysis_id_fkey")
    create_index_concurrently("idx_candidates_email_lower", table="candidates", columns=("lower(email)",))
