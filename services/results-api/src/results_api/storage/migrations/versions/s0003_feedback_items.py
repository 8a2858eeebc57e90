"""Adopt or create `review_feedback_items` of Schema v1.1.

A created table has no reference to `resume_sections`, which is in another database.
"""

from alembic import op
from chassis.db.adoption import can_adopt
from results_api.storage.tables import WRITTEN, review_feedback_items

revision = "s0003"
down_revision = "s0002"
branch_labels = None
depends_on = None

TABLES = (
    """
    CREATE TABLE review_feedback_items (
        id uuid PRIMARY KEY DEFAULT gen_random_uuid(),
        review_result_id uuid NOT NULL REFERENCES review_results (id) ON DELETE CASCADE,
        resume_section_id uuid,
        feedback_type varchar(20) NOT NULL
            CHECK (feedback_type IN ('strength', 'weakness', 'suggestion', 'error')),
        category varchar(20) NOT NULL CHECK (category IN ('content', 'formatting', 'keywords', 'grammar')),
        feedback_text text NOT NULL,
        severity_level integer NOT NULL DEFAULT 3 CHECK (severity_level BETWEEN 1 AND 5),
        original_text text,
        suggested_text text,
        confidence_score integer CHECK (confidence_score BETWEEN 0 AND 100)
    )
    """,
    "CREATE INDEX idx_feedback_result ON review_feedback_items (review_result_id)",
)


def upgrade() -> None:
    """Adopt or create it."""
    if can_adopt(op.get_bind(), [review_feedback_items], values=WRITTEN):
        return
    for statement in TABLES:
        op.execute(statement)
