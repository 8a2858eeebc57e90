"""Rows of request-api are readable for every version of the legacy backend."""

import pytest
from contracts.events import AnalysisProcessing
from contracts.vocabulary import INDUSTRIES
from request_api.domain.errors import IndustryNotStorable
from request_api.ops.command import REFUSED
from request_api.storage.legacy import industries as legacy_industries

from tests.integration.adoption.conftest import Legacy
from tests.support import events
from tests.support.fakes.legacy_backend import RESTRICT_INDUSTRIES, SINCE_OCTOBER_2025
from tests.support.ops_command import run_ops

_CHECK = "ALTER TABLE review_requests ADD CONSTRAINT review_requests_target_industry_check CHECK"
_NAMES = {name: name for name in INDUSTRIES}
_NAMES_BEFORE_OCTOBER = {
    "strategy_consulting": "strategy_tech",
    "ma_finance": "ma_financial",
    "tech_consulting": "strategy_tech",
    "full_service_consulting": "consulting",
    "software_engineering": "system_integrator",
    "data_ai": "strategy_tech",
    "finance": "ma_financial",
}
_NAMES_SINCE_OCTOBER = {
    "strategy_tech": "strategy_consulting",
    "ma_financial": "ma_finance",
    "consulting": "full_service_consulting",
    "general": "full_service_consulting",
    "software_engineering": "system_integrator",
    "data_ai": "tech_consulting",
    "finance": "ma_finance",
}
_NEW_ROW = """
    INSERT INTO review_requests (resume_id, requested_by_user_id, target_industry, requested_at)
    SELECT resume_id, requested_by_user_id, 'ma_finance', now() FROM review_requests LIMIT 1
"""


@pytest.mark.parametrize(
    ("changes", "stored"),
    [
        # Existing rows reveal the older version.
        ((), _NAMES_BEFORE_OCTOBER),
        ((_NEW_ROW,), _NAMES_SINCE_OCTOBER),
        ((RESTRICT_INDUSTRIES,), _NAMES_SINCE_OCTOBER),
        ((f"{_CHECK} (target_industry <> ALL ('{{general,consulting}}')) NOT VALID",), _NAMES_SINCE_OCTOBER),
        ((f"{_CHECK} (target_industry ~ '^(strategy_tech|ma_financial|c|g|sy)')",), _NAMES_BEFORE_OCTOBER),
        # Both versions fit the constraint, so the rows decide.
        ((f"{_CHECK} (length(target_industry) > 3)", _NEW_ROW), _NAMES_SINCE_OCTOBER),
        # Without any hint, the only name that all versions know is stored.
        (
            ("UPDATE review_requests SET target_industry = NULL",),
            dict.fromkeys(INDUSTRIES, "system_integrator"),
        ),
        (("DELETE FROM review_requests",), dict.fromkeys(INDUSTRIES, "system_integrator")),
    ],
)
async def test_industries_are_stored_as_names_that_the_legacy_backend_knows(
    legacy: Legacy, changes: tuple[str, ...], stored: dict[str, str]
) -> None:
    for change in changes:
        await legacy.execute(change)
    await legacy.migrate_successfully("request_api")
    async with legacy.submitting() as submit:
        accepted = {name: await submit(name) for name in INDUSTRIES}
    rows = await legacy.fetch(
        "SELECT id, target_industry, industry FROM review_requests"
        " JOIN analysis_details ON review_request_id = id"
    )
    found = {row["id"]: (row["target_industry"], row["industry"]) for row in rows}
    assert found == {accepted[name]: ((_NAMES | stored)[name], name) for name in INDUSTRIES}


async def test_database_without_a_name_for_an_industry_is_rejected(legacy: Legacy) -> None:
    await legacy.fetch(f"{_CHECK} (target_industry IN ('ma_finance', 'x')) NOT VALID")
    shape = await legacy.shape()
    for arguments in ((), ("--check",)):
        status, output = await legacy.migrate("request_api", *arguments)
        assert status == 1
        assert (
            "review_requests.target_industry: its check constraints allow no name for strategy_tech" in output
        )
    assert await legacy.shape() == shape


async def test_constraint_added_at_run_time_is_noticed(legacy: Legacy) -> None:
    await legacy.migrate_successfully("request_api")
    async with legacy.submitting() as submit:
        first = await submit("general")
        await legacy.execute(RESTRICT_INDUSTRIES)
        second = await submit("general")
        await legacy.execute(
            "ALTER TABLE review_requests DROP CONSTRAINT review_requests_target_industry_check"
        )
        await legacy.execute(f"{_CHECK} (target_industry = 'x') NOT VALID")
        with pytest.raises(IndustryNotStorable):
            await submit("general")
    rows = await legacy.fetch(
        "SELECT review_request_id, industry, target_industry FROM analysis_details"
        " JOIN review_requests ON id = review_request_id ORDER BY accepted_at"
    )
    assert [tuple(row) for row in rows] == [
        (analysis_id, "general", "full_service_consulting") for analysis_id in (first, second)
    ]


async def test_downgrade_of_the_legacy_backend_is_noticed(
    legacy: Legacy, monkeypatch: pytest.MonkeyPatch
) -> None:
    await legacy.execute(RESTRICT_INDUSTRIES)
    await legacy.migrate_successfully("request_api")
    async with legacy.submitting() as submit:
        first = await submit("ma_finance")
        await legacy.execute(
            "ALTER TABLE review_requests DROP CONSTRAINT review_requests_target_industry_check;"
            "UPDATE review_requests SET target_industry = 'ma_financial'"
        )
        assert await legacy.target_industry(await submit("ma_finance")) == "ma_finance"
        monkeypatch.setattr(legacy_industries, "CACHE_SECONDS", 0)
        assert await legacy.target_industry(await submit("ma_finance")) == "ma_financial"
    requested = await legacy.fetch(
        "SELECT industry FROM analysis_details WHERE review_request_id = $1", first
    )
    assert requested[0]["industry"] == "ma_finance"


async def test_status_is_copied_despite_a_new_constraint(legacy: Legacy) -> None:
    await legacy.migrate_successfully("request_api")
    async with legacy.submitting() as submit:
        analysis_id = await submit("general")
        # With NOT VALID, existing rows are not checked, but every update is.
        await legacy.execute(
            f"{_CHECK} (target_industry = ANY ('{{{','.join(SINCE_OCTOBER_2025)}}}')) NOT VALID"
        )
        known = events.analysis_context(analysis_id=analysis_id).model_dump(
            include=set(AnalysisProcessing.model_fields)
        )
        copied = await legacy.copy_status(AnalysisProcessing(**known, version=2, occurred_at=events.NOW))
    assert copied
    (row,) = await legacy.fetch(
        "SELECT target_industry, industry, q.status FROM review_requests q"
        " JOIN analysis_details ON id = review_request_id"
    )
    assert tuple(row) == ("full_service_consulting", "general", "processing")


async def test_stale_requests_that_violate_a_constraint_are_kept_and_explained(legacy: Legacy) -> None:
    await legacy.migrate_successfully("request_api")
    await legacy.execute(f"{_CHECK} (target_industry <> 'consulting') NOT VALID")
    rows = await legacy.rows()
    apply = ("--apply", "--by", "tests", "--reason", "the legacy backend is off")
    done = await run_ops("stale", "--hours", "24", *apply, database_url=legacy.url)
    assert done.code == REFUSED
    assert "An existing row violates the constraint review_requests_target_industry_check" in done.output
    assert await legacy.rows() == rows


async def test_analyses_accepted_by_an_older_version_become_readable(legacy: Legacy) -> None:
    await legacy.migrate_successfully("request_api")
    async with legacy.submitting() as submit:
        accepted = {name: await submit(name) for name in ("data_ai", "general", "finance")}
    # The older version stored the names of request-api.
    await legacy.fetch(
        "UPDATE review_requests SET target_industry = d.industry FROM analysis_details d"
        " WHERE d.review_request_id = id AND d.industry IS NOT NULL"
    )
    await legacy.fetch("UPDATE analysis_details SET industry = NULL")
    before = await legacy.fetch("SELECT * FROM review_requests WHERE id <> ALL ($1)", list(accepted.values()))
    for _ in range(2):
        await legacy.migrate_successfully("request_api")
    rows = await legacy.fetch(
        "SELECT target_industry, industry FROM review_requests"
        " JOIN analysis_details ON review_request_id = id"
    )
    assert {tuple(row) for row in rows} == {
        ("strategy_tech", "data_ai"),
        ("general", "general"),
        ("ma_financial", "finance"),
    }
    after = await legacy.fetch("SELECT * FROM review_requests WHERE id <> ALL ($1)", list(accepted.values()))
    assert after == before


@pytest.mark.parametrize("is_in_use", [False, True])
async def test_candidates_that_an_older_version_registered_are_assigned(
    legacy: Legacy, is_in_use: bool
) -> None:
    await legacy.migrate_successfully("request_api")
    if is_in_use:
        async with legacy.submitting() as submit:
            await submit("general")
    user_id = "10000000-0000-4000-8000-000000000003"
    (row,) = await legacy.fetch(
        "INSERT INTO candidates (first_name, last_name, created_by_user_id)"
        " VALUES ('A', 'B', $1) RETURNING id",
        user_id,
    )
    assigned = (await legacy.rows())["user_candidate_assignments"]
    await legacy.fetch("DROP TABLE matches, job_versions, jobs")
    await legacy.fetch("UPDATE request_api_alembic_version SET version_num = 'r0005'")
    await legacy.migrate_successfully("request_api")
    found = await legacy.fetch(
        "SELECT user_id::text, assignment_type, is_active FROM user_candidate_assignments"
        " WHERE candidate_id = $1",
        row["id"],
    )
    assert [tuple(each) for each in found] == ([(user_id, "primary", True)] if is_in_use else [])
    assert set(assigned) <= set((await legacy.rows())["user_candidate_assignments"])
