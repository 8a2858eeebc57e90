"""Jobs and their versions, in tables of their own."""

from alembic import op

revision = "r0007"
down_revision = "r0006"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE jobs (
        id uuid PRIMARY KEY,
        created_by_user_id uuid NOT NULL,
        status varchar(20) NOT NULL CHECK (status IN ('open', 'closed')),
        version integer NOT NULL,
        created_at timestamptz NOT NULL,
        closed_at timestamptz
    )
    """,
    "CREATE INDEX idx_jobs_created_by ON jobs (created_by_user_id, created_at)",
    "CREATE INDEX idx_jobs_created_at ON jobs (created_at)",
    """
    CREATE TABLE job_versions (
        job_id uuid NOT NULL REFERENCES jobs (id) ON DELETE CASCADE,
        version integer NOT NULL,
        title varchar(200) NOT NULL,
        text text NOT NULL,
        language varchar(10),
        requirements jsonb NOT NULL,
        removed jsonb NOT NULL,
        left_out jsonb NOT NULL,
        dropped integer NOT NULL,
        written_by_user_id uuid NOT NULL,
        written_at timestamptz NOT NULL,
        PRIMARY KEY (job_id, version)
    )
    """,
    # Beside the legacy backend only. It deletes its users as before, and their jobs are deleted with them.
    """
    DO $$ BEGIN
        IF to_regclass('users') IS NOT NULL THEN
            ALTER TABLE jobs ADD CONSTRAINT jobs_created_by_user_id_fkey
                FOREIGN KEY (created_by_user_id) REFERENCES users (id) ON DELETE CASCADE;
        END IF;
    END $$
    """,
)


def upgrade() -> None:
    """Create the tables."""
    for statement in TABLES:
        op.execute(statement)
