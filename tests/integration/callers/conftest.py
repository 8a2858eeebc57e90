"""Both services, and a consultant's world that no test changes."""

import httpx2
import pytest_asyncio

from tests.integration.callers.world import Servers, World, create_world
from tests.support.auth.tokens import FakeIssuer
from tests.support.servers.databases import Database


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
async def untouched(servers: Servers) -> dict[bool, World]:
    """Worlds by whether their analysis runs; whoever uses them may change nothing."""
    worlds = {running: await create_world(servers, running=running) for running in (False, True)}
    await servers.settled()
    return worlds
