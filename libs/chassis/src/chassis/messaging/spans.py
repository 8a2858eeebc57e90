"""Spans of what goes through Kafka, by OpenTelemetry's conventions for messaging."""

from collections.abc import Mapping
from contextlib import AbstractContextManager

from aiokafka import ConsumerRecord
from opentelemetry.trace import Span, SpanKind

from chassis.messaging.messages import OutgoingMessage
from chassis.telemetry.trace import continue_trace, record_failure, start_span, trace_id_of, traceparent_of


class TracedMessage:
    """A message whose way to the broker is a span; whoever reads the record goes on from that."""

    def __init__(self, message: OutgoingMessage) -> None:
        self.topic, self.key, self.value = message.topic, message.key, message.value
        self._span = start_span(
            # As the row of the outbox keeps it, if need be across a new start.
            message.headers.get("traceparent"),
            f"send {message.topic}",
            kind=SpanKind.PRODUCER,
            attributes=_attributes("send", message.topic),
        )
        traceparent = traceparent_of(self._span)
        self.headers: Mapping[str, str] = (
            {**message.headers, "traceparent": traceparent} if traceparent else message.headers
        )

    def ended(self, error: BaseException | None) -> None:
        """The broker has it, or what kept it from that."""
        if error is not None:
            record_failure(self._span, error)
        self._span.end()


def process_in_span(raw: ConsumerRecord) -> AbstractContextManager[Span]:
    """One attempt at a record, inside the trace of whoever sent it."""
    return continue_trace(
        _traceparent(raw),
        f"process {raw.topic}",
        kind=SpanKind.CONSUMER,
        attributes=_of_record(raw),
    )


def start_process_span(raw: ConsumerRecord) -> Span:
    """A record's way through a batch, in the trace of whoever sent it; the caller ends it."""
    return start_span(
        _traceparent(raw), f"process {raw.topic}", kind=SpanKind.CONSUMER, attributes=_of_record(raw)
    )


def trace_of(raw: ConsumerRecord) -> dict[str, str]:
    """For log lines about a record that are written outside an attempt at it."""
    trace_id = trace_id_of(_traceparent(raw))
    return {"trace_id": trace_id} if trace_id else {}


def _traceparent(raw: ConsumerRecord) -> str | None:
    found = next((value for name, value in raw.headers if name == "traceparent"), None)
    return None if found is None else found.decode(errors="replace")


def _of_record(raw: ConsumerRecord) -> dict[str, str | int]:
    return {
        **_attributes("process", raw.topic),
        "messaging.destination.partition.id": str(raw.partition),
        "messaging.kafka.offset": raw.offset,
    }


def _attributes(operation: str, topic: str) -> dict[str, str | int]:
    return {
        "messaging.system": "kafka",
        "messaging.operation.name": operation,
        "messaging.operation.type": operation,
        "messaging.destination.name": topic,
    }
