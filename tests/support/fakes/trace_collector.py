"""A trace collector on loopback that accepts OTLP over HTTP and keeps the spans."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest

from tests.support.fakes.http_server import SilentHandler, serve_in_thread

_KINDS = {1: "internal", 2: "server", 3: "client", 4: "producer", 5: "consumer"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A received span; `start` and `end` are in nanoseconds since the epoch."""

    service: str
    name: str
    kind: str
    trace_id: str
    span_id: str
    parent_id: str
    start: int
    end: int
    attributes: dict[str, Any]
    failed: bool


@dataclass(slots=True)
class FakeTraceCollector:
    """All received spans; `url` is the value for OTEL_EXPORTER_OTLP_ENDPOINT."""

    url: str = ""
    spans: list[Span] = field(default_factory=list)
    bodies: list[bytes] = field(default_factory=list)

    def trace(self, trace_id: str) -> list[Span]:
        """Return the spans of a trace, ordered by their start."""
        return sorted((each for each in self.spans if each.trace_id == trace_id), key=lambda span: span.start)

    def take(self, body: bytes) -> None:
        """Decode and keep one export request."""
        self.bodies.append(body)
        request = ExportTraceServiceRequest.FromString(body)
        for of_resource in request.resource_spans:
            service = _values(of_resource.resource.attributes)["service.name"]
            for of_scope in of_resource.scope_spans:
                self.spans += [
                    Span(
                        service=service,
                        name=span.name,
                        kind=_KINDS[span.kind],
                        trace_id=span.trace_id.hex(),
                        span_id=span.span_id.hex(),
                        parent_id=span.parent_span_id.hex(),
                        start=span.start_time_unix_nano,
                        end=span.end_time_unix_nano,
                        attributes=_values(span.attributes),
                        failed=span.status.code == 2,
                    )
                    for span in of_scope.spans
                ]


def _values(attributes: Any) -> dict[str, Any]:
    def value(of: Any) -> Any:
        kind = of.WhichOneof("value")
        return [value(each) for each in of.array_value.values] if kind == "array_value" else getattr(of, kind)

    return {each.key: value(each.value) for each in attributes}


def tree(spans: Sequence[Span]) -> str:
    """Return a trace as an indented table: name, service, kind, start and duration in milliseconds."""
    known = {span.span_id for span in spans}
    begin = min(span.start for span in spans)
    lines: list[str] = []

    def add(span: Span, depth: int) -> None:
        label = f"{'  ' * depth}{span.name}"
        at, took = (span.start - begin) / 1e6, (span.end - span.start) / 1e6
        lines.append(f"{label:<72} {span.service:<12} {span.kind:<9} {at:9.1f} {took:9.1f}")
        for child in (each for each in spans if each.parent_id == span.span_id):
            add(child, depth + 1)

    for root in (span for span in spans if span.parent_id not in known):
        add(root, 0)
    return "\n".join(lines)


@contextmanager
def fake_trace_collector() -> Iterator[FakeTraceCollector]:
    """Run a trace collector and yield it."""
    received = FakeTraceCollector()

    class Handler(SilentHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:  # noqa: N802 - the base class's name
            received.take(self.read_body())
            self.send_response(200)
            self.send_header("content-length", "0")
            self.end_headers()

    with serve_in_thread(Handler) as received.url:
        yield received
