"""Add the stored industry to `analyses`, for filters that match those of the legacy backend."""

from alembic import op
from results_api.storage.migrations.versions.s0005_analyses import OURS, THEIRS
from sqlalchemy import inspect

revision = "s0008"
down_revision = "s0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Add the column `stored_industry`, which defaults to the requested industry."""
    if not inspect(op.get_bind()).has_table("review_requests"):
        ours = OURS.replace("resume_version\n", "resume_version, industry AS stored_industry\n")
        op.execute(f"CREATE OR REPLACE VIEW analyses AS {ours}")
        return
    requested = THEIRS.replace("q.target_industry,", "coalesce(d.industry, q.target_industry),")
    theirs = requested.replace("u.version_number\n", "u.version_number, q.target_industry\n")
    stored = "(SELECT target_industry FROM review_requests q WHERE q.id = analysis_id)"
    ours = OURS.replace(
        "resume_version\n", f"resume_version, coalesce({stored}, industry) AS stored_industry\n"
    )
    op.execute(f"CREATE OR REPLACE VIEW analyses AS {ours} UNION ALL {theirs}")
