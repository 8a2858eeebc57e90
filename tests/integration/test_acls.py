"""Kafka's ACLs grant each user the rights in docs/security.md and no more, and all works."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any
from uuid import uuid4

import httpx2
import pytest
import pytest_asyncio
from aiokafka import AIOKafkaConsumer, AIOKafkaProducer, ConsumerRecord, TopicPartition
from aiokafka.admin import AIOKafkaAdminClient
from aiokafka.errors import (
    ClusterAuthorizationFailedError,
    CommitFailedError,
    GroupAuthorizationFailedError,
    TopicAuthorizationFailedError,
    TransactionalIdAuthorizationFailed,
)
from analyzer.main import create_app as create_analyzer
from analyzer.settings import Settings as AnalyzerSettings
from chassis.messaging.clients import create_admin, create_producer
from chassis.settings import KafkaSettings
from contracts.access import (
    ACCESS_RULES,
    KEDA,
    ON_CALL,
    SERVICES,
    TOPIC_CREATOR,
    AccessRule,
    subscriber_access_rules,
)
from contracts.topics import ANALYSIS_EVENTS, CONSUMERS, TOPICS, dead_letter_topic
from local_stack.kafka.acls import create_acls
from local_stack.ports import free_ports
from local_stack.postgres import Postgres
from request_api import create_topics
from request_api.main import create_app as create_request_api
from request_api.ops.__main__ import parse, run
from request_api.settings import Settings as RequestApiSettings
from results_api.main import create_app as create_results_api
from results_api.settings import Settings as ResultsApiSettings

from tests.integration.conftest import SECONDS_TO_DRAIN, FakeRequestApi, User
from tests.integration.request_api.calls import analyze, new_resume
from tests.support.auth.tokens import AUDIENCE, ISSUER
from tests.support.fakes.http_server import fake_http_server
from tests.support.http.in_process import run_app
from tests.support.polling import eventually
from tests.support.servers.databases import create_service_database
from tests.support.servers.kafka import producer_for, read_records
from tests.support.servers.secured import AuthorizedKafka

SUBSCRIBER = "crm"
USERS = (*SERVICES, ON_CALL, KEDA, TOPIC_CREATOR, SUBSCRIBER)
ALL_ACCESS_RULES = (*ACCESS_RULES, *subscriber_access_rules(SUBSCRIBER, group_prefix="crm."))
DEAD_LETTERS = [
    (topic, dead_letter_topic(topic, group)) for topic, groups in CONSUMERS.items() for group in groups
]


@pytest_asyncio.fixture(scope="module")
async def kafka(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[AuthorizedKafka]:
    """Start a broker, and create the topics twice as the user who may: the second run updates them."""
    authorized = AuthorizedKafka(tmp_path_factory.mktemp("authorized"), users=USERS)
    async with authorized.server:
        for _ in range(2):
            await create_acls(ALL_ACCESS_RULES, bootstrap_servers=authorized.server.bootstrap_servers)
            await create_topics.run(create_topics.Settings(**authorized.settings(TOPIC_CREATOR)))
        yield authorized


@pytest_asyncio.fixture(scope="module")
async def server(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Postgres]:
    """Start a separate server, because only one of two relays on an outbox publishes, to its own Kafka."""
    (port,) = free_ports(1)
    async with Postgres(data_dir=tmp_path_factory.mktemp("acls"), port=port, durable=False) as server:
        yield server


@pytest_asyncio.fixture(scope="module")
async def apis(
    kafka: AuthorizedKafka, server: Postgres, jwks_url: str
) -> AsyncIterator[dict[str, httpx2.AsyncClient]]:
    """Run the three services, each as its own user."""
    request_database = await create_service_database(server, "request_api")
    results_database = await create_service_database(server, "results_api")
    auth: dict[str, Any] = {"auth_jwks_url": jwks_url, "auth_issuer": ISSUER, "auth_audience": AUDIENCE}
    drain: dict[str, Any] = {"drain_seconds": SECONDS_TO_DRAIN}
    requests = RequestApiSettings(
        **auth, **drain, **kafka.settings("request-api"), database_url=request_database.url
    )
    analyzer = AnalyzerSettings(**drain, **kafka.settings("analyzer"))
    async with AsyncExitStack() as stack:
        results = ResultsApiSettings(
            **auth,
            **drain,
            **kafka.settings("results-api"),
            database_url=results_database.url,
            request_api_url=stack.enter_context(fake_http_server(FakeRequestApi())),
        )
        yield {
            "request-api": await stack.enter_async_context(run_app(create_request_api(requests))),
            "analyzer": await stack.enter_async_context(run_app(create_analyzer(analyzer))),
            "results-api": await stack.enter_async_context(run_app(create_results_api(results))),
        }


async def test_analysis_completes_under_acls(apis: dict[str, httpx2.AsyncClient], user: User) -> None:
    request_api, results_api = apis["request-api"], apis["results-api"]
    resume_id = await new_resume(request_api, user)
    analysis_id = (await analyze(request_api, user, resume_id)).json()["analysis_id"]

    async def shown() -> list[object]:
        status = f"/api/v1/analysis/analysis/{analysis_id}/status"
        result = await results_api.get(status, headers=user.headers)
        request = await request_api.get(f"/api/v1/analysis/requests/{analysis_id}", headers=user.headers)
        return [answer.json().get("status") for answer in (result, request)]

    await eventually(shown, until=lambda words: words == ["completed", "completed"])
    for api in apis.values():
        ready = await api.get("/health/ready")
        assert ready.status_code == 200, ready.text

        # The lag is queried from the broker every few seconds.
        async def metrics(api: httpx2.AsyncClient = api) -> str:
            return (await api.get("/metrics")).text

        await eventually(metrics, until=lambda text: "subscriber_lag_records{" in text)


async def test_dead_letters_are_written_replayed_and_dropped(
    kafka: AuthorizedKafka,
    apis: dict[str, httpx2.AsyncClient],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    key = f"poison-{uuid4()}".encode()
    for topic in CONSUMERS:
        async with producer_for(kafka.server.bootstrap_servers) as producer:
            for _ in range(2):
                await producer.send_and_wait(topic, b"canary", key=key)

    async def dead_letters(queue: str, count: int) -> list[ConsumerRecord]:
        return await read_records(
            kafka.server.bootstrap_servers,
            queue,
            wanted=lambda record: bool(record.key == key),
            until=lambda found: len(found) >= count,
        )

    seconds = [(await dead_letters(queue, 2))[1] for _, queue in DEAD_LETTERS]

    for name, value in kafka.settings(ON_CALL).items():
        monkeypatch.setenv(f"REQUEST_API_{name}".upper(), value)

    async def ops(*words: str) -> str:
        assert await run(parse(words)) == 0, capsys.readouterr().err
        return capsys.readouterr().out

    assert (await ops("dead-letters", "list")).count("no CloudEvent") >= len(DEAD_LETTERS)
    apply = ("--apply", "--by", "robin", "--reason", "a test")
    # Replayed records fail again and become dead letters again, which needs the right to write.
    replayed = await ops(
        "dead-letters", "replay", *(f"{each.topic}:{each.offset}" for each in seconds), *apply
    )
    assert f"append {len(DEAD_LETTERS)} other dead letters" in replayed
    assert f"{len(DEAD_LETTERS)} dead letters handled." in replayed
    for _, queue in DEAD_LETTERS:
        await dead_letters(queue, 2)
    assert "handled." in await ops("dead-letters", "drop", "--all", *apply)


def may(user: str, operation: str, resource: str, name: str) -> bool:
    return any(
        rule.user == user
        and rule.resource == resource
        and operation in rule.operations
        and (name.startswith(rule.name) if rule.is_prefix else name == rule.name)
        for rule in ALL_ACCESS_RULES
    )


@asynccontextmanager
async def producer_of(kafka: AuthorizedKafka, user: str) -> AsyncIterator[AIOKafkaProducer]:
    settings = KafkaSettings(**kafka.settings(user))
    producer = create_producer(
        bootstrap_servers=settings.kafka_bootstrap_servers,
        client_id="tests",
        security=settings.kafka_security(),
    )
    await producer.start()
    try:
        yield producer
    finally:
        await producer.stop()


@asynccontextmanager
async def admin_of(kafka: AuthorizedKafka, user: str) -> AsyncIterator[AIOKafkaAdminClient]:
    settings = KafkaSettings(**kafka.settings(user))
    admin = create_admin(
        bootstrap_servers=settings.kafka_bootstrap_servers,
        client_id="tests",
        security=settings.kafka_security(),
    )
    await admin.start()
    try:
        yield admin
    finally:
        await admin.close()


@asynccontextmanager
async def reader_of(kafka: AuthorizedKafka, user: str, group: str | None) -> AsyncIterator[AIOKafkaConsumer]:
    settings = kafka.settings(user)
    reader = AIOKafkaConsumer(
        bootstrap_servers=settings["kafka_bootstrap_servers"],
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="PLAIN",
        sasl_plain_username=user,
        sasl_plain_password=settings["kafka_sasl_password"],
        group_id=group,
        enable_auto_commit=False,
        auto_offset_reset="earliest",
    )
    await reader.start()
    try:
        yield reader
    finally:
        await reader.stop()


@pytest.mark.parametrize("user", USERS)
async def test_only_allowed_users_write(kafka: AuthorizedKafka, user: str) -> None:
    """Write a record without key to a partition that no service of this test reads."""
    written, refused = set(), set()
    for topic in TOPICS:
        try:
            async with producer_of(kafka, user) as producer:
                await producer.send_and_wait(topic.name, b"canary", key=b"forged")
        except (TopicAuthorizationFailedError, ClusterAuthorizationFailedError):
            refused.add(topic.name)
        else:
            written.add(topic.name)
    assert written == {topic.name for topic in TOPICS if may(user, "Write", "topic", topic.name)}
    assert written | refused == {topic.name for topic in TOPICS}


async def is_described(kafka: AuthorizedKafka, user: str, topic: str) -> bool:
    """Return True if the user may describe the topic. Without the right, the client would retry forever."""
    async with admin_of(kafka, user) as admin:
        (described,) = await admin.describe_topics([topic])
    return not described["error_code"]


@pytest.mark.parametrize("user", USERS)
async def test_only_allowed_users_read(kafka: AuthorizedKafka, user: str) -> None:
    ends, read = {}, set()
    async with producer_for(kafka.server.bootstrap_servers) as producer:
        for topic in TOPICS:
            sent = await producer.send_and_wait(topic.name, b"canary", key=b"to-read", partition=0)
            ends[topic.name] = sent.offset + 1
    for topic in TOPICS:
        if not await is_described(kafka, user, topic.name):
            continue
        # Without a group, which needs another right.
        async with reader_of(kafka, user, None) as reader:
            partition = TopicPartition(topic.name, 0)
            reader.assign([partition])
            reader.seek(partition, ends[topic.name] - 1)
            try:
                async with asyncio.timeout(20):
                    await reader.getone()
            except TopicAuthorizationFailedError:
                continue
        read.add(topic.name)
    assert read == {topic.name for topic in TOPICS if may(user, "Read", "topic", topic.name)}


@pytest.mark.parametrize("user", USERS)
async def test_only_the_own_group_can_commit_offsets(kafka: AuthorizedKafka, user: str) -> None:
    groups = (*SERVICES, "crm.reports", "another")
    moved = set()
    for group in groups:
        async with reader_of(kafka, user, group) as reader:
            partition = TopicPartition(ANALYSIS_EVENTS, 0)
            reader.assign([partition])
            try:
                await reader.commit({partition: 0})
            except (GroupAuthorizationFailedError, TopicAuthorizationFailedError):
                continue
            except CommitFailedError:
                pass  # Allowed, and refused because a service of this test is in the group.
        moved.add(group)
    may_read = may(user, "Read", "topic", ANALYSIS_EVENTS)
    assert moved == {group for group in groups if may_read and may(user, "Read", "group", group)}


@pytest.mark.parametrize("user", [*SERVICES, ON_CALL, KEDA, SUBSCRIBER])
async def test_services_cannot_change_topics_or_use_transactions(kafka: AuthorizedKafka, user: str) -> None:
    settings = KafkaSettings(**kafka.settings(user))
    async with admin_of(kafka, user) as admin:
        deleted = await admin.delete_topics([ANALYSIS_EVENTS])
        assert [code for _, code, *_ in deleted.topic_error_codes] == [TopicAuthorizationFailedError.errno]
    transactional = AIOKafkaProducer(
        bootstrap_servers=settings.kafka_bootstrap_servers,
        transactional_id="any",
        security_protocol="SASL_PLAINTEXT",
        sasl_mechanism="PLAIN",
        sasl_plain_username=user,
        sasl_plain_password=kafka.settings(user)["kafka_sasl_password"],
    )
    with pytest.raises(TransactionalIdAuthorizationFailed):
        await transactional.start()
    await transactional.stop()


def test_every_user_has_rights_and_every_right_is_tested() -> None:
    def names(rules: Iterator[AccessRule]) -> set[str]:
        return {rule.user for rule in rules}

    assert names(iter(ALL_ACCESS_RULES)) == set(USERS)
    assert all(rule.purpose and rule.operations for rule in ALL_ACCESS_RULES)
