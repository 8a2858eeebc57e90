"""Provides PostgreSQL and Kafka for the integration tests. `TEST_SERVERS` selects how:

- `local` (the default) starts the local stack's programs.
- `containers` starts docker-compose.yml's images with testcontainers. `POSTGRES_IMAGE` and `KAFKA_IMAGE` name
  other images.
- `urls` uses running servers without valuable data: `TEST_POSTGRES_URL` (of a superuser) and
  `TEST_KAFKA_BOOTSTRAP_SERVERS`.

Tests that kill a server or need their own server settings always start the local stack's programs.
"""

import os
import re
import secrets
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Protocol
from urllib.parse import quote, urlsplit

import asyncpg
import yaml
from aiokafka.errors import KafkaError
from chassis.messaging.clients import create_admin
from local_stack.kafka.broker import MAX_MESSAGE_BYTES, Kafka
from local_stack.paths import ROOT
from local_stack.ports import LOOPBACK, free_ports
from local_stack.postgres import Postgres, ensure_database, ensure_role

from tests.support.polling import eventually

_SUPERUSER = "postgres"
_KAFKA_PORT = 9092


class PostgresServer(Protocol):
    """The operations that tests need of a PostgreSQL server."""

    async def create_database(self, name: str, *, owner: str, login: str | None = None) -> None: ...
    async def connect(self, database: str = "postgres") -> asyncpg.Connection: ...
    def url(self, database: str, *, role: str | None = None, scheme: str = "postgresql+asyncpg") -> str: ...


class ExternalPostgres:
    """A server that is already running, accessed as its superuser."""

    def __init__(self, superuser_url: str) -> None:
        address = urlsplit(superuser_url)
        self._at = f"{address.hostname}:{address.port or 5432}"
        self._superuser = address.username or _SUPERUSER
        self._passwords = {self._superuser: address.password or ""}

    async def create_database(self, name: str, *, owner: str, login: str | None = None) -> None:
        connection = await self.connect()
        try:
            for role in filter(None, (owner, login)):
                password = self._passwords.setdefault(role, secrets.token_urlsafe(24))
                await ensure_role(connection, role, password=password)
            await ensure_database(connection, name, owner=owner)
        finally:
            await connection.close()

    async def connect(self, database: str = "postgres") -> asyncpg.Connection:
        return await asyncpg.connect(self.url(database, role=self._superuser, scheme="postgresql"), timeout=5)

    def url(self, database: str, *, role: str | None = None, scheme: str = "postgresql+asyncpg") -> str:
        role = self._superuser if role == _SUPERUSER else role or database
        return f"{scheme}://{role}:{quote(self._passwords[role], safe='')}@{self._at}/{database}"


@asynccontextmanager
async def _local_postgres(folder: Path) -> AsyncIterator[PostgresServer]:
    (port,) = free_ports(1)
    async with Postgres(data_dir=folder, port=port, durable=False) as server:
        yield server


@asynccontextmanager
async def _local_kafka(folder: Path) -> AsyncIterator[str]:
    port, controller_port = free_ports(2)
    async with Kafka(data_dir=folder, port=port, controller_port=controller_port) as broker:
        yield broker.bootstrap_servers


@asynccontextmanager
async def _external_postgres(_: Path) -> AsyncIterator[PostgresServer]:
    yield ExternalPostgres(os.environ["TEST_POSTGRES_URL"])


@asynccontextmanager
async def _external_kafka(_: Path) -> AsyncIterator[str]:
    yield os.environ["TEST_KAFKA_BOOTSTRAP_SERVERS"]


@contextmanager
def _testcontainers() -> Iterator[None]:
    """Disable the helper container of testcontainers, which would need another image; `with` stops ours."""
    from testcontainers.core.config import testcontainers_config  # noqa: PLC0415 - slow, and rarely needed

    testcontainers_config.ryuk_disabled = True
    yield


@asynccontextmanager
async def _container_postgres(_: Path) -> AsyncIterator[PostgresServer]:
    from testcontainers.community.postgres import PostgresContainer  # noqa: PLC0415 - see above

    with (
        _testcontainers(),
        PostgresContainer(
            image("POSTGRES_IMAGE"),
            username=_SUPERUSER,
            password=secrets.token_urlsafe(24),
            dbname=_SUPERUSER,
        )
        .with_env("PGDATA", "/var/lib/postgresql/cluster")
        .with_command("postgres -c max_connections=200 -c fsync=off") as container,
    ):
        yield ExternalPostgres(container.get_connection_url(driver=None))


@asynccontextmanager
async def _container_kafka(_: Path) -> AsyncIterator[str]:
    from testcontainers.core.container import DockerContainer  # noqa: PLC0415 - see above

    # The Kafka class of testcontainers is for Confluent's image. A broker has to know its advertised port
    # before it starts, so the port is chosen here.
    (port,) = free_ports(1)
    container = DockerContainer(image("KAFKA_IMAGE")).with_bind_ports(f"{_KAFKA_PORT}/tcp", port)
    # As in compose, but without logins: tests of logins have their own broker.
    settings = {
        **{name: value for name, value in _compose_environment("kafka").items() if "_SASL_" not in name},
        "KAFKA_LISTENERS": "PLAINTEXT://:9092,INTERNAL://localhost:9094,CONTROLLER://localhost:9093",
        "KAFKA_ADVERTISED_LISTENERS": f"PLAINTEXT://{LOOPBACK}:{port},INTERNAL://localhost:9094",
        "KAFKA_LISTENER_SECURITY_PROTOCOL_MAP": (
            "PLAINTEXT:PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT"
        ),
        "KAFKA_MESSAGE_MAX_BYTES": str(MAX_MESSAGE_BYTES),
    }
    for name, value in settings.items():
        container.with_env(name, value)
    with _testcontainers(), container:
        bootstrap_servers = f"{LOOPBACK}:{port}"
        await eventually(lambda: _answers(bootstrap_servers), deadline_seconds=60)
        yield bootstrap_servers


async def _answers(bootstrap_servers: str) -> bool:
    admin = create_admin(bootstrap_servers=bootstrap_servers, client_id="tests")
    try:
        await admin.start()
        return bool((await admin.describe_cluster())["brokers"])
    except (KafkaError, OSError):
        return False
    finally:
        await admin.close()


def image(variable: str) -> str:
    """Return the image in the environment variable, or else the default in docker-compose.yml."""
    compose = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    (default,) = set(re.findall(rf"\$\{{{variable}:-([^}}]+)\}}", compose))
    return os.environ.get(variable) or default


def _compose_environment(service: str) -> dict[str, str]:
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))
    environment: dict[str, str] = compose["services"][service]["environment"]
    return environment


_Provider = tuple[
    Callable[[Path], AbstractAsyncContextManager[PostgresServer]],
    Callable[[Path], AbstractAsyncContextManager[str]],
]
_PROVIDERS: dict[str, _Provider] = {
    "local": (_local_postgres, _local_kafka),
    "containers": (_container_postgres, _container_kafka),
    "urls": (_external_postgres, _external_kafka),
}


def _provider() -> _Provider:
    name = os.environ.get("TEST_SERVERS") or "local"
    if name not in _PROVIDERS:
        raise ValueError(f"TEST_SERVERS is {name!r}; use one of {', '.join(_PROVIDERS)}")
    return _PROVIDERS[name]


def postgres_server(folder: Path) -> AbstractAsyncContextManager[PostgresServer]:
    """Provide a PostgreSQL server; a local one keeps its data in `folder`."""
    return _provider()[0](folder)


def kafka_server(folder: Path) -> AbstractAsyncContextManager[str]:
    """Provide a Kafka broker and yield its address; a local one keeps its data in `folder`."""
    return _provider()[1](folder)
