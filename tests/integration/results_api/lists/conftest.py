"""A results-api in each layout, on a database of its own with generated analyses."""

import re
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID, uuid4

import asyncpg
import httpx2
import pytest
import pytest_asyncio
from local_stack.ports import LOOPBACK
from local_stack.postgres import owner_of
from pydantic import SecretStr
from results_api.main import create_app
from results_api.settings import Settings

from tests.integration.conftest import SECONDS_TO_DRAIN, User
from tests.integration.results_api.lists.generated import NAMES, Row, generate, store
from tests.integration.results_api.lists.reference import Wanted, expected
from tests.support.auth.tokens import AUDIENCE, ISSUER, FakeIssuer
from tests.support.http.in_process import run_app
from tests.support.servers.databases import Database, migrate
from tests.support.servers.provision import PostgresServer
from tests.support.stacks.adopted import LEGACY, SERVICES, load_schema_v1_1

_ADDRESS = "/api/v1/analysis/"


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A results-api, its database and the analyses in it."""

    http: httpx2.AsyncClient
    database: Database
    is_adopted: bool
    users: Mapping[str, User]
    rows: list[Row]
    collation: Sequence[str]

    def wanted(self, who: str, parameters: Mapping[str, str]) -> Wanted:
        return Wanted(
            user_id=self.users[who].id, sees_everything=not who.startswith("junior"), parameters=parameters
        )

    def expected(self, who: str, parameters: Mapping[str, str]) -> list[str]:
        """Return the ids of a list as plain Python computes it."""
        return [str(each) for each in expected(self.rows, self.wanted(who, parameters), self.collation)]

    async def get(
        self, who: str, parameters: Mapping[str, str], headers: Mapping[str, str] | None = None
    ) -> httpx2.Response:
        sent = {**self.users[who].headers, **(headers or {})}
        return await self.http.get(_ADDRESS, params=dict(parameters), headers=sent)

    async def explain(self, query: str, **settings: str) -> str:
        """Return the plan of a query for any parameters, with settings of PostgreSQL."""
        connection = await asyncpg.connect(self.database.dsn)
        try:
            for name, value in settings.items():
                await connection.execute(f"SET {name} = {value}")
            await connection.execute(f"PREPARE explained AS {query}")
            values = ", ".join("NULL" for _ in set(re.findall(r"\$\d+", query)))
            rows = await connection.fetch(f"EXPLAIN EXECUTE explained{f'({values})' if values else ''}")
            return "\n".join(row[0] for row in rows)
        finally:
            await connection.close()

    async def store(self, rows: Sequence[Row]) -> None:
        """Store further analyses."""
        connection = await asyncpg.connect(self.database.dsn)
        try:
            await store(connection, rows, legacy=self.is_adopted)
        finally:
            await connection.close()


@pytest_asyncio.fixture(scope="package", params=["own", "adopted"])
async def listing(
    request: pytest.FixtureRequest,
    postgres: PostgresServer,
    request_database: Database,
    results_database: Database,
    issuer: FakeIssuer,
    jwks_url: str,
) -> AsyncIterator[Listing]:
    """Run results-api without Kafka, because it would consume the events of other tests."""
    is_adopted = request.param == "adopted"
    name, owner = f"lists_{uuid4().hex[:8]}", LEGACY if is_adopted else owner_of("results_api")
    if is_adopted:
        await load_schema_v1_1(postgres, name)
        await Database(url="", owner_url=postgres.url(name, role=owner)).fetch("DELETE FROM candidates")
    else:
        await postgres.create_database(name, owner=owner)
    for package in SERVICES if is_adopted else ("results_api",):
        await migrate(package, postgres.url(name, role=owner), database_role=package)
    database = Database(url=postgres.url(name, role="results_api"), owner_url=postgres.url(name, role=owner))
    users = {
        **{who: User(issuer) for who in ("junior", "junior without analyses")},
        "senior": User(issuer, role="senior_recruiter"),
        "admin": User(issuer, role="admin"),
    }
    requesters: list[UUID] = [users["junior"].id, users["senior"].id]
    rows = generate(1, number=150, users=requesters, legacy=is_adopted)
    settings = Settings(
        database_url=SecretStr(database.url),
        kafka_bootstrap_servers=f"{LOOPBACK}:1",
        auth_jwks_url=jwks_url,
        auth_issuer=ISSUER,
        auth_audience=AUDIENCE,
        request_api_url=f"http://{LOOPBACK}:1",
        drain_seconds=SECONDS_TO_DRAIN,
    )
    async with run_app(create_app(settings)) as client:
        made = Listing(
            http=client,
            database=database,
            is_adopted=is_adopted,
            users=users,
            rows=rows,
            collation=await _sorted_names(database),
        )
        await made.store(rows)
        yield made
    connection = await postgres.connect()
    await connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')
    await connection.close()


async def _sorted_names(database: Database) -> list[str]:
    """Return the names in lower case in the order of the database's collation."""
    names = sorted({f"{first} {last}".lower() for first, last in NAMES})
    found = await database.fetch("SELECT name FROM unnest($1::text[]) name ORDER BY name", names)
    return [row["name"] for row in found]
