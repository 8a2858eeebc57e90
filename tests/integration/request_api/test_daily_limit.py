"""The daily limit of analyses per user."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from uuid import UUID

import httpx2
from chassis.db.database import Database as Pool
from chassis.principal import Principal, Role
from chassis.settings import DatabaseAddress
from contracts.vocabulary import Depth, ReviewType
from pydantic import SecretStr
from request_api.commands.submit_analysis import SubmitAnalysis
from request_api.domain.analysis import AnalysisOptions
from request_api.domain.errors import DailyLimitReached
from request_api.events import create_outbox
from request_api.main import create_app
from request_api.metrics import accepted_counter
from request_api.settings import Settings
from request_api.storage import Repository
from request_api.storage.legacy.industries import LegacyBackendCache

from tests.integration.conftest import User
from tests.integration.request_api.calls import analyze, new_resume
from tests.support.auth.tokens import AUDIENCE, ISSUER
from tests.support.http.in_process import run_app
from tests.support.servers.databases import Database


async def test_request_over_the_limit_is_refused_but_a_repeat_is_not(
    request_database: Database, kafka_bootstrap: str, jwks_url: str, user: User, other: User
) -> None:
    settings = Settings(
        database_url=SecretStr(request_database.url),
        kafka_bootstrap_servers=kafka_bootstrap,
        auth_jwks_url=jwks_url,
        auth_issuer=ISSUER,
        auth_audience=AUDIENCE,
        drain_seconds=5,
        max_analyses_per_day=2,
    )
    async with run_app(create_app(settings)) as api:
        resume_id = await new_resume(api, user)
        first = await analyze(api, user, resume_id, key="one")
        await analyze(api, user, resume_id)
        refused = await analyze(api, user, resume_id)
        assert refused.status_code == httpx2.codes.TOO_MANY_REQUESTS
        assert refused.headers["retry-after"]
        assert refused.json()["code"] == "daily_limit_reached"
        again = await analyze(api, user, resume_id, key="one")
        assert again.json()["analysis_id"] == first.json()["analysis_id"]
        assert (await analyze(api, other, await new_resume(api, other))).status_code == httpx2.codes.ACCEPTED
        await request_database.fetch(
            "UPDATE review_requests SET requested_at = requested_at - interval '1 day'"
            " WHERE requested_by_user_id = $1",
            user.id,
        )
        assert (await analyze(api, user, resume_id)).status_code == httpx2.codes.ACCEPTED


OPTIONS = AnalysisOptions(
    industry="strategy_tech",
    depth=Depth.QUICK,
    review_type=ReviewType.COMPREHENSIVE,
    compare_to_market=False,
    focus_areas=(),
    report_language=None,
)
PROCESSES, POOL_SIZE = 3, 8


@asynccontextmanager
async def _processes(database: Database, *, limit: int) -> AsyncIterator[list[SubmitAnalysis]]:
    """Create the use case once per process, each with its own connection pool."""
    pools = [
        Pool(address=DatabaseAddress(url=database.url), pool_size=POOL_SIZE, application_name="tested")
        for _ in range(PROCESSES)
    ]
    try:
        yield [
            SubmitAnalysis(
                database=pool,
                repository=(repository := Repository()),
                outbox=create_outbox(),
                legacy_backend=LegacyBackendCache(database=pool, industries=repository.legacy_industries),
                report_language=None,
                daily_limit=limit,
                accepted=accepted_counter(),
            )
            for pool in pools
        ]
    finally:
        for pool in pools:
            await pool.close()


async def test_limit_is_exact_for_concurrent_requests(
    request_api: httpx2.AsyncClient, request_database: Database, user: User
) -> None:
    resume_id = UUID(await new_resume(request_api, user))
    principal = Principal(user_id=user.id, role=Role.JUNIOR_RECRUITER)
    (row,) = await request_database.fetch("SELECT current_setting('max_connections')::int AS at_once")
    # Requests far from the limit run concurrently, requests close to it one after the other.
    limit = row["at_once"] + 40
    outcomes: Counter[str] = Counter()
    keys = iter(f"key-{number // 2}" for number in range(2 * limit + 200))

    async def submit_all(submit: SubmitAnalysis) -> None:
        for key in keys:
            try:
                await submit(principal, resume_id=resume_id, options=OPTIONS, idempotency_key=key)
                outcomes["accepted or repeated"] += 1
            except DailyLimitReached:
                outcomes["refused"] += 1

    async with _processes(request_database, limit=limit) as processes:
        await asyncio.gather(*(submit_all(each) for each in processes for _ in range(POOL_SIZE)))
    (row,) = await request_database.fetch(
        "SELECT count(*) AS accepted FROM review_requests WHERE requested_by_user_id = $1", user.id
    )
    assert row["accepted"] == limit
    assert outcomes == {"accepted or repeated": 2 * limit, "refused": 200}
