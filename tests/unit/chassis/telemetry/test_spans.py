"""Status and attributes of spans."""

import asyncio

import pytest
import structlog
from aiokafka import ConsumerRecord
from chassis.messaging.spans import process_in_span, trace_of
from chassis.telemetry import trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from opentelemetry.trace import SpanKind, StatusCode

TRACE_ID = "4bf92f3577b34da6a3ce929d0e0e4736"
INCOMING = f"00-{TRACE_ID}-00f067aa0ba902b7-01"


@pytest.fixture
def kept(monkeypatch: pytest.MonkeyPatch) -> InMemorySpanExporter:
    """Collect the spans of a provider for this test."""
    exporter = InMemorySpanExporter()
    provider = TracerProvider(shutdown_on_exit=False)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    monkeypatch.setattr(trace, "_TRACER", provider.get_tracer("tests"))
    return exporter


def test_failed_span_has_the_class_of_the_error_without_its_message(kept: InMemorySpanExporter) -> None:
    with pytest.raises(ValueError, match="canary"), trace.continue_trace(INCOMING, "work"):
        raise ValueError("canary@example.org")
    (span,) = kept.get_finished_spans()
    assert (span.status.status_code, span.status.description) == (StatusCode.ERROR, None)
    assert dict(span.attributes or {}) == {"error.type": "ValueError"}
    assert span.events == ()


def test_cancelled_span_is_not_an_error(kept: InMemorySpanExporter) -> None:
    with pytest.raises(asyncio.CancelledError), trace.continue_trace(INCOMING, "work"):
        raise asyncio.CancelledError
    (span,) = kept.get_finished_spans()
    assert span.status.status_code is StatusCode.UNSET


def test_logs_have_the_trace_of_the_current_span(kept: InMemorySpanExporter) -> None:
    for incoming in (INCOMING, None):
        with trace.continue_trace(incoming, "work") as span:
            trace.bind_ids(order_id="7")
            bound = structlog.contextvars.get_contextvars()
        assert bound["trace_id"] == f"{span.get_span_context().trace_id:032x}"
        assert bound["order_id"] == "7"
    structlog.contextvars.clear_contextvars()
    named = [dict(span.attributes or {}) for span in kept.get_finished_spans()]
    assert named == [{"order_id": "7"}] * 2


def record(*headers: tuple[str, bytes]) -> ConsumerRecord:
    return ConsumerRecord("orders", 3, 42, 0, 0, b"k", b"v", None, 1, 1, headers)


def test_attempt_at_a_record_continues_the_trace_of_its_sender(kept: InMemorySpanExporter) -> None:
    with process_in_span(record(("traceparent", INCOMING.encode()))):
        pass
    (span,) = kept.get_finished_spans()
    assert (span.name, span.kind) == ("process orders", SpanKind.CONSUMER)
    assert f"{span.context.trace_id:032x}" == TRACE_ID
    found = dict(span.attributes or {})
    assert found["messaging.destination.partition.id"] == "3"
    assert found["messaging.kafka.offset"] == 42


@pytest.mark.parametrize("headers", [(), (("traceparent", b"\xff\xfe"),), (("traceparent", b"00-zz-zz-zz"),)])
def test_record_without_valid_trace_starts_a_new_one(
    kept: InMemorySpanExporter, headers: tuple[tuple[str, bytes], ...]
) -> None:
    with process_in_span(record(*headers)):
        pass
    (span,) = kept.get_finished_spans()
    assert span.parent is None
    assert trace_of(record(*headers)) == {}
