"""Create the read model of matches, and notify listeners of each changed match with the id of its job."""

from alembic import op

revision = "s0011"
down_revision = "s0010"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE TABLE match_views (
        match_id uuid PRIMARY KEY,
        job_id uuid NOT NULL,
        job_version integer NOT NULL,
        resume_id uuid NOT NULL,
        resume_version integer NOT NULL,
        candidate_id uuid NOT NULL,
        candidate_name varchar(201) NOT NULL,
        file_name varchar(255) NOT NULL,
        requested_by uuid NOT NULL,
        status varchar(20) NOT NULL CHECK (status IN
            ('pending', 'completed', 'failed', 'cancelled', 'erased')),
        version integer NOT NULL,
        requested_at timestamptz NOT NULL,
        ended_at timestamptz,
        score double precision,
        assessed double precision,
        matcher_version varchar(40),
        failure_code varchar(50),
        failure_detail varchar(500),
        outcomes jsonb,
        result jsonb
    )
    """,
    "CREATE INDEX idx_match_views_job ON match_views (job_id, job_version, requested_by)",
    """
    CREATE FUNCTION match_views_notify() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_notify('match_views', NEW.job_id::text); RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER match_views_new AFTER INSERT ON match_views
    FOR EACH ROW EXECUTE FUNCTION match_views_notify()
    """,
    """
    CREATE TRIGGER match_views_changed AFTER UPDATE ON match_views
    FOR EACH ROW WHEN (OLD.version IS DISTINCT FROM NEW.version) EXECUTE FUNCTION match_views_notify()
    """,
)


def upgrade() -> None:
    """Create the table with its index, function and triggers."""
    for statement in STATEMENTS:
        op.execute(statement)
