"""Send spans to the collector at `OTEL_EXPORTER_OTLP_ENDPOINT` by OTLP over HTTP, if the variable is set.

A thread sends spans in batches. Spans that do not fit into its queue, or cannot be sent, are dropped, so no
work waits for a collector. OpenTelemetry's other variables apply too (`OTEL_SERVICE_NAME`,
`OTEL_RESOURCE_ATTRIBUTES`, `OTEL_TRACES_SAMPLER`, `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_BSP_...`).
"""

import logging
import os
import threading
from collections.abc import Callable, Sequence

from opentelemetry import trace

from chassis.telemetry.logs import get_logger

log = get_logger(__name__)

# For one batch. A collector nearby answers in milliseconds; a batch that takes longer is dropped.
EXPORT_SECONDS = 2
# For the last spans at a stop, within the time that the drain leaves.
FLUSH_SECONDS = 3


def start_tracing(*, service: str) -> Callable[[], None]:
    """Start to send spans if configured. Returns a function that sends the last ones and stops."""
    endpoint = os.environ.get("OTEL_EXPORTER_OTLP_ENDPOINT") or os.environ.get(
        "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"
    )
    if not endpoint or os.environ.get("OTEL_SDK_DISABLED", "").lower() == "true":
        return lambda: None
    # Imported only if needed, because the SDK and its HTTP client take 10 MB and half a second.
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter  # noqa: PLC0415
    from opentelemetry.sdk.resources import Resource  # noqa: PLC0415
    from opentelemetry.sdk.trace import ReadableSpan, TracerProvider  # noqa: PLC0415
    from opentelemetry.sdk.trace.export import BatchSpanProcessor, SpanExportResult  # noqa: PLC0415

    class Exporter(OTLPSpanExporter):
        """Logs when the collector becomes unavailable and when it is back, not every failed batch."""

        is_unavailable = False

        def export(self, spans: Sequence[ReadableSpan]) -> SpanExportResult:
            result = super().export(spans)
            is_unavailable = result is not SpanExportResult.SUCCESS
            if is_unavailable and not self.is_unavailable:
                log.warning("collector unavailable, dropping spans until it accepts them again")
            elif self.is_unavailable and not is_unavailable:
                log.info("collector accepts spans again")
            self.is_unavailable = is_unavailable
            return result

    logging.getLogger("opentelemetry").setLevel(logging.CRITICAL)
    provider = TracerProvider(
        resource=Resource.create({"service.name": os.environ.get("OTEL_SERVICE_NAME") or service}),
        # `stop` below ends it, without its longer wait.
        shutdown_on_exit=False,
    )
    provider.add_span_processor(BatchSpanProcessor(Exporter(timeout=EXPORT_SECONDS)))
    trace.set_tracer_provider(provider)

    def stop() -> None:
        # `shutdown` has no time limit, so it runs in a daemon thread that ends with the process.
        flushing = threading.Thread(target=provider.shutdown, name="flush spans", daemon=True)
        flushing.start()
        flushing.join(FLUSH_SECONDS)

    return stop
