"""Tables that request-api adds to Schema v1.1: signals, details, idempotency keys and the outbox."""

from alembic import op
from chassis.messaging.outbox import outbox_ddl

revision = "r0002"
down_revision = "r0001"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE document_signals (
        resume_id uuid PRIMARY KEY REFERENCES resumes (id) ON DELETE CASCADE,
        signals jsonb NOT NULL
    )
    """,
    """
    CREATE TABLE analysis_details (
        review_request_id uuid PRIMARY KEY REFERENCES review_requests (id) ON DELETE CASCADE,
        analysis_depth varchar(20) NOT NULL,
        compare_to_market boolean NOT NULL,
        focus_areas jsonb NOT NULL,
        status varchar(20) NOT NULL DEFAULT 'pending',
        version integer NOT NULL DEFAULT 0,
        failure_code varchar(50)
    )
    """,
    """
    CREATE TABLE idempotency_keys (
        user_id uuid NOT NULL,
        key varchar(255) NOT NULL,
        fingerprint varchar(64) NOT NULL,
        answer jsonb NOT NULL,
        created_at timestamptz NOT NULL DEFAULT now(),
        PRIMARY KEY (user_id, key)
    )
    """,
    "CREATE INDEX idx_idempotency_keys_created_at ON idempotency_keys (user_id, created_at)",
    *outbox_ddl("request_outbox"),
)


def upgrade() -> None:
    """Create the tables."""
    for statement in TABLES:
        op.execute(statement)
