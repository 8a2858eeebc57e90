"""Detection of records that end an analysis or a match."""

from typing import Any

import pytest
from aiokafka import ConsumerRecord
from analyzer.events import ended_work
from contracts.envelope import encode
from contracts.events import Event

from tests.support import events, match_events
from tests.unit.chassis.messaging.records import raw_record

CONTEXT = events.analysis_context()
MATCH = match_events.match_context()


def record(event: Event, **changes: Any) -> ConsumerRecord:
    message = encode(event, source="/tests", traceparent=None)
    headers = tuple((name, value.encode()) for name, value in message.headers.items())
    return raw_record(**{"value": message.value.encode(), "headers": headers, **changes})


@pytest.mark.parametrize("end", [events.cancel_requested, events.erase_requested, events.expired])
def test_cancellation_erasure_and_expiry_end_an_analysis(end: Any) -> None:
    assert ended_work(record(end(CONTEXT))) == CONTEXT.analysis_id


@pytest.mark.parametrize(
    "end",
    [match_events.match_cancel_requested, match_events.match_erase_requested, match_events.match_expired],
)
def test_cancellation_erasure_and_expiry_end_a_match(end: Any) -> None:
    assert ended_work(record(end(MATCH))) == MATCH.match_id


@pytest.mark.parametrize(
    "raw",
    [
        record(match_events.match_requested(MATCH)),
        record(match_events.match_succeeded(MATCH)),
        record(match_events.match_cancel_requested(MATCH), value=b"{}"),
        record(events.requested(CONTEXT)),
        record(events.cancel_requested(CONTEXT), value=b"{}"),
        record(events.cancel_requested(CONTEXT), key=b"\xff"),
        record(events.cancel_requested(CONTEXT), headers=(("ce_type", b"\xff"),)),
        record(events.cancel_requested(CONTEXT), headers=(("ce_type", None),)),
        raw_record(),
    ],
)
def test_other_records_end_nothing(raw: ConsumerRecord) -> None:
    assert ended_work(raw) is None
