"""Which records end an analysis."""

from typing import Any

import pytest
from aiokafka import ConsumerRecord
from analyzer.events import ended_analysis
from contracts.envelope import encode
from contracts.events import PrivateEvent

from tests.support import events
from tests.unit.chassis.messaging.records import raw_record

ABOUT = events.analysis_context()


def record(event: PrivateEvent, **changes: Any) -> ConsumerRecord:
    message = encode(event, source="/tests", traceparent=None)
    headers = tuple((name, value.encode()) for name, value in message.headers.items())
    return raw_record(**{"value": message.value.encode(), "headers": headers, **changes})


@pytest.mark.parametrize("end", [events.cancel_requested, events.erase_requested, events.expired])
def test_a_cancellation_an_erasure_and_an_expiry_end_an_analysis(end: Any) -> None:
    assert ended_analysis(record(end(ABOUT))) == ABOUT.analysis_id


@pytest.mark.parametrize(
    "raw",
    [
        record(events.requested(ABOUT)),
        record(events.cancel_requested(ABOUT), value=b"{}"),
        record(events.cancel_requested(ABOUT), key=b"\xff"),
        record(events.cancel_requested(ABOUT), headers=(("ce_type", b"\xff"),)),
        record(events.cancel_requested(ABOUT), headers=(("ce_type", None),)),
        raw_record(),
    ],
)
def test_nothing_else_does(raw: ConsumerRecord) -> None:
    assert ended_analysis(raw) is None
