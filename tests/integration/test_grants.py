"""A service's login owns nothing and has exactly the privileges that its statements need.

The server is set up like in docker-compose.yml, with both layouts. All other tests use such logins too.
"""

import asyncio
import os
from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

import asyncpg
import pytest
import pytest_asyncio
from aiokafka.errors import KafkaError, MessageSizeTooLargeError
from chassis.deadline import Deadline
from chassis.messaging.messages import OutgoingMessage
from chassis.messaging.publisher import Publisher
from chassis.messaging.relay import OutboxRelay
from chassis.settings import DatabaseAddress
from local_stack.paths import ROOT
from local_stack.ports import LOOPBACK, free_ports
from local_stack.postgres import SUPERUSER, Postgres, binaries, owner_of

from tests.support.polling import eventually
from tests.support.servers.databases import migrate
from tests.support.servers.statements import modules_with_other_sql, single_rights, statements_of, tables_of
from tests.support.stacks.adopted import LEGACY, SERVICES, load_schema_v1_1

PACKAGES: Final = ("request_api", "results_api", "analyzer")
# Modules with SQL outside `Statement`, which their own tests cover, and this module that of the relay.
_OTHER_SQL: Final = {
    *("chassis.db.statement", "chassis.db.database", "chassis.messaging.relay", "chassis.db.adoption"),
    "results_api.storage.change_listener",
    # It evaluates check constraints, whose conditions come from the database.
    "request_api.storage.legacy.industries",
}
# Rights that the relay needs on its outbox, which have their own test.
_OF_THE_RELAY: Final = ("SELECT", "UPDATE", "DELETE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Tables of a service in one of the layouts."""

    package: str
    database: str
    server: Postgres

    def url(self) -> str:
        return self.server.url(self.database, role=self.package)

    async def as_superuser(self) -> asyncpg.Connection:
        return await self.server.connect(self.database)

    async def rights(self) -> list[tuple[str, str]]:
        """Return each table and right of `GRANTS`, for existing tables."""
        superuser = await self.as_superuser()
        try:
            return [
                (table, right)
                for table, said in tables_of(self.package).GRANTS.items()
                if await superuser.fetchval("SELECT to_regclass($1)", table)
                for right in single_rights(said)
            ]
        finally:
            await superuser.close()


@pytest_asyncio.fixture(scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Postgres]:
    """Start a server with the roles and databases of docker compose, and an adopted one."""
    (port,) = free_ports(1)
    folder = tmp_path_factory.mktemp("grants")
    async with Postgres(data_dir=folder, port=port, durable=False) as server:
        await _run_the_script_of_compose(server, port)
        await load_schema_v1_1(server)
        for package in PACKAGES:
            await migrate(package, server.url(package, role=owner_of(package)))
        for package in SERVICES:
            await migrate(package, server.url(LEGACY))
        yield server


async def _run_the_script_of_compose(server: Postgres, port: int) -> None:
    environment = {
        "PATH": f"{binaries()}{os.pathsep}{os.environ['PATH']}",
        "POSTGRES_USER": SUPERUSER,
        "PGHOST": LOOPBACK,
        "PGPORT": str(port),
        "PGPASSWORD": _password(server, SUPERUSER),
    }
    for package in PACKAGES:
        environment[f"{package.upper()}_DATABASE_PASSWORD"] = _password(server, package)
        environment[f"{package.upper()}_OWNER_PASSWORD"] = _password(server, owner_of(package))
    script = ROOT / "deploy" / "postgres" / "create-databases.sh"
    process = await asyncio.create_subprocess_exec("bash", script, env=environment)
    assert await process.wait() == 0


def _password(server: Postgres, role: str) -> str:
    return urlsplit(server.url("postgres", role=role)).password or ""


@pytest.fixture(
    params=[
        *(("fresh", package) for package in PACKAGES),
        *(("adopted", package) for package in SERVICES),
    ],
    ids="-".join,
)
def place(server: Postgres, request: pytest.FixtureRequest) -> Place:
    layout, package = request.param
    return Place(package=package, database=LEGACY if layout == "adopted" else package, server=server)


async def _is_refused(connection: asyncpg.Connection, statement: str) -> bool:
    """Return True if the role may not run a statement. PostgreSQL checks rights when it prepares it."""
    try:
        async with connection.transaction():
            await connection.execute(f"EXPLAIN (GENERIC_PLAN) {statement}")
    except asyncpg.InsufficientPrivilegeError:
        return True
    except asyncpg.UndefinedTableError as error:
        # A database without the legacy backend has no such tables, and nothing queries them.
        assert 'relation "users" does not exist' in str(error)  # noqa: PT017
    return False


async def test_login_owns_nothing_and_has_exactly_the_granted_rights(place: Place) -> None:
    superuser = await place.as_superuser()
    try:
        owned = await superuser.fetch(
            """
            SELECT oid FROM pg_class WHERE relowner = $1::regrole
            UNION ALL SELECT oid FROM pg_proc WHERE proowner = $1::regrole
            UNION ALL SELECT oid FROM pg_database WHERE datdba = $1::regrole
            """,
            place.package,
        )
        granted = await superuser.fetch(
            """
            SELECT table_name, privilege_type FROM information_schema.table_privileges
            WHERE grantee IN ($1, 'PUBLIC') AND table_schema = 'public'
            UNION
            SELECT c.relname, format('%s (%s)', acl.privilege_type, a.attname)
            FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid, aclexplode(a.attacl) acl
            WHERE acl.grantee IN (0, $1::text::regrole) AND c.relnamespace = 'public'::regnamespace
            """,
            place.package,
        )
    finally:
        await superuser.close()
    assert owned == []
    assert {(table, right) for table, right in granted} == set(await place.rights())


async def test_every_statement_is_allowed(place: Place) -> None:
    statements = statements_of(place.package)
    assert statements
    login = await asyncpg.connect(place.url().replace("+asyncpg", ""))
    try:
        refused = [name for name, sql in statements if await _is_refused(login, sql)]
    finally:
        await login.close()
    assert refused == []


async def test_every_right_is_needed(place: Place) -> None:
    statements = statements_of(place.package)
    rights, needless = await place.rights(), []
    superuser = await place.as_superuser()
    try:
        for table, right in rights:
            revoked = superuser.transaction()
            await revoked.start()
            await superuser.execute(f"REVOKE {right} ON {table} FROM {place.package}")
            await superuser.execute(f"SET LOCAL ROLE {place.package}")
            refused = [name for name, sql in statements if await _is_refused(superuser, sql)]
            await revoked.rollback()
            if not refused:
                needless.append((table, right))
    finally:
        await superuser.close()
    for_the_relay = {(getattr(tables_of(place.package), "OUTBOX", None), right) for right in _OF_THE_RELAY}
    assert set(needless) - for_the_relay == set()


class _FakePublisher(Publisher):
    """A publisher that acknowledges every message except for the key `refused`."""

    def __init__(self) -> None:
        """Do nothing: there is no connection."""

    async def publish(self, messages: Sequence[OutgoingMessage]) -> list[KafkaError | None]:
        return [MessageSizeTooLargeError() if each.key == "refused" else None for each in messages]

    async def stop(self) -> None:
        """Do nothing: there is no connection."""


@pytest.mark.parametrize("right", [None, *_OF_THE_RELAY])
async def test_relay_needs_exactly_its_rights(place: Place, right: str | None) -> None:
    if place.package == "analyzer":
        return
    table = tables_of(place.package).OUTBOX
    superuser = await place.as_superuser()
    relay = OutboxRelay(address=DatabaseAddress(url=place.url()), table=table, publisher=_FakePublisher())

    async def left() -> list[asyncpg.Record]:
        rows: list[asyncpg.Record] = await superuser.fetch(
            f"SELECT aggregateid, refused FROM {table}"  # noqa: S608 - our own table
        )
        return rows

    try:
        await superuser.execute(f"TRUNCATE {table}")
        await superuser.executemany(
            f"INSERT INTO {table} (id, aggregatetype, aggregateid, type, payload, headers)"  # noqa: S608
            " VALUES (gen_random_uuid(), 't', $1, 't', '', '{}')",
            [("taken",), ("refused",)],
        )
        if right is not None:
            await superuser.execute(f"REVOKE {right} ON {table} FROM {place.package}")
        await relay.start()
        if right is None:
            await eventually(left, until=lambda rows: len(rows) == 1)
            assert [tuple(row) for row in await left()] == [("refused", "MessageSizeTooLargeError")]
            assert relay.interruptions == 0
        else:

            async def interruptions() -> int:
                return relay.interruptions

            await eventually(interruptions)
    finally:
        await relay.stop(deadline=Deadline(seconds=1))
        if right is not None:
            await superuser.execute(f"GRANT {right} ON {table} TO {place.package}")
        await superuser.close()


def test_all_other_sql_is_a_statement() -> None:
    """The tests above would miss a query that is built where it runs."""
    assert set(modules_with_other_sql("chassis", *PACKAGES)) == _OTHER_SQL


async def test_tables_owned_by_the_login_are_taken_over(server: Postgres) -> None:
    name, owner = "before", owner_of("before")
    await server.create_database(name, owner=name)
    login = await asyncpg.connect(server.url(name, scheme="postgresql"))
    await login.execute("CREATE TABLE words (word text)")
    await login.close()
    for _ in range(2):
        await server.create_database(name, owner=owner, login=name)
    superuser = await server.connect(name)
    try:
        owners = await superuser.fetchrow(
            """
            SELECT pg_get_userbyid(datdba), pg_get_userbyid(relowner)
            FROM pg_database, pg_class WHERE datname = current_database() AND relname = 'words'
            """
        )
    finally:
        await superuser.close()
    assert tuple(owners) == (owner, owner)
