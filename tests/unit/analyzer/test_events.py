"""Which records end an analysis that was asked for before."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest
from analyzer.handlers.events import ends_job
from chassis.kafka.records import Record
from contracts.envelope import encode
from contracts.events import PrivateEvent

from tests.support import events

ABOUT = events.facts()


def record(event: PrivateEvent, **changes: Any) -> Record:
    message = encode(event, source="/tests", traceparent=None)
    headers: Mapping[str, str] = message.headers
    values: dict[str, Any] = {"key": message.key, "value": message.value.encode(), "headers": dict(headers)}
    return Record(
        topic=message.topic, partition=0, offset=0, timestamp=datetime.now(UTC), **{**values, **changes}
    )


REQUESTED, CANCELLED = record(events.requested(ABOUT)), record(events.cancel_requested(ABOUT))
ERASED = record(events.erase_requested(ABOUT))


@pytest.mark.parametrize(
    ("later", "earlier", "ends"),
    [
        (CANCELLED, REQUESTED, True),
        (ERASED, REQUESTED, True),
        (record(events.expired(ABOUT)), REQUESTED, True),
        (record(events.requested(ABOUT, emission=2)), REQUESTED, False),
        # What is to be erased is erased, whatever comes after it.
        (ERASED, ERASED, False),
        (CANCELLED, ERASED, False),
        # One that cannot be handled, and one of another analysis.
        (record(events.cancel_requested(ABOUT), value=b"{}"), REQUESTED, False),
        (record(events.cancel_requested(events.facts()), key=REQUESTED.key), REQUESTED, False),
    ],
)
def test_a_cancellation_and_an_erasure_end_what_was_asked_for(
    later: Record, earlier: Record, ends: bool
) -> None:
    assert ends_job(later, earlier) is ends
