"""A service's login owns nothing, and is granted what its statements need and no more.

On a server made as docker-compose.yml makes it, on both layouts. All other tests run under such logins, too.
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
# Where SQL runs that is no `Statement`: its own tests prove it, and here the relay.
_OTHER_SQL: Final = {
    *("chassis.db.statement", "chassis.db.database", "chassis.messaging.relay", "chassis.db.adoption"),
    "results_api.storage.change_listener",
    # It asks check constraints, whose conditions stand in the database.
    "request_api.storage.legacy",
}
# A test of its own shows that the relay needs these of its outbox.
_OF_THE_RELAY: Final = ("SELECT", "UPDATE", "DELETE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A service's tables, in one of the layouts."""

    package: str
    database: str
    server: Postgres

    def url(self) -> str:
        return self.server.url(self.database, role=self.package)

    async def as_superuser(self) -> asyncpg.Connection:
        return await self.server.connect(self.database)

    async def rights(self) -> list[tuple[str, str]]:
        """Table and right, one by one, as `GRANTS` says them of the tables that are here."""
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
    """With the roles and databases of docker compose, and an existing one that is adopted."""
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
    told = {
        "PATH": f"{binaries()}{os.pathsep}{os.environ['PATH']}",
        "POSTGRES_USER": SUPERUSER,
        "PGHOST": LOOPBACK,
        "PGPORT": str(port),
        "PGPASSWORD": _password(server, SUPERUSER),
    }
    for package in PACKAGES:
        told[f"{package.upper()}_DATABASE_PASSWORD"] = _password(server, package)
        told[f"{package.upper()}_OWNER_PASSWORD"] = _password(server, owner_of(package))
    script = ROOT / "deploy" / "postgres" / "create-databases.sh"
    process = await asyncio.create_subprocess_exec("bash", script, env=told)
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
    """Whether the role may not run it; the rights are checked when PostgreSQL makes it ready to run."""
    try:
        async with connection.transaction():
            await connection.execute(f"EXPLAIN (GENERIC_PLAN) {statement}")
    except asyncpg.InsufficientPrivilegeError:
        return True
    except asyncpg.UndefinedTableError as error:
        # In a database of our own there are none, and nobody asks for them.
        assert 'relation "users" does not exist' in str(error)  # noqa: PT017
    return False


async def test_a_login_owns_nothing_and_has_the_rights_that_are_granted(place: Place) -> None:
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


async def test_every_statement_may_run(place: Place) -> None:
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
    """Kafka takes every message but those that are `refused`."""

    def __init__(self) -> None:
        """There is nothing to connect to."""

    async def publish(self, messages: Sequence[OutgoingMessage]) -> list[KafkaError | None]:
        return [MessageSizeTooLargeError() if each.key == "refused" else None for each in messages]

    async def stop(self) -> None:
        """There is nothing to stop."""


@pytest.mark.parametrize("right", [None, *_OF_THE_RELAY])
async def test_the_relay_needs_its_rights_and_no_others(place: Place, right: str | None) -> None:
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


def test_all_other_sql_is_a_statement_that_is_found_here() -> None:
    """A query that is put together where it runs would be seen by none of the tests above."""
    assert set(modules_with_other_sql("chassis", *PACKAGES)) == _OTHER_SQL


async def test_a_stack_in_which_the_login_owned_everything_is_taken_over(server: Postgres) -> None:
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
