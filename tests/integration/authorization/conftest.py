"""Both services, and scenarios that no test may change."""

import asyncio
from collections.abc import AsyncIterator

import httpx2
import pytest_asyncio

from tests.integration.authorization.scenario import Scenario, Servers, create_scenario
from tests.integration.conftest import run_results_api
from tests.support.auth.tokens import FakeIssuer
from tests.support.servers.databases import Database


@pytest_asyncio.fixture(scope="session")
async def results_api(
    request_api: httpx2.AsyncClient, results_database: Database, kafka_bootstrap: str, jwks_url: str
) -> AsyncIterator[httpx2.AsyncClient]:
    """Run results-api beside the real request-api, which decides who sees a job."""
    loop = asyncio.get_running_loop()

    def ask(path: str, headers: dict[str, str]) -> tuple[int, object]:
        sent = {"Authorization": headers["authorization"]}
        answer = asyncio.run_coroutine_threadsafe(request_api.get(path, headers=sent), loop).result()
        return answer.status_code, answer.json()

    async with run_results_api(results_database, kafka_bootstrap, jwks_url, ask) as client:
        yield client


@pytest_asyncio.fixture(scope="session")
async def servers(
    request_api: httpx2.AsyncClient,
    results_api: httpx2.AsyncClient,
    request_database: Database,
    results_database: Database,
    kafka_bootstrap: str,
    issuer: FakeIssuer,
) -> Servers:
    return Servers(
        apis={"request-api": request_api, "results-api": results_api},
        databases={"request-api": request_database, "results-api": results_database},
        kafka_bootstrap=kafka_bootstrap,
        issuer=issuer,
    )


@pytest_asyncio.fixture(scope="module")
async def shared_scenarios(servers: Servers) -> dict[bool, Scenario]:
    """Return shared scenarios by whether their analysis still runs. Tests must not change them."""
    scenarios = {running: await create_scenario(servers, running=running) for running in (False, True)}
    await servers.wait_until_settled()
    return scenarios
