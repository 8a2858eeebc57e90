"""Spans of sent and processed records, by OpenTelemetry's semantic conventions for messaging."""

from collections.abc import Mapping
from contextlib import AbstractContextManager

from aiokafka import ConsumerRecord
from opentelemetry.trace import Span, SpanKind

from chassis.messaging.messages import OutgoingMessage
from chassis.telemetry.trace import continue_trace, record_failure, start_span, trace_id_of, traceparent_of


class TracedMessage:
    """A message with a span for its way to the broker, which its consumers continue."""

    def __init__(self, message: OutgoingMessage) -> None:
        self.topic, self.key, self.value = message.topic, message.key, message.value
        self._span = start_span(
            message.headers.get("traceparent"),
            f"send {message.topic}",
            kind=SpanKind.PRODUCER,
            attributes=_attributes("send", message.topic),
        )
        traceparent = traceparent_of(self._span)
        self.headers: Mapping[str, str] = (
            {**message.headers, "traceparent": traceparent} if traceparent else message.headers
        )

    def end(self, error: BaseException | None) -> None:
        """End the span; `error` is None once the broker has acknowledged the message."""
        if error is not None:
            record_failure(self._span, error)
        self._span.end()


def process_in_span(record: ConsumerRecord) -> AbstractContextManager[Span]:
    """Run one attempt at a record in a span of its sender's trace."""
    return continue_trace(
        _traceparent(record),
        f"process {record.topic}",
        kind=SpanKind.CONSUMER,
        attributes=_of_record(record),
    )


def start_process_span(record: ConsumerRecord) -> Span:
    """Start a span in the trace of the record's sender, for a record of a batch. The caller ends it."""
    return start_span(
        _traceparent(record), f"process {record.topic}", kind=SpanKind.CONSUMER, attributes=_of_record(record)
    )


def trace_of(record: ConsumerRecord) -> dict[str, str]:
    """Return the trace id of a record as a field for log lines that are written outside its span."""
    trace_id = trace_id_of(_traceparent(record))
    return {"trace_id": trace_id} if trace_id else {}


def _traceparent(record: ConsumerRecord) -> str | None:
    found = next((value for name, value in record.headers if name == "traceparent"), None)
    return None if found is None else found.decode(errors="replace")


def _of_record(record: ConsumerRecord) -> dict[str, str | int]:
    return {
        **_attributes("process", record.topic),
        "messaging.destination.partition.id": str(record.partition),
        "messaging.kafka.offset": record.offset,
    }


def _attributes(operation: str, topic: str) -> dict[str, str | int]:
    return {
        "messaging.system": "kafka",
        "messaging.operation.name": operation,
        "messaging.operation.type": operation,
        "messaging.destination.name": topic,
    }
