"""Notify listeners of each changed analysis, with its id."""

from alembic import op

revision = "s0006"
down_revision = "s0005"
branch_labels = None
depends_on = None

STATEMENTS = (
    """
    CREATE FUNCTION analysis_views_notify() RETURNS trigger LANGUAGE plpgsql AS
    $$ BEGIN PERFORM pg_notify('analysis_views', NEW.analysis_id::text); RETURN NULL; END $$
    """,
    """
    CREATE TRIGGER analysis_views_new AFTER INSERT ON analysis_views
    FOR EACH ROW EXECUTE FUNCTION analysis_views_notify()
    """,
    """
    CREATE TRIGGER analysis_views_changed AFTER UPDATE ON analysis_views
    FOR EACH ROW WHEN (OLD.version IS DISTINCT FROM NEW.version) EXECUTE FUNCTION analysis_views_notify()
    """,
)


def upgrade() -> None:
    """Create function and triggers."""
    for statement in STATEMENTS:
        op.execute(statement)
