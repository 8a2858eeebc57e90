"""Rows for the measurement of lists: generated in the database, the same in every run.

In the adopted layout the newest quarter of the analyses is also in `analysis_views`, as after some months
beside the legacy backend.
"""

from hashlib import md5
from typing import Final
from uuid import UUID

import asyncpg


def _made(kind: str, number: int) -> UUID:
    """Return the id of a generated row."""
    return UUID(md5(f"{kind}{number}".encode(), usedforsecurity=False).hexdigest())


# A user who requested 1 of 200 analyses, and a candidate with eight.
USER: Final = _made("user", 7)
CANDIDATE: Final = _made("candidate", 7)

# Values of row `n`. A third of the names contains Japanese.
_FUNCTIONS: Final = """
    CREATE FUNCTION pg_temp.made(kind text, n int) RETURNS uuid LANGUAGE sql IMMUTABLE
    AS $$ SELECT md5(kind || n)::uuid $$;
    CREATE FUNCTION pg_temp.first_name(n int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
        SELECT (ARRAY['Mina', '太郎', 'Mirela', 'Jan', '花子', 'Ada', 'Ben', 'Zoë'])[1 + n % 8] || n $$;
    CREATE FUNCTION pg_temp.last_name(n int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
        SELECT (ARRAY['Sato', '田中', 'Okonjo', 'Müller', '佐藤', 'O''Neil', 'Ito', 'Ng', 'García', 'Smith',
                      '山田', 'Kowalski'])[1 + n * 7 % 12] $$;
    CREATE FUNCTION pg_temp.file_name(n int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
        SELECT (ARRAY['cv_', '職務経歴書_', 'Resume final ', 'CV-'])[1 + n % 4] || n || '.pdf' $$;
    CREATE FUNCTION pg_temp.industry(n int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
        SELECT (ARRAY['strategy_tech', 'ma_financial', 'consulting', 'system_integrator', 'general'])
               [1 + n % 5] $$;
    CREATE FUNCTION pg_temp.requested_at(n int) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS $$
        SELECT timestamptz '2026-01-01 00:00:00+00' - n * interval '3 minutes' $$;
    -- 92 % of the analyses have a result, 6 % failed and 2 % have not ended.
    CREATE FUNCTION pg_temp.has_result(n int) RETURNS boolean LANGUAGE sql IMMUTABLE
    AS $$ SELECT n % 50 < 46 $$;
    CREATE FUNCTION pg_temp.status(n int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
        SELECT CASE WHEN n % 50 < 46 THEN 'completed' WHEN n % 50 < 49 THEN 'failed' ELSE 'pending' END $$;
    CREATE FUNCTION pg_temp.score(n int) RETURNS int LANGUAGE sql IMMUTABLE
    AS $$ SELECT 35 + (n::bigint * 7919 % 60)::int $$;
    CREATE FUNCTION pg_temp.tier(n int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
        SELECT (ARRAY['entry', 'mid', 'mid', 'mid', 'senior', 'senior', 'executive'])[1 + n % 7] $$;
    -- About 2.5 kB, which PostgreSQL stores outside of the row.
    CREATE FUNCTION pg_temp.words(n int) RETURNS text LANGUAGE sql IMMUTABLE AS $$
        SELECT string_agg(md5(n::text || k), ' ') FROM generate_series(1, 80) k $$;
"""

# The parameter is the number of analyses.
_LEGACY: Final = (
    """
    INSERT INTO users (id, email, password_hash, first_name, last_name)
    SELECT pg_temp.made('user', n), n || '@example.com', '!', 'U', 'Ser' FROM generate_series(0, 199) n
    WHERE $1::int > 0
    """,
    """
    INSERT INTO candidates (id, first_name, last_name, created_by_user_id)
    SELECT pg_temp.made('candidate', n), pg_temp.first_name(n), pg_temp.last_name(n), pg_temp.made('user', 0)
    FROM generate_series(0, $1 / 8 - 1) n
    """,
    """
    INSERT INTO resumes (id, candidate_id, uploaded_by_user_id, original_filename, stored_filename, file_hash,
                         file_size, mime_type, status, progress, extracted_text)
    SELECT pg_temp.made('resume', n), pg_temp.made('candidate', n % ($1 / 8)), pg_temp.made('user', 0),
           pg_temp.file_name(n), '', '', 1, '', 'completed', 100, pg_temp.words(n)
    FROM generate_series(0, $1 / 2 - 1) n
    """,
    """
    INSERT INTO review_requests (id, resume_id, requested_by_user_id, target_industry, status, requested_at,
                                 completed_at)
    SELECT pg_temp.made('analysis', n), pg_temp.made('resume', n % ($1 / 2)), pg_temp.made('user', n % 200),
           pg_temp.industry(n), pg_temp.status(n), pg_temp.requested_at(n),
           pg_temp.requested_at(n) + interval '20 seconds'
    FROM generate_series(0, $1 - 1) n
    """,
)
_RESULTS: Final = """
    INSERT INTO review_results (id, review_request_id, overall_score, ats_score, content_score,
                                formatting_score, executive_summary, detailed_scores, created_at)
    SELECT pg_temp.made('result', n), pg_temp.made('analysis', n), pg_temp.score(n), 50, 50, 50, 'Good.',
           jsonb_build_object('market_tier', pg_temp.tier(n), 'text', pg_temp.words(n)),
           pg_temp.requested_at(n) + interval '20 seconds'
    FROM generate_series(0, $1 - 1) n WHERE pg_temp.has_result(n)
"""
# The second parameter is the number of these rows.
_VIEWS: Final = """
    INSERT INTO analysis_views (analysis_id, resume_id, resume_version, candidate_id, requested_by,
        candidate_name, file_name, industry, status, version, requested_at, ended_at, overall_score,
        market_tier, failure_code)
    SELECT pg_temp.made('analysis', n), pg_temp.made('resume', n % ($1 / 2)), 1,
           pg_temp.made('candidate', n % ($1 / 8)), pg_temp.made('user', n % 200),
           pg_temp.first_name(n % ($1 / 8)) || ' ' || pg_temp.last_name(n % ($1 / 8)),
           pg_temp.file_name(n % ($1 / 2)), pg_temp.industry(n),
           CASE WHEN n % 20 = 19 THEN 'erased' ELSE pg_temp.status(n) END, 3,
           pg_temp.requested_at(n), pg_temp.requested_at(n) + interval '20 seconds',
           CASE WHEN pg_temp.has_result(n) THEN pg_temp.score(n) END,
           CASE WHEN pg_temp.has_result(n) THEN pg_temp.tier(n) END,
           CASE WHEN pg_temp.status(n) = 'failed' THEN 'internal' END
    FROM generate_series(0, $2 - 1) n
"""


async def fill(connection: asyncpg.Connection, *, analyses: int, is_adopted: bool) -> None:
    """Fill an empty database of a layout, and collect statistics as autovacuum would."""
    await connection.execute(_FUNCTIONS)
    for statement in _LEGACY if is_adopted else ():
        await connection.execute(statement, analyses)
    await connection.execute(_RESULTS, analyses)
    # Nothing listens here, so the notifications of the triggers would only cost time.
    await connection.execute("ALTER TABLE analysis_views DISABLE TRIGGER USER")
    await connection.execute(_VIEWS, analyses, analyses // 4 if is_adopted else analyses)
    await connection.execute("ALTER TABLE analysis_views ENABLE TRIGGER USER")
    await connection.execute("VACUUM ANALYZE")
