"""W3C trace context: what comes in goes on, over HTTP and over Kafka, and its id stands in every log line.

Only opentelemetry's API is used: an SDK, where one is configured, takes the same context up.
"""

import secrets
from collections.abc import Iterator
from contextlib import contextmanager

import structlog
from opentelemetry import context, trace
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

_PROPAGATOR = TraceContextTextMapPropagator()


@contextmanager
def continued(traceparent: str | None) -> Iterator[None]:
    """Work inside the caller's trace, or inside a new one if it sent none that can be read."""
    incoming = _PROPAGATOR.extract({"traceparent": traceparent or ""})
    span = trace.get_current_span(incoming)
    if not span.get_span_context().is_valid:
        span = trace.NonRecordingSpan(
            trace.SpanContext(
                trace_id=secrets.randbits(128) or 1,
                span_id=secrets.randbits(64) or 1,
                is_remote=False,
                trace_flags=trace.TraceFlags(trace.TraceFlags.SAMPLED),
            )
        )
    token = context.attach(trace.set_span_in_context(span))
    trace_id = trace.format_trace_id(span.get_span_context().trace_id)
    try:
        with structlog.contextvars.bound_contextvars(trace_id=trace_id):
            yield
    finally:
        context.detach(token)


def current_traceparent() -> str | None:
    """The header to send on, or None outside any trace."""
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier)
    return carrier.get("traceparent")
