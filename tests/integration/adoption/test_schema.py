"""Migrations of a database that has Schema v1.1."""

import asyncio
import re
import secrets
from pathlib import Path
from urllib.parse import urlsplit
from uuid import UUID, uuid4

import asyncpg
import pytest
from contracts.match_events import MatchEraseRequested

from tests.integration.adoption.conftest import LEGACY_TABLES, Legacy
from tests.support.servers.provision import PostgresServer
from tests.support.stacks.adopted import SERVICES


async def test_migrations_only_add_and_only_once(legacy: Legacy) -> None:
    shape, rows = await legacy.shape(), await legacy.rows()
    for package in SERVICES:
        await legacy.migrate_successfully(package)
    after = await legacy.shape()
    assert shape <= after
    on_legacy_tables = {
        line for kind, line in after - shape if kind != "view" and line.startswith(LEGACY_TABLES)
    }
    assert on_legacy_tables == set()
    indexes = [line for kind, line in after - shape if kind == "index"]
    added = [line for line in indexes if any(f" public.{table} " in line for table in LEGACY_TABLES)]
    assert {line.split()[2] for line in added} == {
        "idx_candidates_email_lower",
        "idx_candidates_name",
        "idx_review_requests_industry",
        "idx_review_requests_user_requested_at",
        "idx_review_results_score",
        "idx_review_results_tier",
    }
    assert await legacy.rows() == rows
    for package in SERVICES:
        await legacy.migrate_successfully(package)
    assert await legacy.shape() == after


# Changes of the legacy backend's schema, and the message about each one.
_MISMATCHES = {
    "request_api": {
        "ALTER TABLE candidates ADD CHECK (years_experience <= 50)": (
            "candidates.years_experience: candidates_years_experience_check does not allow '80'"
        ),
        "ALTER TABLE resumes ADD CHECK (mime_type LIKE 'application/%') NOT VALID": (
            "resumes.mime_type: resumes_mime_type_check does not allow 'text/plain'"
        ),
        "DROP TABLE resume_sections CASCADE": "resume_sections: the table is missing",
        "ALTER TABLE resumes DROP COLUMN word_count": "resumes.word_count: the column is missing",
        "ALTER TABLE candidates ALTER COLUMN first_name TYPE varchar(40)": (
            "candidates.first_name: is VARCHAR(40), and VARCHAR(100) is needed"
        ),
        "ALTER TABLE review_requests ALTER COLUMN requested_at TYPE timestamp": (
            "review_requests.requested_at: is TIMESTAMP"
        ),
        "ALTER TABLE user_candidate_assignments ADD COLUMN tenant integer NOT NULL": (
            "user_candidate_assignments.tenant: is not known here, and rows without it are refused"
        ),
        "ALTER TABLE review_requests ADD CHECK (status <> 'failed') NOT VALID": "does not allow 'failed'",
        "ALTER TABLE resumes ALTER COLUMN version_number DROP NOT NULL": (
            "resumes.version_number: may be NULL, and must not be"
        ),
    },
    "results_api": {
        "ALTER TABLE review_results ADD CHECK (overall_score > 0) NOT VALID": (
            "review_results.overall_score: review_results_overall_score_check1 does not allow '0'"
        ),
        "ALTER TABLE review_results ALTER COLUMN executive_summary SET NOT NULL": (
            "review_results.executive_summary: is NOT NULL without a default"
        ),
    },
}


@pytest.mark.parametrize("package", SERVICES)
async def test_mismatches_are_named_and_nothing_is_changed(legacy: Legacy, package: str) -> None:
    await legacy.fetch("UPDATE review_results SET executive_summary = ''")
    await legacy.fetch("DELETE FROM user_candidate_assignments")
    for change in _MISMATCHES[package]:
        await legacy.fetch(change)
    shape = await legacy.shape()
    status, output = await legacy.migrate(package)
    assert status == 1
    for message in _MISMATCHES[package].values():
        assert message in output
    assert "Traceback" not in output
    # Only Alembic's own empty table was created.
    assert {line.split(".")[0] for kind, line in await legacy.shape() - shape if kind == "column"} <= {
        f"{package}_alembic_version"
    }


async def test_wider_and_additional_columns_are_accepted(legacy: Legacy) -> None:
    await legacy.fetch("ALTER TABLE candidates ALTER COLUMN first_name TYPE text")
    await legacy.fetch("ALTER TABLE review_requests ALTER COLUMN target_industry TYPE text")
    await legacy.fetch("ALTER TABLE resumes ADD COLUMN note text")
    await legacy.fetch("ALTER TABLE resumes ADD COLUMN flag boolean NOT NULL DEFAULT false")
    for package in SERVICES:
        await legacy.migrate_successfully(package)
    # No index of ours refuses a value that the column takes.
    long = secrets.token_hex(20_000)
    for change in (
        "UPDATE candidates SET first_name = $1",
        "UPDATE review_requests SET target_industry = $1",
        "UPDATE review_results SET detailed_scores = jsonb_build_object('market_tier', $1::text)",
    ):
        await legacy.fetch(change, long)


@pytest.mark.parametrize("table", ["jobs", "matches"])
async def test_other_table_of_a_name_is_refused_and_nothing_is_changed(legacy: Legacy, table: str) -> None:
    await legacy.fetch(f"CREATE TABLE {table} (id integer)")
    shape = await legacy.shape()
    for arguments in (("--check",), ()):
        status, output = await legacy.migrate("request_api", *arguments)
        assert (status, f"{table}: another application has a table of this name" in output) == (1, True)
    assert await legacy.shape() == shape


async def test_users_are_deleted_with_their_jobs(legacy: Legacy) -> None:
    await legacy.migrate_successfully("request_api")
    add = (
        "INSERT INTO jobs (id, created_by_user_id, status, version, created_at)"
        " VALUES (gen_random_uuid(), $1, 'open', 1, now())"
    )
    other = UUID("10000000-0000-4000-8000-000000000003")
    await legacy.fetch(add, other)
    with pytest.raises(asyncpg.ForeignKeyViolationError):
        await legacy.fetch(add, uuid4())
    await legacy.fetch("DELETE FROM users WHERE id = $1", other)
    assert await legacy.fetch("SELECT FROM jobs") == []


async def test_deleted_users_and_resumes_have_their_matches_erased(
    legacy: Legacy, postgres: PostgresServer
) -> None:
    await legacy.migrate_successfully("request_api")
    user, senior, other = (UUID(f"10000000-0000-4000-8000-00000000000{each}") for each in (1, 2, 3))
    (resume,) = await legacy.fetch("SELECT id, candidate_id FROM resumes")
    # The legacy backend needs no right on added tables.
    role = f"clerk_{uuid4().hex[:8]}"
    clerk = await postgres.connect(urlsplit(legacy.url).path[1:])
    await clerk.execute(f"CREATE ROLE {role}; GRANT SELECT, DELETE ON {', '.join(LEGACY_TABLES)} TO {role}")
    try:
        ids = [
            await _add_match(legacy, resume, creator=creator, requester=requester)
            for creator, requester in ((user, other), (other, senior), (user, user))
        ]
        await clerk.execute(f"SET ROLE {role}")
        # The second match is of a job of the deleted user.
        for table, deleted, erased in (("users", other, ids[:2]), ("resumes", resume["id"], ids)):
            await clerk.execute(f"DELETE FROM {table} WHERE id = $1", deleted)  # noqa: S608 - see above
            await legacy.erase_matches()
            events = await legacy.fetch("SELECT aggregateid, type FROM request_outbox")
            assert {UUID(each["aggregateid"]) for each in events} == set(erased)
            assert {each["type"] for each in events} == {MatchEraseRequested.type}
            assert {each["id"] for each in await legacy.fetch("SELECT id FROM matches")} == {*ids} - {*erased}
    finally:
        await clerk.execute(f"RESET ROLE; DROP OWNED BY {role}; DROP ROLE {role}")
        await clerk.close()


async def _add_match(legacy: Legacy, resume: asyncpg.Record, *, creator: UUID, requester: UUID) -> UUID:
    """Store a match with a job of one user, requested by another, and return its id."""
    (row,) = await legacy.fetch(
        "WITH job AS (INSERT INTO jobs (id, created_by_user_id, status, version, created_at)"
        " VALUES (gen_random_uuid(), $1, 'open', 1, now()) RETURNING id)"
        " INSERT INTO matches (id, job_id, job_version, resume_id, requested_by_user_id, original_job_id,"
        " original_resume_id, original_requester_id, resume_version, candidate_id, status, requested_at)"
        " SELECT gen_random_uuid(), id, 1, $2, $3, id, $2, $3, 1, $4, 'pending', now() FROM job RETURNING id",
        creator,
        resume["id"],
        requester,
        resume["candidate_id"],
    )
    return UUID(str(row["id"]))


async def test_deletions_of_the_legacy_backend_find_referencing_rows_by_an_index(legacy: Legacy) -> None:
    for package in SERVICES:
        await legacy.migrate_successfully(package)
    references = await legacy.fetch(
        "SELECT conrelid::regclass::text AS table, EXISTS (SELECT FROM pg_index WHERE indrelid = conrelid"
        " AND indkey[0] = conkey[1] AND indpred IS NULL) AS has_index FROM pg_constraint"
        " WHERE contype = 'f' AND confrelid::regclass::text = ANY($1)",
        LEGACY_TABLES,
    )
    ours = [each for each in references if each["table"] not in LEGACY_TABLES]
    assert {"matches", "jobs"} <= {each["table"] for each in ours}
    assert [each["table"] for each in ours if not each["has_index"]] == []


async def test_results_api_requires_the_migration_of_request_api(legacy: Legacy) -> None:
    status, output = await legacy.migrate("results_api")
    assert status != 0
    assert "run `python -m request_api.migrate` first" in output


async def test_duplicate_results_are_reported_and_kept(legacy: Legacy) -> None:
    await legacy.fetch(
        "INSERT INTO review_results (review_request_id, overall_score)"
        " VALUES ('40000000-0000-4000-8000-000000000001', 10)"
    )
    rows = await legacy.rows()
    await legacy.migrate_successfully("request_api")
    status, output = await legacy.migrate("results_api")
    assert status == 0
    assert "several results" in output
    assert "40000000-0000-4000-8000-000000000001" in output
    assert await legacy.rows() == rows


async def test_concurrent_migrations_run_one_after_the_other(legacy: Legacy) -> None:
    outcomes = await asyncio.gather(*(legacy.migrate("request_api") for _ in range(3)))
    assert [status for status, _ in outcomes] == [0, 0, 0], [output for _, output in outcomes]


async def test_migration_gives_up_on_a_locked_table(legacy: Legacy) -> None:
    connection = await asyncpg.connect(legacy.dsn)
    try:
        async with connection.transaction():
            await connection.execute("LOCK TABLE review_requests IN ACCESS EXCLUSIVE MODE")
            status, output = await legacy.migrate("request_api")
            assert status != 0
            assert "gave up after waiting 5s" in output
    finally:
        await connection.close()
    await legacy.migrate_successfully("request_api")


async def test_invalid_index_is_created_again(legacy: Legacy) -> None:
    index = "idx_review_requests_user_requested_at"
    with pytest.raises(asyncpg.UniqueViolationError):
        await legacy.fetch(f"CREATE UNIQUE INDEX CONCURRENTLY {index} ON review_requests (resume_id)")
    valid = "SELECT indisvalid FROM pg_index WHERE indexrelid = to_regclass($1)"
    assert not (await legacy.fetch(valid, index))[0]["indisvalid"]
    status, output = await legacy.migrate("request_api")
    assert status == 0, output
    assert (await legacy.fetch(valid, index))[0]["indisvalid"]


async def test_documented_removal_leaves_no_trace(legacy: Legacy) -> None:
    shape = await legacy.shape()
    for package in SERVICES:
        await legacy.migrate_successfully(package)
    page = (Path(__file__).parents[3] / "docs" / "adopting.md").read_text(encoding="utf-8")
    (script,) = re.findall(r"```sql\n(   DROP VIEW.*?)```", page, re.DOTALL)
    for statement in script.split(";"):
        if statement.strip():
            await legacy.fetch(statement)
    assert await legacy.shape() == shape


async def test_legacy_backend_can_write_as_before(legacy: Legacy) -> None:
    for package in SERVICES:
        await legacy.migrate_successfully(package)
    await legacy.fetch("UPDATE review_requests SET status = 'completed', completed_at = now()")
    await legacy.fetch("DELETE FROM review_results")
    await legacy.fetch("UPDATE resumes SET extracted_text = 'x', progress = 50")
    await legacy.fetch("DELETE FROM resumes")
    await legacy.fetch("DELETE FROM candidates")
