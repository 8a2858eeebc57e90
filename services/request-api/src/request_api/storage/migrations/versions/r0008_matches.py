"""Matches of resumes with jobs, in a table of their own."""

from alembic import op

revision = "r0008"
down_revision = "r0007"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE matches (
        id uuid PRIMARY KEY,
        job_id uuid REFERENCES jobs (id) ON DELETE SET NULL,
        job_version integer NOT NULL,
        resume_id uuid REFERENCES resumes (id) ON DELETE SET NULL,
        requested_by_user_id uuid,
        original_job_id uuid NOT NULL,
        original_resume_id uuid NOT NULL,
        original_requester_id uuid NOT NULL,
        resume_version integer NOT NULL,
        candidate_id uuid NOT NULL,
        status varchar(20) NOT NULL
            CHECK (status IN ('pending', 'completed', 'failed', 'cancelled', 'erased')),
        version integer NOT NULL DEFAULT 0,
        requested_at timestamptz NOT NULL,
        ended_at timestamptz,
        cancel_requested_at timestamptz,
        emitted_at timestamptz NOT NULL DEFAULT now(),
        emissions integer NOT NULL DEFAULT 1
    )
    """,
    "CREATE INDEX idx_matches_job ON matches (job_id, job_version, resume_id)",
    "CREATE INDEX idx_matches_resume ON matches (resume_id)",
    "CREATE INDEX idx_matches_user_requested_at ON matches (requested_by_user_id, requested_at)",
    "CREATE INDEX idx_matches_user_waiting ON matches (requested_by_user_id) WHERE status = 'pending'",
    "CREATE INDEX idx_matches_waiting ON matches (emitted_at) WHERE status = 'pending'",
    """
    CREATE INDEX idx_matches_orphaned ON matches (id)
    WHERE job_id IS NULL OR resume_id IS NULL OR requested_by_user_id IS NULL
    """,
    # Beside the legacy backend only. It deletes its users as before, and the watchdog erases their matches.
    """
    DO $$ BEGIN
        IF to_regclass('users') IS NOT NULL THEN
            ALTER TABLE matches ADD CONSTRAINT matches_requested_by_user_id_fkey
                FOREIGN KEY (requested_by_user_id) REFERENCES users (id) ON DELETE SET NULL;
        END IF;
    END $$
    """,
)


def upgrade() -> None:
    """Create the table."""
    for statement in TABLES:
        op.execute(statement)
