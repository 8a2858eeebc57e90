"""The largest valid event fits into a Kafka record, whatever characters it contains."""

import json

import pytest
from contract_tools.files import event_schema
from contract_tools.golden import golden_files
from contracts.catalogue import EVENTS
from contracts.document import DocumentSignals
from contracts.envelope import EncodedEvent, decode, encode
from contracts.events import AnalysisRequested, Event
from contracts.topics import MAX_RECORD_BYTES
from contracts.vocabulary import MAX_TEXT_CHARACTERS

from tests.support.largest_values import UnboundedError, largest_value


def record_bytes(message: EncodedEvent) -> int:
    """Return the uncompressed size of key, value and headers."""
    texts = [message.key, message.value, *message.headers, *message.headers.values()]
    return sum(len(text.encode()) for text in texts)


@pytest.mark.parametrize("event", EVENTS)
def test_largest_event_fits_into_a_record(event: type[Event]) -> None:
    largest = json.dumps(largest_value(event_schema(event)), ensure_ascii=False)
    read = decode(largest, {"ce_specversion": "1.0", "ce_type": event.type})
    message = encode(read, source="/resume-review/request-api", traceparent="0" * 55)
    assert record_bytes(message) <= MAX_RECORD_BYTES


@pytest.mark.parametrize(
    ("character", "most"),
    [("職", 300_000), ("𠮷", 400_000), ('"', 200_000), ("\n", 200_000), ("\x01", 600_000)],
)
def test_text_size_depends_on_its_characters(character: str, most: int) -> None:
    golden = next(golden_files(AnalysisRequested.type))
    event = AnalysisRequested.model_validate({**golden.value, "text": character * MAX_TEXT_CHARACTERS})
    message = encode(event, source="/resume-review/request-api", traceparent=None)
    rest = len(encode(event.model_copy(update={"text": ""}), source="x", traceparent=None).value.encode())
    assert len(message.value.encode()) - rest == most
    assert decode(message.value, message.headers) == event


def test_text_without_limit_is_detected() -> None:
    schema = DocumentSignals.model_json_schema()
    del schema["properties"]["marginal_text"]["anyOf"][0]["maxLength"]
    with pytest.raises(UnboundedError, match=r"marginal_text has no limit"):
        largest_value(schema)
