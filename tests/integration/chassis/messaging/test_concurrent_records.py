"""Records that cannot be handled."""

import json
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from aiokafka import ConsumerRecord
from chassis.messaging.consuming import records
from chassis.messaging.consuming.records import PoisonRecord, Record
from chassis.messaging.consuming.retry import RetryPolicy

from tests.integration.chassis.messaging.subscribing import Member, Place, Written, ends_of, topic_of
from tests.support.servers.kafka import producer_for, read_records
from tests.support.telemetry.logs import CapturedLogs

CANARY = "Jane Doe of Berlin"
QUICK = RetryPolicy(max_attempts=3, base_delay=0.01, max_delay=0.02)


@pytest_asyncio.fixture
async def topic(kafka_bootstrap: str) -> AsyncIterator[Written]:
    async with topic_of(kafka_bootstrap, 3) as topic:
        yield topic


async def test_bad_records_become_unchanged_dead_letters(
    topic: Written, captured_logs: CapturedLogs, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(records, "MAX_VALUE_BYTES", 100_000)

    async def work(record: Record) -> None:
        try:
            content = json.loads(record.value or b"")
        except ValueError as error:
            raise PoisonRecord("The value is not JSON.") from error
        if "break" in content:
            raise KeyError(content["break"])
        if "flaky" in content and member.started[record.partition, record.offset] < 6:
            raise ConnectionResetError(content["flaky"])

    text = CANARY.encode()
    good = b'{"fine": 1}'
    written = {
        "not json": (b"k", text, [("ce_id", b"1")]),
        "not utf-8": (b"k", b"\xff" + text, []),
        "header not utf-8": (b"k", good, [("ce_id", b"\xff" + text)]),
        "key not utf-8": (b"\xff" + text, good, []),
        "tombstone": (b"k", None, []),
        "oversize": (b"k", b'{"a": "' + text * 9000 + b'"}', []),
        "bug": (b"k", b'{"break": "%s"}' % text, []),
        "flaky": (b"k", b'{"flaky": "%s"}' % text, []),
        "good": (b"k", good, []),
        "without key": (None, text, []),
    }
    places: list[Place] = []
    async with producer_for(topic.bootstrap_servers) as producer:
        for number, (key, value, headers) in enumerate(written.values()):
            sent = await producer.send_and_wait(
                topic.name, value, key=key, headers=headers, partition=number % 3
            )
            places.append((sent.partition, sent.offset))

    member = Member(topic, work=work, retry=QUICK)
    async with member:
        await member.has(lambda one: one.subscriber.counters.finished == len(written))
    assert await topic.committed() == ends_of(places)

    bad = {name: at for name, at in zip(written, places, strict=True) if name not in ("flaky", "good")}
    dead = await read_records(
        topic.bootstrap_servers, topic.dead_letters, until=lambda found: len(found) >= len(bad)
    )
    by_place = {origin(record): record for record in dead}
    reasons = {name: added(by_place[at])["dlq_reason"].decode() for name, at in bad.items()}
    assert reasons == {
        "not json": "PoisonRecord: The value is not JSON. (JSONDecodeError)",
        "not utf-8": "PoisonRecord: The value is not JSON. (UnicodeDecodeError)",
        "header not utf-8": "PoisonRecord: The key, a header or the timestamp cannot be decoded. "
        "(UnicodeDecodeError)",
        "key not utf-8": "PoisonRecord: The key, a header or the timestamp cannot be decoded. "
        "(UnicodeDecodeError)",
        "tombstone": "PoisonRecord: The value is not JSON. (JSONDecodeError)",
        "oversize": "PoisonRecord: The value has 162009 bytes, more than 100000.",
        "bug": "KeyError",
        "without key": "PoisonRecord: The value is not JSON. (JSONDecodeError)",
    }
    for name, at in bad.items():
        record, (key, value, headers) = by_place[at], written[name]
        assert (record.key, record.value) == (key, value)
        assert [header for header in record.headers if not header[0].startswith("dlq_")] == headers
        assert added(record)["dlq_attempts"] == (b"3" if name == "bug" else b"1")
        assert added(record)["dlq_origin_topic"] == topic.name.encode()
        assert added(record)["dlq_first_seen"].endswith(b"+00:00")
        assert CANARY.encode() not in b"".join(added(record).values())
    assert "record written to the dead letter queue" in captured_logs.text
    assert CANARY not in captured_logs.text


def added(record: ConsumerRecord) -> dict[str, bytes]:
    return {name: value for name, value in record.headers if name.startswith("dlq_")}


def origin(record: ConsumerRecord) -> Place:
    headers = added(record)
    return int(headers["dlq_origin_partition"]), int(headers["dlq_origin_offset"])
