"""W3C trace context: what comes in goes on, over HTTP and over Kafka, and its id stands in every log line.

Only opentelemetry's API is used here. Where `tracing.py` has set an SDK up, the same calls make spans; where
it has not, a span passes on what came in and records nothing. Attributes hold no text and no id of a person:
of an exception there is the class alone, as its message may quote anything.
"""

import secrets
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from types import MappingProxyType
from typing import Final

import structlog
from opentelemetry import context, trace
from opentelemetry.trace import Span, SpanKind, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

Attributes = Mapping[str, str | int]

_NOTHING: Final[Mapping[str, str]] = MappingProxyType({})
_PROPAGATOR = TraceContextTextMapPropagator()
_TRACER = trace.get_tracer("resume-review")


@contextmanager
def continue_trace(
    traceparent: str | None,
    name: str,
    *,
    kind: SpanKind = SpanKind.INTERNAL,
    attributes: Attributes | None = None,
    logged: Mapping[str, str] = _NOTHING,
) -> Iterator[Span]:
    """Work inside the caller's trace, or inside a new one if it sent none that can be read.

    Log lines of the work have `logged` beside the trace's id.
    """
    span = start_span(traceparent, name, kind=kind, attributes=attributes)
    if not span.get_span_context().is_valid:
        span = trace.NonRecordingSpan(
            trace.SpanContext(
                trace_id=secrets.randbits(128) or 1,
                span_id=secrets.randbits(64) or 1,
                is_remote=False,
                trace_flags=trace.TraceFlags(trace.TraceFlags.SAMPLED),
            )
        )
    trace_id = trace.format_trace_id(span.get_span_context().trace_id)
    # As `bound_contextvars` does it, which copies the whole context besides.
    before = structlog.contextvars.bind_contextvars(trace_id=trace_id, **logged)
    try:
        with _entered(span):
            yield span
    finally:
        structlog.contextvars.reset_contextvars(**before)


def child_span(
    name: str, *, kind: SpanKind, attributes: Attributes | None = None
) -> AbstractContextManager[Span]:
    """A part of the work at hand."""
    return _entered(_TRACER.start_span(name, kind=kind, attributes=attributes))


@contextmanager
def _entered(span: Span) -> Iterator[Span]:
    """Make it the context, and end it."""
    token = context.attach(trace.set_span_in_context(span))
    try:
        yield span
    except BaseException as error:
        record_failure(span, error)
        raise
    finally:
        context.detach(token)
        span.end()


def start_span(
    traceparent: str | None, name: str, *, kind: SpanKind, attributes: Attributes | None = None
) -> Span:
    """A span that the caller ends, and that is nobody's context."""
    incoming = _PROPAGATOR.extract({"traceparent": traceparent or ""})
    return _TRACER.start_span(name, context=incoming, kind=kind, attributes=attributes)


def record_failure(span: Span, error: BaseException) -> None:
    """Say on the span what it ended with: the class, never the message."""
    span.set_attribute("error.type", type(error).__name__)
    if isinstance(error, Exception):  # to be cancelled is no fault
        span.set_status(StatusCode.ERROR)


def is_recording() -> bool:
    """Whether spans go anywhere; to save the work of making many that do not."""
    return not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)


def bind_ids(**ids: str) -> None:
    """Put ids of what the work at hand is about on its log lines and on its span. No ids of people."""
    structlog.contextvars.bind_contextvars(**ids)
    set_span_ids(**ids)


def set_span_ids(**ids: str) -> None:
    """Put ids of what the work at hand is about on its span alone. No ids of people."""
    trace.get_current_span().set_attributes(dict(ids))


def use_span(span: Span) -> AbstractContextManager[Span]:
    """Make a span that the caller ends the work at hand."""
    return trace.use_span(span, record_exception=False, set_status_on_exception=False)


def trace_id_of(traceparent: str | None) -> str | None:
    """Its trace, or None where it cannot be read."""
    span = trace.get_current_span(_PROPAGATOR.extract({"traceparent": traceparent or ""})).get_span_context()
    return trace.format_trace_id(span.trace_id) if span.is_valid else None


def current_traceparent() -> str | None:
    """The header to send on, or None outside any trace."""
    return _header(None)


def traceparent_of(span: Span) -> str | None:
    """The header by which others go on from this span."""
    return _header(trace.set_span_in_context(span))


def _header(of: context.Context | None) -> str | None:
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier, context=of)
    return carrier.get("traceparent")
