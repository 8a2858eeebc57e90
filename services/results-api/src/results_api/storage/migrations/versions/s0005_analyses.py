"""Create the view `analyses`, which includes the legacy backend's analyses if they are in this database.

They are read in place and never copied, so later changes by the legacy backend are visible. Rows in
`analysis_views` take precedence.
"""

from alembic import op
from chassis.telemetry.logs import get_logger
from sqlalchemy import inspect, text

revision = "s0005"
down_revision = "s0004"
branch_labels = None
depends_on = None

log = get_logger(__name__)

OURS = """
    SELECT analysis_id, resume_id, candidate_id, requested_by, candidate_name, file_name, industry, status,
           version, requested_at, ended_at, overall_score, market_tier, failure_code, failure_detail,
           resume_version
    FROM analysis_views
"""

THEIRS = """
    SELECT q.id, q.resume_id, u.candidate_id, q.requested_by_user_id,
           left(c.first_name || ' ' || c.last_name, 201)::varchar(201), u.original_filename,
           q.target_industry,
           -- A crash of the legacy backend between its two commits can leave one without the other.
           (CASE WHEN r.id IS NOT NULL THEN 'completed' WHEN q.status = 'completed' THEN 'failed'
                 ELSE q.status END)::varchar(20),
           0, q.requested_at,
           CASE WHEN q.status IN ('completed', 'failed') OR r.id IS NOT NULL
                THEN coalesce(q.completed_at, r.created_at) END,
           r.overall_score, r.market_tier,
           (CASE WHEN r.id IS NOT NULL THEN NULL
                 WHEN q.status = 'completed' THEN 'result_missing'
                 WHEN q.status = 'failed' THEN coalesce(d.failure_code, 'not_recorded') END)::varchar(50),
           NULL::varchar(500), u.version_number
    FROM review_requests q
    JOIN resumes u ON u.id = q.resume_id
    JOIN candidates c ON c.id = u.candidate_id
    LEFT JOIN analysis_details d ON d.review_request_id = q.id
    LEFT JOIN LATERAL (
        SELECT id, overall_score, created_at,
               left(detailed_scores ->> 'market_tier', 20)::varchar(20) AS market_tier
        FROM review_results WHERE review_request_id = q.id ORDER BY created_at DESC, id LIMIT 1
    ) r ON true
    WHERE NOT EXISTS (SELECT FROM analysis_views v WHERE v.analysis_id = q.id)
"""


def upgrade() -> None:
    """Create the view, and log analyses with several results, of which the newest is shown."""
    connection = op.get_bind()
    if not inspect(connection).has_table("review_requests"):
        op.execute(f"CREATE VIEW analyses AS {OURS}")
        return
    op.execute(f"CREATE VIEW analyses AS {OURS} UNION ALL {THEIRS}")
    several = connection.execute(
        text(
            "SELECT review_request_id, count(*) FROM review_results"
            " GROUP BY review_request_id HAVING count(*) > 1 ORDER BY 2 DESC, 1 LIMIT 100"
        )
    ).all()
    for analysis_id, count in several:
        log.warning("several results, the newest counts", analysis_id=str(analysis_id), results=count)
