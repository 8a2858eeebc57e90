"""`python -m ....migrate --check`: what it tells, and that it changes nothing."""

import pytest

from tests.integration.adoption.conftest import Legacy
from tests.support.adopted import SERVICES
from tests.support.databases import Database


@pytest.mark.parametrize("stage", ["before", "between", "after"])
async def test_a_check_tells_what_would_be_done_and_changes_nothing(legacy: Legacy, stage: str) -> None:
    migrated = {"before": (), "between": SERVICES[:1], "after": SERVICES}[stage]
    for package in migrated:
        await legacy.migrated(package)
    shape, rows = await legacy.shape(), await legacy.rows()
    told = {}
    for package in SERVICES:
        status, told[package] = await legacy.migrate(package, "--check")
        assert status == 0, told[package]
        assert f"{package}: this is a check, nothing is changed" in told[package]
        assert "the tables of Schema v1.1 stand and fit" in told[package]
        assert ("no change of tables" in told[package]) == (package in migrated)
    assert (await legacy.shape(), await legacy.rows()) == (shape, rows)
    assert "knows the industries consulting, general, ma_financial, strategy_tech" in told["request_api"]
    assert "data_ai as strategy_tech" in told["request_api"]
    assert f"grant to request_api, where the tables stand: {'candidates: SELECT'}" in told["request_api"]
    assert ("r0001: " in told["request_api"]) == (stage == "before")
    waits = "refuse: run `python -m request_api.migrate` first" in told["results_api"]
    assert waits == (stage == "before")


async def test_a_check_names_what_does_not_fit(legacy: Legacy) -> None:
    await legacy.fetch("ALTER TABLE resumes DROP COLUMN word_count")
    status, output = await legacy.migrate("request_api", "--check")
    assert (status, "resumes.word_count: the column is missing" in output) == (1, True)


async def test_a_check_of_a_database_of_our_own(
    request_database: Database, results_database: Database
) -> None:
    for package, database in (("request_api", request_database), ("results_api", results_database)):
        status, output = await Legacy(url=database.owner_url, owner_url=database.owner_url).migrate(
            package, "--check"
        )
        assert (status, "no change of tables" in output) == (0, True), output
