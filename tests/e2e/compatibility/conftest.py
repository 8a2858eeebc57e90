"""Fixtures: the system on three databases.

`fresh` has its own databases, `adopted` has one with Schema v1.1 and its history, and `restricted` has one
of a newer legacy backend, which restricts the names of industries.
"""

from collections.abc import AsyncIterator
from typing import cast
from uuid import UUID, uuid4

import asyncpg
import httpx2
import pytest
import pytest_asyncio
from local_stack.ports import Ports
from local_stack.processes.log import Log
from local_stack.stack import Stack

from tests.support.auth.tokens import SHARED_SECRET, shared_secret_token
from tests.support.http.api_client import ApiClient
from tests.support.http.openapi import check_documented
from tests.support.stacks.adopted import LEGACY, AdoptedStack, RestrictedStack

# Users in schema-v1.1.sql.
JUNIOR = UUID("10000000-0000-4000-8000-000000000001")
SENIOR = UUID("10000000-0000-4000-8000-000000000002")
OTHER = UUID("10000000-0000-4000-8000-000000000003")


@pytest_asyncio.fixture(scope="session", params=["fresh", "adopted", "restricted"])
async def system(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Stack]:
    make = {"fresh": Stack, "adopted": AdoptedStack, "restricted": RestrictedStack}[request.param]
    folder = tmp_path_factory.mktemp(request.param)
    with (folder / "stack.log").open("w") as log:
        stack = make(
            data_dir=folder,
            ports=Ports.free(),
            durable=False,
            shared_secret=SHARED_SECRET,
            log=Log(stream=log),
        )
        async with stack:
            yield stack


@pytest.fixture
def adopted(system: Stack) -> AdoptedStack:
    assert isinstance(system, AdoptedStack)
    return system


class Databases:
    """Databases of both services, queried as the superuser. In the adopted layout they are one database."""

    def __init__(self, system: Stack) -> None:
        self._system = system
        self.is_adopted = isinstance(system, AdoptedStack)

    def name(self, service: str) -> str:
        return LEGACY if self.is_adopted else service

    async def fetch(self, service: str, query: str, *values: object) -> list[asyncpg.Record]:
        connection = await self._system.postgres.connect(self.name(service))
        try:
            return cast("list[asyncpg.Record]", await connection.fetch(query, *values))
        finally:
            await connection.close()

    async def dump(self) -> str:
        """Return the content of all tables, including the outboxes."""
        text = []
        for service in ("request_api", "results_api", "analyzer"):
            database = "analyzer" if service == "analyzer" else self.name(service)
            connection = await self._system.postgres.connect(database)
            try:
                tables = await connection.fetch("SELECT tablename FROM pg_tables WHERE schemaname = 'public'")
                for (table,) in tables:
                    rows = await connection.fetch(f'SELECT row_to_json(t)::text FROM "{table}" t')  # noqa: S608
                    text += [f"{table}: {row[0]}" for row in rows]
            finally:
                await connection.close()
        return "\n".join(text)


@pytest.fixture
def databases(system: Stack) -> Databases:
    return Databases(system)


async def _check(answer: httpx2.Response) -> None:
    await answer.aread()
    check_documented(answer)


def frontend(system: Stack, token: str) -> ApiClient:
    """Return a client like the legacy frontend. It checks every response against the OpenAPI documents."""
    consultant = ApiClient(url=system.url, token=token)
    consultant.http.event_hooks["response"].append(_check)
    return consultant


async def new_user(system: Stack, databases: Databases, role: str = "junior_recruiter") -> ApiClient:
    """Return a client for a new user. In the adopted layout, its token has no role and `users` has it."""
    user_id = uuid4()
    if databases.is_adopted:
        await databases.fetch(
            "request_api",
            "INSERT INTO users (id, email, password_hash, first_name, last_name, role)"
            " VALUES ($1, $2, '!', 'A', 'B', $3)",
            user_id,
            f"{user_id}@example.com",
            role,
        )
        return frontend(system, shared_secret_token(user_id))
    return frontend(system, system.token(role=role, user_id=user_id))


@pytest_asyncio.fixture
async def user(system: Stack, databases: Databases) -> AsyncIterator[ApiClient]:
    consultant = await new_user(system, databases)
    yield consultant
    await consultant.close()


@pytest_asyncio.fixture
async def other(system: Stack, databases: Databases) -> AsyncIterator[ApiClient]:
    consultant = await new_user(system, databases)
    yield consultant
    await consultant.close()


@pytest_asyncio.fixture
async def senior(system: Stack, databases: Databases) -> AsyncIterator[ApiClient]:
    consultant = await new_user(system, databases, "senior_recruiter")
    yield consultant
    await consultant.close()
