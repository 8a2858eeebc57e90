"""W3C trace context, passed on over HTTP and Kafka, with its id in every log line.

Only OpenTelemetry's API is used here. The calls record spans if `tracing.py` has set up an SDK; otherwise a
span only passes the context on. Attributes hold no text and no id of a person. Of an exception they hold only
the class, because its message may quote anything.
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
    """Run the block in a span of the caller's trace, or of a new trace without a valid `traceparent`.

    Log lines of the block have the trace id and the fields of `logged`.
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
    # Like `bound_contextvars`, which would copy the whole context.
    before = structlog.contextvars.bind_contextvars(trace_id=trace_id, **logged)
    try:
        with _entered(span):
            yield span
    finally:
        structlog.contextvars.reset_contextvars(**before)


def child_span(
    name: str, *, kind: SpanKind, attributes: Attributes | None = None
) -> AbstractContextManager[Span]:
    """Run the block in a child span of the current one."""
    return _entered(_TRACER.start_span(name, kind=kind, attributes=attributes))


@contextmanager
def _entered(span: Span) -> Iterator[Span]:
    """Make the span the current one for the block, then end it."""
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
    """Start a span that the caller ends. It does not become the current one."""
    incoming = _PROPAGATOR.extract({"traceparent": traceparent or ""})
    return _TRACER.start_span(name, context=incoming, kind=kind, attributes=attributes)


def record_failure(span: Span, error: BaseException) -> None:
    """Record the class of an error on the span, never its message."""
    span.set_attribute("error.type", type(error).__name__)
    if isinstance(error, Exception):  # a cancellation is no failure
        span.set_status(StatusCode.ERROR)


def is_recording() -> bool:
    """Return True if spans are recorded; callers may save the work otherwise."""
    return not isinstance(trace.get_tracer_provider(), trace.ProxyTracerProvider)


def bind_ids(**ids: str) -> None:
    """Add ids to the log lines and the span of the current work. No ids of people."""
    structlog.contextvars.bind_contextvars(**ids)
    set_span_ids(**ids)


def set_span_ids(**ids: str) -> None:
    """Add ids to the current span alone. No ids of people."""
    trace.get_current_span().set_attributes(dict(ids))


def use_span(span: Span) -> AbstractContextManager[Span]:
    """Make the span the current one for the block. The caller ends it."""
    return trace.use_span(span, record_exception=False, set_status_on_exception=False)


def trace_id_of(traceparent: str | None) -> str | None:
    """Return the trace id of a traceparent, or None if that is invalid."""
    span = trace.get_current_span(_PROPAGATOR.extract({"traceparent": traceparent or ""})).get_span_context()
    return trace.format_trace_id(span.trace_id) if span.is_valid else None


def current_traceparent() -> str | None:
    """Return the traceparent of the current span, or None without one."""
    return _header(None)


def traceparent_of(span: Span) -> str | None:
    """Return the traceparent with which others continue this span."""
    return _header(trace.set_span_in_context(span))


def _header(of: context.Context | None) -> str | None:
    carrier: dict[str, str] = {}
    _PROPAGATOR.inject(carrier, context=of)
    return carrier.get("traceparent")
