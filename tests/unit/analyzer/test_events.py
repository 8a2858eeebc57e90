"""Detection of records that end an analysis."""

from typing import Any

import pytest
from aiokafka import ConsumerRecord
from analyzer.events import ended_analysis
from contracts.envelope import encode
from contracts.events import PrivateEvent

from tests.support import events
from tests.unit.chassis.messaging.records import raw_record

CONTEXT = events.analysis_context()


def record(event: PrivateEvent, **changes: Any) -> ConsumerRecord:
    message = encode(event, source="/tests", traceparent=None)
    headers = tuple((name, value.encode()) for name, value in message.headers.items())
    return raw_record(**{"value": message.value.encode(), "headers": headers, **changes})


@pytest.mark.parametrize("end", [events.cancel_requested, events.erase_requested, events.expired])
def test_cancellation_erasure_and_expiry_end_an_analysis(end: Any) -> None:
    assert ended_analysis(record(end(CONTEXT))) == CONTEXT.analysis_id


@pytest.mark.parametrize(
    "raw",
    [
        record(events.requested(CONTEXT)),
        record(events.cancel_requested(CONTEXT), value=b"{}"),
        record(events.cancel_requested(CONTEXT), key=b"\xff"),
        record(events.cancel_requested(CONTEXT), headers=(("ce_type", b"\xff"),)),
        record(events.cancel_requested(CONTEXT), headers=(("ce_type", None),)),
        raw_record(),
    ],
)
def test_other_records_end_no_analysis(raw: ConsumerRecord) -> None:
    assert ended_analysis(raw) is None
