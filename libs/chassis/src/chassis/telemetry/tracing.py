"""Sends spans to a collector by OTLP over HTTP, where `OTEL_EXPORTER_OTLP_ENDPOINT` names one; else nothing.

A thread of its own sends them in batches. What does not fit into its queue, or cannot be sent, is dropped: no
work ever waits for a collector. OpenTelemetry's other variables hold too (`OTEL_SERVICE_NAME`,
`OTEL_RESOURCE_ATTRIBUTES`, `OTEL_TRACES_SAMPLER`, `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_BSP_...`).
"""

import logging
import os
import threading
from collections.abc import Callable, Sequence

from opentelemetry import trace

from chassis.telemetry.logs import get_logger

log = get_logger(__name__)

# Of one batch. A collector beside us answers in milliseconds; what is longer is lost, and work goes on.
EXPORT_SECONDS = 2
# What a stop may wait for the last spans; within the grace that the drain leaves.
FLUSH_SECONDS = 3


def start_tracing(*, service: str) -> Callable[[], None]:
    """Begin to send spans, if that is wanted; returns what sends the last ones, and ends soon."""
    endpoint = os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT") or os.environ.get(
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
    )
    if not endpoint or os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return lambda: None
    # Not at the top: the SDK and its HTTP client take 10 MB and half a second.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import ReadableSpan, TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExportResult  # noqa: PLC0415

    class Exporter(OTLPSpanExporter):
        """Says when the collector goes away and when it is back, instead of a line for every batch."""

        is_away = False

        def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
            result = super().export(spans)
            is_away = result is not SpanExportResult.SUCCESS
            if is_away and not self.is_away:
                log.warning("collector unavailable, dropping spans until it accepts them again")
            elif self.is_away and not is_away:
                log.info("collector accepts spans again")
            self.is_away = is_away
            return result

    logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
    provider = TracerProvider(
        resource=Resource.create({"service.name": os.environ.get("OTEL_SERVICE_NAME") or service}),
        # We end it ourselves, and do not wait for as long as it would.
        shutdown_on_exit=False,
    )
    provider.add_span_processor(BatchSpanProcessor(Exporter(timeout=EXPORT_SECONDS)))
    trace.set_tracer_provider(provider)

    def stop() -> None:
        # It has no limit of time that can be set; the threads are daemons, and end with the process.
        flushing = threading.Thread(target=provider.shutdown, name="flush spans", daemon=True)
        flushing.start()
        flushing.join(FLUSH_SECONDS)

    return stop
