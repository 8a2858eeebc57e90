"""Analyses of the legacy backend, read through the API while the legacy backend keeps running."""

from uuid import UUID, uuid4

import asyncpg
import pytest
from local_stack.stack import Stack

from tests.e2e.compatibility.conftest import JUNIOR, OTHER, SENIOR, frontend
from tests.support.auth.tokens import shared_secret_token
from tests.support.http.api_client import ApiClient
from tests.support.ops_command import run_ops
from tests.support.stacks.adopted import LEGACY, AdoptedStack

pytestmark = pytest.mark.parametrize("system", ["adopted"], indirect=True)

ANALYSIS = "/api/v1/analysis"
RESUME = UUID("30000000-0000-4000-8000-000000000001")
CANDIDATE = "20000000-0000-4000-8000-000000000001"


def history(number: int) -> str:
    """Return the id of an analysis in schema-v1.1.sql."""
    return f"40000000-0000-4000-8000-{number:012}"


async def as_legacy(system: Stack, query: str, *values: object) -> list[asyncpg.Record]:
    """Run a query with the role of the legacy backend."""
    connection = await asyncpg.connect(system.postgres.url(LEGACY, role=LEGACY, scheme="postgresql"))
    try:
        rows: list[asyncpg.Record] = await connection.fetch(query, *values)
        return rows
    finally:
        await connection.close()


def user(system: Stack, user_id: UUID) -> ApiClient:
    """Return a client with a token of the legacy backend, which has no role."""
    return frontend(system, shared_secret_token(user_id))


async def test_legacy_analyses_are_readable(adopted: AdoptedStack) -> None:
    junior = user(adopted, JUNIOR)
    completed = (await junior.status(history(1))).json()
    assert (completed["status"], completed["result"]["overall_score"]) == ("completed", 75)
    assert completed["result"]["detailed_scores"]["market_tier"] == "mid"
    assert (completed["result"]["industry"], completed["result"]["changes"]) == ("strategy_tech", None)
    without_scores = (await junior.http.get(f"{ANALYSIS}/analysis/{history(2)}")).json()
    assert (without_scores["overall_score"], without_scores["market_tier"]) == (None, None)
    failed = (await junior.status(history(3))).json()
    assert (failed["status"], failed["result"], failed["failure"]["code"]) == ("failed", None, "not_recorded")
    assert failed["failure"]["detail"].endswith("ask for it again.")
    # Analysis of the senior recruiter, whose role comes from `users`.
    assert (await junior.status(history(5))).status_code == 404
    senior = user(adopted, SENIOR)
    pending = (await senior.status(history(5))).json()
    assert (pending["status"], pending["completed_at"]) == ("pending", None)
    listed = (await senior.http.get(f"{ANALYSIS}/", params={"candidate_id": CANDIDATE})).json()
    seen = {each["id"]: each for each in listed["analyses"]}
    assert {history(number) for number in range(1, 6)} <= seen.keys()
    assert seen[history(1)]["overall_score"] == 75
    assert (seen[history(1)]["candidate_name"], seen[history(1)]["file_name"]) == ("Alex Example", "alex.txt")
    assert (seen[history(2)]["overall_score"], seen[history(5)]["industry"]) == (None, "unspecified")
    without = (
        await senior.http.get(f"{ANALYSIS}/", params={"industry": "unspecified", "candidate_id": CANDIDATE})
    ).json()
    assert (without["total_count"], [each["id"] for each in without["analyses"]]) == (1, [history(5)])
    mine = (await junior.http.get(f"{ANALYSIS}/stats/summary")).json()
    assert mine["completed_analyses"] >= 2
    assert mine["average_score"] > 0
    assert (await user(adopted, OTHER).http.get(f"{ANALYSIS}/")).json()["total_count"] == 0


async def test_later_changes_of_the_legacy_backend_are_visible(adopted: AdoptedStack) -> None:
    junior, analysis_id = user(adopted, JUNIOR), uuid4()
    await as_legacy(
        adopted,
        "INSERT INTO review_requests (id, resume_id, requested_by_user_id, target_industry, status)"
        " VALUES ($1, $2, $3, 'general', 'processing')",
        analysis_id,
        RESUME,
        JUNIOR,
    )
    assert (await junior.status(str(analysis_id))).json()["status"] == "processing"
    listed = (await junior.http.get(f"{ANALYSIS}/")).json()
    assert listed["analyses"][0]["id"] == str(analysis_id)
    # The legacy backend commits twice. Here it also stores a second result.
    for score in (40, 60):
        await as_legacy(
            adopted,
            "INSERT INTO review_results (review_request_id, overall_score, created_at)"
            " VALUES ($1, $2::integer, now() + $2::integer * interval '1 second')",
            analysis_id,
            score,
        )
    body = (await junior.status(str(analysis_id))).json()
    assert (body["status"], body["result"]["overall_score"]) == ("completed", 60)
    await as_legacy(
        adopted,
        "UPDATE review_requests SET status = 'completed', completed_at = now() WHERE id = $1",
        analysis_id,
    )
    assert (await junior.status(str(analysis_id))).json()["completed_at"]
    await as_legacy(adopted, "DELETE FROM review_results WHERE review_request_id = $1", analysis_id)
    lost = (await junior.status(str(analysis_id))).json()
    assert (lost["status"], lost["failure"]["code"]) == ("failed", "result_missing")
    await as_legacy(adopted, "DELETE FROM review_requests WHERE id = $1", analysis_id)
    assert (await junior.status(str(analysis_id))).status_code == 404


async def test_legacy_resume_can_be_analyzed_and_cancelled(adopted: AdoptedStack) -> None:
    junior = user(adopted, JUNIOR)
    # Uploaded by the junior recruiter, and visible by assignment.
    accepted = await junior.analyze(str(RESUME))
    body = await junior.ended(accepted.json()["analysis_id"])
    assert body["status"] == "completed"
    assert body["result"]["detailed_scores"]["not_assessable"]
    pending = uuid4()
    await as_legacy(
        adopted,
        "INSERT INTO review_requests (id, resume_id, requested_by_user_id, status)"
        " VALUES ($1, $2, $3, 'pending')",
        pending,
        RESUME,
        JUNIOR,
    )
    assert (await junior.http.delete(f"{ANALYSIS}/{pending}/cancel")).status_code == 200
    assert (await junior.ended(str(pending)))["status"] == "cancelled"


async def test_stale_analyses_are_ended_by_command(adopted: AdoptedStack) -> None:
    senior = user(adopted, SENIOR)
    arguments = {"database_url": adopted.postgres.url(LEGACY, role="request_api")}
    apply = ("--apply", "--by", "tests", "--reason", "the legacy backend is off")
    preview = await run_ops("stale", "--hours", "24", **arguments)
    assert preview.output.count("would end ") == 2
    assert (await senior.status(history(4))).json()["status"] == "processing"
    assert "2 analyses ended." in (await run_ops("stale", "--hours", "24", *apply, **arguments)).output
    assert (
        await run_ops("stale", "--hours", "24", *apply, **arguments)
    ).output == "There is nothing to do.\n"
    ended = (await senior.status(history(4))).json()
    assert (ended["status"], ended["failure"]["code"]) == ("failed", "abandoned")
    (row,) = await as_legacy(adopted, "SELECT status FROM review_requests WHERE id = $1", UUID(history(4)))
    assert row["status"] == "failed"


async def test_tokens_of_missing_and_inactive_users_are_rejected(adopted: AdoptedStack) -> None:
    gone = uuid4()
    assert (await user(adopted, gone).http.get(f"{ANALYSIS}/")).status_code == 401
    await as_legacy(
        adopted,
        "INSERT INTO users (id, email, password_hash, first_name, last_name, is_active)"
        " VALUES ($1, 'left@example.com', '!', 'L', 'E', false)",
        gone,
    )
    assert (await user(adopted, gone).http.get("/api/v1/candidates")).status_code == 401


async def test_each_role_can_write_its_own_tables_only(adopted: AdoptedStack) -> None:
    forbidden = {
        "request_api": (
            "INSERT INTO review_results (review_request_id) SELECT id FROM review_requests LIMIT 1",
            "DELETE FROM review_results",
            "UPDATE analysis_views SET status = 'failed'",
            "SELECT password_hash FROM users",
            "UPDATE users SET role = 'admin'",
            "SELECT * FROM prompts",
            "UPDATE user_candidate_assignments SET is_active = true",
            "DROP TABLE document_signals",
        ),
        "results_api": (
            "UPDATE review_requests SET status = 'failed'",
            "SELECT extracted_text FROM resumes",
            "DELETE FROM request_outbox",
            "SELECT password_hash FROM users",
            "INSERT INTO activity_logs (action) VALUES ('x')",
            "SELECT first_name FROM candidates",
        ),
    }
    for role, queries in forbidden.items():
        connection = await asyncpg.connect(adopted.postgres.url(LEGACY, role=role, scheme="postgresql"))
        try:
            for query in queries:
                try:
                    await connection.execute(query)
                except asyncpg.InsufficientPrivilegeError:
                    continue
                raise AssertionError(f"{role} may {query}")
        finally:
            await connection.close()
