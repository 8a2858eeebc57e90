"""The services on real servers, and the fixtures that their tests share."""

from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from uuid import UUID, uuid4

import httpx2
import pytest
import pytest_asyncio
from local_stack.kafka.topics import create_topics
from pydantic import SecretStr
from request_api.main import create_app as create_request_api
from request_api.settings import Settings as RequestApiSettings
from results_api.main import create_app as create_results_api
from results_api.settings import Settings as ResultsApiSettings

from tests.support.auth.tokens import AUDIENCE, ISSUER, FakeIssuer, bearer
from tests.support.fakes.http_server import fake_http_server
from tests.support.http.in_process import run_app
from tests.support.servers.databases import Database, create_service_database
from tests.support.servers.provision import PostgresServer, kafka_server, postgres_server

SECONDS_TO_DRAIN = 5


class User:
    """A user with a token."""

    def __init__(self, issuer: FakeIssuer, role: str = "junior_recruiter") -> None:
        self.id: UUID = uuid4()
        self.headers = bearer(issuer.token(self.id, role=role))


@pytest.fixture(scope="session")
def issuer() -> FakeIssuer:
    return FakeIssuer()


@pytest.fixture(scope="session")
def jwks_url(issuer: FakeIssuer) -> Iterator[str]:
    with fake_http_server(lambda _path, _headers: (200, issuer.jwks())) as address:
        yield f"{address}/jwks.json"


@pytest.fixture
def user(issuer: FakeIssuer) -> User:
    return User(issuer)


@pytest.fixture
def other(issuer: FakeIssuer) -> User:
    return User(issuer)


@pytest.fixture
def senior(issuer: FakeIssuer) -> User:
    return User(issuer, role="senior_recruiter")


@pytest_asyncio.fixture(scope="session")
async def postgres(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[PostgresServer]:
    """Start a server for this run, unless one was given."""
    async with postgres_server(tmp_path_factory.mktemp("postgres")) as server:
        yield server


@pytest_asyncio.fixture(scope="session")
async def kafka_bootstrap(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """Start a broker for this run, unless one was given, and create the topics."""
    async with kafka_server(tmp_path_factory.mktemp("kafka")) as bootstrap_servers:
        await create_topics(bootstrap_servers)
        yield bootstrap_servers


@pytest_asyncio.fixture(scope="session")
async def request_database(postgres: PostgresServer) -> Database:
    return await create_service_database(postgres, "request_api")


@pytest_asyncio.fixture(scope="session")
async def results_database(postgres: PostgresServer) -> Database:
    return await create_service_database(postgres, "results_api")


@pytest_asyncio.fixture(scope="session")
async def analyzer_database(postgres: PostgresServer) -> Database:
    return await create_service_database(postgres, "analyzer")


@pytest_asyncio.fixture(scope="session")
async def request_api(
    request_database: Database, kafka_bootstrap: str, jwks_url: str
) -> AsyncIterator[httpx2.AsyncClient]:
    """Run request-api in this process."""
    settings = RequestApiSettings(
        database_url=SecretStr(request_database.url),
        kafka_bootstrap_servers=kafka_bootstrap,
        auth_jwks_url=jwks_url,
        auth_issuer=ISSUER,
        auth_audience=AUDIENCE,
        drain_seconds=SECONDS_TO_DRAIN,
    )
    async with run_app(create_request_api(settings)) as client:
        yield client


class FakeRequestApi:
    """A fake request-api, which returns responses that a test sets, and 404 for everything else."""

    def __init__(self) -> None:
        self.answers: dict[str, tuple[int, object]] = {}
        self.asked: list[tuple[str, str]] = []
        self.is_unavailable = False

    def __call__(self, path: str, headers: dict[str, str]) -> tuple[int, object]:
        analysis_id = path.rsplit("/", 1)[-1]
        self.asked.append((analysis_id, headers.get("authorization", "")))
        if self.is_unavailable:
            return 503, {"detail": "unavailable"}
        return self.answers.get(analysis_id, (404, {"detail": "Analysis not found."}))


@pytest.fixture(scope="session")
def fake_request_api() -> FakeRequestApi:
    return FakeRequestApi()


@pytest_asyncio.fixture(scope="session")
async def results_api(
    results_database: Database, kafka_bootstrap: str, jwks_url: str, fake_request_api: FakeRequestApi
) -> AsyncIterator[httpx2.AsyncClient]:
    """Run results-api in this process, beside a fake request-api."""
    async with run_results_api(results_database, kafka_bootstrap, jwks_url, fake_request_api) as client:
        yield client


@asynccontextmanager
async def run_results_api(
    database: Database, kafka_bootstrap: str, jwks_url: str, request_api: Callable[..., tuple[int, object]]
) -> AsyncIterator[httpx2.AsyncClient]:
    """Run results-api in this process, and what it asks for as request-api."""
    with fake_http_server(request_api) as request_api_url:
        settings = ResultsApiSettings(
            database_url=SecretStr(database.url),
            kafka_bootstrap_servers=kafka_bootstrap,
            auth_jwks_url=jwks_url,
            auth_issuer=ISSUER,
            auth_audience=AUDIENCE,
            request_api_url=request_api_url,
            drain_seconds=SECONDS_TO_DRAIN,
        )
        async with run_app(create_results_api(settings)) as client:
            yield client
