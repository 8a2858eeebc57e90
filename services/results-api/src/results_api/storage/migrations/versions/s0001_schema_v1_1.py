"""Adopt or create `review_results` of Schema v1.1.

A created table differs from production in two points: there is no reference to `review_requests`, which is
in another database, and the index on `review_request_id` is unique.
"""

from alembic import op
from chassis.db.adoption import can_adopt
from results_api.storage.tables import SCHEMA_V1_1, WRITTEN

revision = "s0001"
down_revision = None
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE review_results (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        review_request_id uuid NOT NULL,
        overall_score integer CHECK (overall_score BETWEEN 0 AND 100),
        ats_score integer CHECK (ats_score BETWEEN 0 AND 100),
        content_score integer CHECK (content_score BETWEEN 0 AND 100),
        formatting_score integer CHECK (formatting_score BETWEEN 0 AND 100),
        executive_summary text,
        detailed_scores jsonb,
        raw_ai_response jsonb,
        ai_model_used varchar(100),
        processing_time_ms integer,
        created_at timestamptz NOT NULL DEFAULT now()
    )
    """,
    "CREATE UNIQUE INDEX uq_review_results_request ON review_results (review_request_id)",
    "CREATE INDEX idx_review_results_created_at ON review_results (created_at DESC)",
)


def upgrade() -> None:
    """Adopt or create it."""
    # The table of a later migration is checked now, so that a refusal precedes the first change.
    if can_adopt(op.get_bind(), SCHEMA_V1_1, values=WRITTEN):
        return
    for statement in TABLES:
        op.execute(statement)
