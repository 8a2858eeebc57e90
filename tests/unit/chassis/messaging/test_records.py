"""A record that cannot be decoded raises PoisonRecord without quoting its text."""

import pytest
from aiokafka import ConsumerRecord
from chassis.messaging.consuming import records
from chassis.messaging.consuming.records import PoisonRecord, Record, parse_record

from tests.unit.chassis.messaging.records import raw_record

CANARY = "Jane Doe"


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MAX_VALUE_BYTES", 100)


def parsed(raw: ConsumerRecord) -> Record:
    return parse_record(raw)


def test_key_and_headers_are_decoded() -> None:
    record = parsed(raw_record(7, key=b"k", value=b'{"a": 1}', headers=(("ce_id", b"1"), ("none", None))))
    assert (record.topic, record.partition, record.offset, record.key) == ("things", 0, 7, "k")
    assert record.headers == {"ce_id": "1"}
    assert record.value == b'{"a": 1}'
    assert record.timestamp.isoformat() == "2023-11-14T22:13:20+00:00"


@pytest.mark.parametrize(
    "raw",
    [
        raw_record(key=b"\xff" + CANARY.encode()),
        raw_record(headers=(("ce_id", b"\xff" + CANARY.encode()),)),
        raw_record(value=CANARY.encode() * 20),
        raw_record(timestamp=10**18),
    ],
)
def test_record_that_cannot_be_decoded_is_poison(raw: ConsumerRecord) -> None:
    with pytest.raises(PoisonRecord) as caught:
        parsed(raw)
    assert CANARY not in str(caught.value)
