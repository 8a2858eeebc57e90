"""Create the combined view and the outbox, which Schema v1.1 does not have."""

from alembic import op
from chassis.messaging.outbox import outbox_ddl

revision = "s0002"
down_revision = "s0001"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE analysis_views (
        analysis_id uuid PRIMARY KEY,
        resume_id uuid NOT NULL,
        candidate_id uuid NOT NULL,
        requested_by uuid NOT NULL,
        candidate_name varchar(201) NOT NULL,
        file_name varchar(255) NOT NULL,
        industry varchar(100),
        status varchar(20) NOT NULL CHECK (status IN
            ('pending', 'processing', 'completed', 'failed', 'cancelled', 'erased')),
        version integer NOT NULL,
        requested_at timestamptz NOT NULL,
        ended_at timestamptz,
        overall_score integer,
        market_tier varchar(20),
        failure_code varchar(50),
        failure_detail varchar(500)
    )
    """,
    "CREATE INDEX idx_analysis_views_requester ON analysis_views (requested_by, requested_at DESC)",
    "CREATE INDEX idx_analysis_views_requested_at ON analysis_views (requested_at DESC)",
    "CREATE INDEX idx_analysis_views_resume ON analysis_views (resume_id, requested_at DESC)",
    "CREATE INDEX idx_analysis_views_candidate ON analysis_views (candidate_id, requested_at DESC)",
    *outbox_ddl("results_outbox"),
)


def upgrade() -> None:
    """Create them."""
    for statement in TABLES:
        op.execute(statement)
