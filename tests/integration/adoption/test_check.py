"""`python -m request_api.migrate --check` describes the changes and makes none."""

import pytest

from tests.integration.adoption.conftest import Legacy
from tests.support.servers.databases import Database
from tests.support.stacks.adopted import SERVICES


@pytest.mark.parametrize("stage", ["before", "between", "after"])
async def test_check_describes_the_changes_and_makes_none(legacy: Legacy, stage: str) -> None:
    migrated = {"before": (), "between": SERVICES[:1], "after": SERVICES}[stage]
    for package in migrated:
        await legacy.migrate_successfully(package)
    if migrated:
        # An older version stored this name, so the migration has to rename it.
        async with legacy.submitting() as submit:
            analysis_id = await submit("data_ai")
        await legacy.fetch(
            "UPDATE review_requests SET target_industry = 'data_ai' WHERE id = $1", analysis_id
        )
    shape, contents = await legacy.shape(), await legacy.digests()
    output = {}
    for package in SERVICES:
        status, output[package] = await legacy.migrate(package, "--check")
        assert status == 0, output[package]
        assert f"{package}: this is a check, nothing is changed" in output[package]
        assert "the tables of Schema v1.1 exist and fit" in output[package]
        assert ("no change of tables" in output[package]) == (package in migrated)
    assert (await legacy.shape(), await legacy.digests()) == (shape, contents)
    renames = "rename the industry of 1 analyses that it could not read" in output["request_api"]
    assert renames == bool(migrated)
    assert "knows the industries consulting, general, ma_financial, strategy_tech" in output["request_api"]
    assert "data_ai as strategy_tech" in output["request_api"]
    assert "grant to request_api, for existing tables: candidates: SELECT" in output["request_api"]
    assert ("r0001: " in output["request_api"]) == (stage == "before")
    is_refused = "refuse: run `python -m request_api.migrate` first" in output["results_api"]
    assert is_refused == (stage == "before")


async def test_check_names_mismatches(legacy: Legacy) -> None:
    await legacy.fetch("ALTER TABLE resumes DROP COLUMN word_count")
    status, output = await legacy.migrate("request_api", "--check")
    assert (status, "resumes.word_count: the column is missing" in output) == (1, True)


async def test_check_of_a_database_without_legacy_backend(
    request_database: Database, results_database: Database
) -> None:
    for package, database in (("request_api", request_database), ("results_api", results_database)):
        status, output = await Legacy(url=database.owner_url, owner_url=database.owner_url).migrate(
            package, "--check"
        )
        assert (status, "no change of tables" in output) == (0, True), output


@pytest.mark.parametrize("package", SERVICES)
async def test_database_with_only_users_is_accepted(legacy: Legacy, package: str) -> None:
    """The other tables of the legacy backend are created later, or are in another database."""
    await legacy.execute(
        "DROP TABLE review_feedback_items, review_results, review_requests, resume_sections, resumes,"
        " user_candidate_assignments, candidates"
    )
    for arguments in (("--check",), ()):
        status, output = await legacy.migrate(package, *arguments)
        assert status == 0, output


async def test_both_services_can_share_a_new_database(legacy: Legacy) -> None:
    await legacy.execute("DROP SCHEMA public CASCADE; CREATE SCHEMA public")
    for package in (*SERVICES, *SERVICES):
        await legacy.migrate_successfully(package)
