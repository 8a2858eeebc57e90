"""Create the views that lists are filtered and sorted by, and an index for each filter and order.

Beside the legacy backend, `review_requests` holds every analysis, also those of this system, so lists start
from it. Status and erasure come from `analysis_views`, scores from the newest result, and names from the
tables of candidates and resumes, whose indexes can be used. `analyses` shows the same names from now on.
"""

from collections.abc import Sequence

from alembic import op
from chassis.db.migrations import create_index_concurrently
from results_api.storage.migrations.versions.s0005_analyses import OURS, THEIRS
from sqlalchemy import inspect

revision = "s0010"
down_revision = "s0009"
branch_labels = None
depends_on = None

INDEXES: Sequence[tuple[str, str, Sequence[str]]] = (
    ("idx_analysis_views_score", "analysis_views", ("overall_score", "analysis_id")),
    ("idx_analysis_views_tier", "analysis_views", ("market_tier", "requested_at DESC")),
    ("idx_analysis_views_industry", "analysis_views", ("industry", "requested_at DESC")),
    ("idx_analysis_views_name", "analysis_views", ("lower(candidate_name)", "analysis_id")),
)
VIEWS = (
    """
    CREATE VIEW listed_analyses AS
    SELECT analysis_id, resume_id, candidate_id, requested_by,
           lower(candidate_name) AS candidate_name_lower, lower(file_name) AS file_name_lower,
           NULL::varchar(100) AS requested_industry, industry AS stored_industry, status,
           status = 'completed' AS is_completed, requested_at
    FROM analysis_views WHERE status <> 'erased'
    """,
    """
    CREATE VIEW listed_scores AS SELECT analysis_id, overall_score, market_tier FROM analysis_views
    """,
)

# A function, because its costs keep PostgreSQL from reading every report instead of the index.
MARKET_TIER = """
    CREATE OR REPLACE FUNCTION review_results_market_tier(details jsonb) RETURNS varchar
    LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE COST 1000 AS
    $$ BEGIN RETURN left(details ->> 'market_tier', 20); END $$
"""
# Its columns may be wider than ours, and a value that is too long for an index could not be stored.
INDEXES_BESIDE_THE_LEGACY_BACKEND: Sequence[tuple[str, str, Sequence[str]]] = (
    ("idx_review_requests_industry", "review_requests", ("left(target_industry, 100)", "requested_at DESC")),
    ("idx_review_results_score", "review_results", ("overall_score", "review_request_id")),
    (
        "idx_review_results_tier",
        "review_results",
        ("review_results_market_tier(detailed_scores)", "review_request_id"),
    ),
    ("idx_candidates_name", "candidates", ("lower(left(first_name || ' ' || last_name, 201))",)),
)
PARTIAL_INDEXES_BESIDE_THE_LEGACY_BACKEND: Sequence[tuple[str, str, Sequence[str], str]] = (
    ("idx_analysis_details_industry", "analysis_details", ("industry",), "industry IS NOT NULL"),
    ("idx_analysis_views_erased", "analysis_views", ("analysis_id",), "status = 'erased'"),
)
# For estimates of how many files contain a text. The names of candidates have an index, which has its own.
STATISTICS_BESIDE_THE_LEGACY_BACKEND = (
    "CREATE STATISTICS IF NOT EXISTS resumes_file_name_lower ON (lower(original_filename)) FROM resumes"
)
# Joins that a query does not need are left out by PostgreSQL, because each finds at most one row.
VIEWS_BESIDE_THE_LEGACY_BACKEND = (
    """
    CREATE VIEW listed_analyses AS
    SELECT q.id AS analysis_id, q.resume_id, u.candidate_id, q.requested_by_user_id AS requested_by,
           lower(left(c.first_name || ' ' || c.last_name, 201)) AS candidate_name_lower,
           lower(u.original_filename) AS file_name_lower,
           d.industry AS requested_industry, left(q.target_industry, 100) AS stored_industry,
           (CASE WHEN v.status IS NOT NULL THEN v.status
                 WHEN EXISTS (SELECT FROM review_results r WHERE r.review_request_id = q.id) THEN 'completed'
                 WHEN q.status = 'completed' THEN 'failed'
                 ELSE q.status END)::varchar(20) AS status,
           CASE WHEN v.status IS NOT NULL THEN v.status = 'completed'
                ELSE EXISTS (SELECT FROM review_results r WHERE r.review_request_id = q.id)
                END AS is_completed,
           q.requested_at
    FROM review_requests q
    LEFT JOIN resumes u ON u.id = q.resume_id
    LEFT JOIN candidates c ON c.id = u.candidate_id
    LEFT JOIN analysis_details d ON d.review_request_id = q.id
    LEFT JOIN analysis_views v ON v.analysis_id = q.id
    WHERE NOT EXISTS (SELECT FROM analysis_views e WHERE e.analysis_id = q.id AND e.status = 'erased')
    """,
    """
    CREATE VIEW listed_scores AS
    SELECT review_request_id AS analysis_id, overall_score,
           review_results_market_tier(detailed_scores) AS market_tier
    FROM review_results r
    WHERE NOT EXISTS (
        SELECT FROM review_results newer
        WHERE newer.review_request_id = r.review_request_id
          AND (newer.created_at > r.created_at OR (newer.created_at = r.created_at AND newer.id < r.id))
    )
    """,
    "CREATE OR REPLACE VIEW analyses AS {ours} UNION ALL {theirs}",
)


def upgrade() -> None:
    """Create indexes, then the views."""
    if not inspect(op.get_bind()).has_table("review_requests"):
        for name, table, columns in INDEXES:
            create_index_concurrently(name, table=table, columns=columns)
        for view in VIEWS:
            op.execute(view)
        return
    op.execute(MARKET_TIER)
    # The index runs it for rows that the legacy backend writes, also where PUBLIC has no rights by default.
    op.execute("GRANT EXECUTE ON FUNCTION review_results_market_tier TO PUBLIC")
    for name, table, columns in INDEXES_BESIDE_THE_LEGACY_BACKEND:
        create_index_concurrently(name, table=table, columns=columns)
    for name, table, columns, where in PARTIAL_INDEXES_BESIDE_THE_LEGACY_BACKEND:
        create_index_concurrently(name, table=table, columns=columns, where=where)
    op.execute(STATISTICS_BESIDE_THE_LEGACY_BACKEND)
    for view in VIEWS_BESIDE_THE_LEGACY_BACKEND:
        op.execute(view.format(ours=_ours(), theirs=_theirs()))


def _ours() -> str:
    """Return the part of `analyses` for this system's analyses, with the legacy backend's names."""
    name = """
        coalesce((
            SELECT left(c.first_name || ' ' || c.last_name, 201)
            FROM resumes u JOIN candidates c ON c.id = u.candidate_id WHERE u.id = resume_id
        ), candidate_name)::varchar(201) AS candidate_name,
    """
    stored = "(SELECT target_industry FROM review_requests q WHERE q.id = analysis_id)"
    return OURS.replace("candidate_name,", name).replace(
        "resume_version\n", f"resume_version, coalesce({stored}, industry) AS stored_industry\n"
    )


def _theirs() -> str:
    requested = THEIRS.replace("q.target_industry,", "coalesce(d.industry, q.target_industry),")
    return requested.replace("u.version_number\n", "u.version_number, q.target_industry\n")
