"""Show the requested industry in `analyses` if the legacy backend stores another one."""

from alembic import op
from results_api.storage.migrations.versions.s0005_analyses import OURS, THEIRS
from sqlalchemy import inspect

revision = "s0007"
down_revision = "s0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Replace the view if it reads review_requests."""
    if inspect(op.get_bind()).has_table("review_requests"):
        theirs = THEIRS.replace("q.target_industry,", "coalesce(d.industry, q.target_industry),")
        op.execute(f"CREATE OR REPLACE VIEW analyses AS {OURS} UNION ALL {theirs}")
