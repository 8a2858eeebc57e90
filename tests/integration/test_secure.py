"""The services with TLS, passwords and certificates for Kafka and PostgreSQL, and refused connections."""

import asyncio
import logging
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any
from uuid import uuid4

import asyncpg
import pytest
import pytest_asyncio
from aiokafka import ConsumerRecord
from aiokafka.errors import KafkaConnectionError
from analyzer.main import create_app as create_analyzer
from analyzer.settings import Settings as AnalyzerSettings
from chassis.db.database import unavailability_reason
from chassis.db.migrations import Migration
from chassis.messaging.clients import create_producer
from chassis.settings import KafkaSettings
from contracts.topics import ANALYSIS_EVENTS, dead_letter_topic
from local_stack.kafka.topics import create_topics
from local_stack.ports import LOOPBACK
from local_stack.postgres import owner_of
from request_api.main import create_app as create_request_api
from request_api.settings import Settings as RequestApiSettings
from results_api.main import create_app as create_results_api
from results_api.settings import Settings as ResultsApiSettings
from sqlalchemy import make_url
from sqlalchemy.exc import DBAPIError

from tests.integration.conftest import SECONDS_TO_DRAIN, FakeRequestApi, User
from tests.integration.request_api.calls import analyze, new_resume
from tests.support.auth.certificates import CertificateAuthority
from tests.support.auth.tokens import AUDIENCE, ISSUER
from tests.support.fakes.http_server import fake_http_server
from tests.support.http.in_process import run_app
from tests.support.polling import eventually
from tests.support.servers.databases import Database, migrate
from tests.support.servers.kafka import headers_of, producer_for, read_records
from tests.support.servers.secured import PASSWORD, SecuredKafka, SecuredPostgres, postgres_with_tls
from tests.support.telemetry.logs import CapturedLogs

Settings = dict[str, Any]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("secured")


@pytest.fixture(scope="module")
def authority(folder: Path) -> CertificateAuthority:
    return CertificateAuthority(folder / "authority")


@pytest.fixture(scope="module")
def stranger(folder: Path) -> CertificateAuthority:
    """Create an authority that neither servers nor services trust."""
    return CertificateAuthority(folder / "stranger", name="Stranger")


@pytest_asyncio.fixture(scope="module")
async def kafka(folder: Path, authority: CertificateAuthority) -> AsyncIterator[SecuredKafka]:
    secured = SecuredKafka(folder, authority)
    async with secured.server:
        await create_topics(secured.server.bootstrap_servers)
        yield secured


@pytest_asyncio.fixture(scope="module")
async def database(folder: Path, authority: CertificateAuthority) -> AsyncIterator[SecuredPostgres | None]:
    """Start a PostgreSQL with TLS; None on a machine without one."""
    programs = postgres_with_tls()
    if programs is None:
        yield None
        return
    secured = SecuredPostgres(folder, authority, programs=programs)
    async with secured.server:
        for package in ("request_api", "results_api"):
            await secured.server.create_database(package, owner=owner_of(package), login=package)
            await migrate(package, **secured.settings(package) | {"database_url": secured.owner_url(package)})
        yield secured


@pytest.fixture
def auth(jwks_url: str) -> Settings:
    return {"auth_jwks_url": jwks_url, "auth_issuer": ISSUER, "auth_audience": AUDIENCE}


@pytest.fixture
def logs(captured_logs: CapturedLogs, caplog: pytest.LogCaptureFixture) -> CapturedLogs:
    """Capture the logs as a deployment has them; the local stack silences aiokafka."""
    caplog.set_level(logging.WARNING, "aiokafka")
    return captured_logs


async def test_analysis_completes_over_secured_connections(
    kafka: SecuredKafka,
    database: SecuredPostgres | None,
    request_database: Database,
    results_database: Database,
    auth: Settings,
    user: User,
) -> None:
    """Each service authenticates in another way."""
    common = {**auth, "drain_seconds": SECONDS_TO_DRAIN}
    requests: Settings = {"database_url": request_database.url}
    results: Settings = {"database_url": results_database.url}
    if database is not None:
        requests, results = database.settings("request_api"), database.settings("results_api")
    async with AsyncExitStack() as stack:
        request_api = await stack.enter_async_context(
            run_app(create_request_api(RequestApiSettings(**common, **kafka.password_settings(), **requests)))
        )
        analyzer = await stack.enter_async_context(
            run_app(
                create_analyzer(
                    AnalyzerSettings(**kafka.password_settings("PLAIN"), drain_seconds=SECONDS_TO_DRAIN)
                )
            )
        )
        results_api = await stack.enter_async_context(
            run_app(
                create_results_api(
                    ResultsApiSettings(
                        **common,
                        **kafka.certificate_settings(),
                        **results,
                        request_api_url=stack.enter_context(fake_http_server(FakeRequestApi())),
                    )
                )
            )
        )
        resume_id = await new_resume(request_api, user)
        analysis_id = (await analyze(request_api, user, resume_id)).json()["analysis_id"]

        async def shown() -> list[object]:
            """Return the status in results-api, and in request-api after the last event."""
            result = await results_api.get(
                f"/api/v1/analysis/analysis/{analysis_id}/status", headers=user.headers
            )
            request = await request_api.get(f"/api/v1/analysis/requests/{analysis_id}", headers=user.headers)
            return [answer.json().get("status") for answer in (result, request)]

        await eventually(shown, until=lambda words: words == ["completed", "completed"])
        for api in (request_api, analyzer, results_api):
            ready = await api.get("/health/ready")
            assert ready.status_code == 200, ready.text

        # The dead letters have their own producer.
        key = f"poison-{uuid4()}".encode()
        async with producer_for(kafka.server.bootstrap_servers) as producer:
            await producer.send_and_wait(ANALYSIS_EVENTS, b"canary", key=key)

        def is_ours(record: ConsumerRecord) -> bool:
            return bool(record.key == key)

        (dead,) = await read_records(
            kafka.server.bootstrap_servers,
            dead_letter_topic(ANALYSIS_EVENTS, "request-api"),
            wanted=is_ours,
            until=lambda found: len(found) >= 1,
        )
        assert headers_of(dead)["dlq_origin_topic"] == ANALYSIS_EVENTS


@pytest.mark.parametrize("mechanism", ["PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"])
async def test_every_mechanism_with_and_without_tls(kafka: SecuredKafka, mechanism: str) -> None:
    await start_producer(kafka.password_settings(mechanism))
    await start_producer(kafka.cleartext_settings(mechanism))


@pytest.mark.parametrize(
    ("case", "why"),
    [
        ("wrong password", "Authentication failed"),
        ("unknown authority", "certificate verify failed: unable to get local issuer certificate"),
        ("wrong host", "IP address mismatch, certificate is not valid for '127.0.0.1'"),
        # Kafka closes the connection, with the reason only in its own log.
        ("no TLS", "Connection at localhost"),
        ("no certificate", "Connection at localhost"),
        ("unknown certificate", "Connection at localhost"),
    ],
)
async def test_kafka_with_wrong_credentials_or_certificates_is_reported(
    kafka: SecuredKafka, stranger: CertificateAuthority, logs: CapturedLogs, case: str, why: str
) -> None:
    password, certificate = kafka.password_settings(), kafka.certificate_settings()
    unknown = stranger.sign("review")
    said = {
        "wrong password": password | {"kafka_sasl_password": f"not-{PASSWORD}"},
        "unknown authority": password | {"kafka_ca_file": stranger.ca_file},
        "wrong host": kafka.password_settings(host=LOOPBACK),
        "no TLS": kafka.cleartext_settings("PLAIN")
        | {"kafka_bootstrap_servers": password["kafka_bootstrap_servers"]},
        "no certificate": certificate | {"kafka_certificate_file": None, "kafka_key_file": None},
        "unknown certificate": certificate
        | {"kafka_certificate_file": unknown.certificate, "kafka_key_file": unknown.key},
    }[case]
    async with run_app(create_analyzer(AnalyzerSettings(**said, drain_seconds=1))) as analyzer:

        async def told() -> bool:
            return why in logs.text and "consumer could not start" in logs.text

        await eventually(told)
        ready = await analyzer.get("/health/ready")
        assert ready.status_code == 503
        assert ready.json()["checks"]["consumer"] == "there is no connection to Kafka; the log says why"
    with pytest.raises(KafkaConnectionError):
        await start_producer(said)
    assert PASSWORD not in logs.text + ready.text


NOT_ACCEPTED = "the database's certificate is not accepted"
NOT_LET_IN = "the database does not let this user in, or not without TLS or a certificate"


@pytest.mark.parametrize(
    ("case", "why", "error"),
    [
        ("wrong password", "the database refuses the password", asyncpg.InvalidPasswordError),
        # OpenSSL's message depends on the chain that the server sends.
        ("unknown authority", NOT_ACCEPTED, ssl.SSLCertVerificationError),
        (
            "wrong host",
            f"{NOT_ACCEPTED}: IP address mismatch, certificate is not valid for '127.0.0.1'.",
            ssl.SSLCertVerificationError,
        ),
        ("no TLS", NOT_LET_IN, asyncpg.InvalidAuthorizationSpecificationError),
        ("no certificate", NOT_LET_IN, asyncpg.InvalidAuthorizationSpecificationError),
    ],
)
async def test_database_with_wrong_credentials_or_certificates_is_reported(
    database: SecuredPostgres | None,
    stranger: CertificateAuthority,
    kafka_bootstrap: str,
    auth: Settings,
    user: User,
    logs: CapturedLogs,
    case: str,
    why: str,
    error: type[Exception],
) -> None:
    if database is None:
        pytest.skip("no PostgreSQL with TLS on this machine (Debian's package `postgresql` is one)")
    good = database.settings("request_api")
    password = make_url(good["database_url"]).password or ""
    said = {
        "wrong password": good | {"database_url": good["database_url"].replace(password, f"not-{password}")},
        "unknown authority": good | {"database_ca_file": stranger.ca_file},
        "wrong host": database.settings("request_api", host=LOOPBACK),
        "no TLS": {"database_url": good["database_url"], "database_tls": "disable"},
        "no certificate": database.settings("results_api")
        | {"database_certificate_file": None, "database_key_file": None},
    }[case]
    settings = RequestApiSettings(
        **auth, **said, kafka_bootstrap_servers=kafka_bootstrap, drain_seconds=SECONDS_TO_DRAIN
    )
    # The pool, the relay and the migrations each open their own connections.
    async with run_app(create_request_api(settings)) as api:
        ready = await api.get("/health/ready")
        assert ready.status_code == 503
        assert ready.json()["checks"]["database"].startswith(why)
        answer = await api.post(
            "/api/v1/candidates", json={"first_name": "M", "last_name": "E"}, headers=user.headers
        )
        assert answer.status_code == 503

        async def interrupted() -> bool:
            return "relay interrupted" in logs.text and error.__name__ in logs.text

        await eventually(interrupted)
    with pytest.raises((DBAPIError, OSError)) as caught:
        await asyncio.to_thread(Migration(package="request_api", address=settings.database_address()).run)
    # SQLAlchemy, which runs the migrations, wraps the driver's error in its adapter's.
    wrapped = caught.value.orig if isinstance(caught.value, DBAPIError) else None
    assert unavailability_reason(wrapped.__cause__ if wrapped else caught.value).startswith(why)
    assert password not in logs.text + ready.text + answer.text + str(caught.value)


async def start_producer(said: Mapping[str, Any]) -> None:
    settings = KafkaSettings(**said)
    producer = create_producer(
        bootstrap_servers=settings.kafka_bootstrap_servers,
        client_id="tests",
        security=settings.kafka_security(),
    )
    try:
        await producer.start()
    finally:
        await producer.stop()
