"""Record spans and metrics of requests to the model.

Names follow OpenTelemetry's semantic conventions for generative AI. The conventions are still in development,
so this is the only module that uses these names. Spans and metrics hold numbers and the model's name, never
text of prompts or responses.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import Final
from urllib.parse import urlsplit

from chassis.telemetry.trace import Attributes, child_span
from contracts.plain_text import MODEL_NAME_PATTERN
from opentelemetry.trace import Span, SpanKind, StatusCode
from prometheus_client import Counter, Histogram
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

from analyzer.llm.client.circuit_breaker import CircuitBreaker
from analyzer.llm.client.slots import CallSlots
from analyzer.llm.responses import FailureReason
from analyzer.llm.usage import Prices

# Buckets that the conventions recommend, continued for slow local models.
_SECONDS: Final = (
    *(0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92),
    *(163.84, 327.68, 655.36, 1310.72, 2621.44, 5242.88),
)
_TOKENS: Final = (1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144)
# Any other reason that a server reports becomes "other", so that it cannot put text into a span.
_FINISH_REASONS: Final = frozenset({"stop", "length", "content_filter", "tool_calls"})


class ModelTelemetry:
    """Records the requests to one model; a collector of Prometheus metrics."""

    def __init__(
        self,
        *,
        url: str,
        model: str,
        breaker: CircuitBreaker,
        slots: CallSlots,
        prices: Prices | None = None,
    ) -> None:
        self._breaker = breaker
        self._slots = slots
        self._prices = prices
        address = urlsplit(url)
        self._model = model
        self._attributes: Attributes = {
            "gen_ai.operation.name": "chat",
            # The conventions ask for the protocol here; the address identifies the actual provider.
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": model,
            "gen_ai.output.type": "json",
            "server.address": address.hostname or "",
            "server.port": address.port or (443 if address.scheme == "https" else 80),
        }
        self._duration = Histogram(
            "gen_ai_client_operation_duration_seconds",
            "Duration of one request to the model; error_type is empty for a response.",
            ("error_type",),
            buckets=_SECONDS,
            registry=None,
        )
        self._tokens = Histogram(
            "gen_ai_client_token_usage",
            "Tokens of one request.",
            ("gen_ai_token_type",),
            buckets=_TOKENS,
            registry=None,
        )
        self._cost = Counter(
            "model_cost_dollars", "Cost in US dollars by the configured prices.", registry=None
        )
        self._errors = Counter(
            "model_errors", "Failed requests and unusable responses by reason.", ("reason",), registry=None
        )
        self._fallbacks = Counter(
            "model_fallbacks",
            "Analyses scored by rules alone because the model did not respond.",
            ("reason",),
            registry=None,
        )
        # Initialize every series at 0, so that the first error counts as an increase.
        for reason in FailureReason:
            self._errors.labels(reason)
            self._fallbacks.labels(reason)

    @contextmanager
    def request(self) -> Iterator["RequestRecord"]:
        """Record one request; the caller reports the outcome to the yielded record."""
        started = time.perf_counter()
        with child_span(f"chat {self._model}", kind=SpanKind.CLIENT, attributes=self._attributes) as span:
            request = RequestRecord(self, span)
            try:
                yield request
            except BaseException as error:
                # An error with a reason is a permanent failure. One without is a cancellation, or a refused
                # option that the caller leaves out in the next request.
                reason = getattr(error, "reason", None)
                if reason:
                    self.count_error(reason)
                request.error = reason or type(error).__name__
                raise
            finally:
                seconds = time.perf_counter() - started
                self._duration.labels(request.error).observe(seconds)

    def count_tokens(self, *, input_tokens: int, output_tokens: int) -> None:
        """Count the tokens of a response and their cost."""
        self._tokens.labels("input").observe(input_tokens)
        self._tokens.labels("output").observe(output_tokens)
        if self._prices:
            self._cost.inc(self._prices.dollars(input_tokens=input_tokens, output_tokens=output_tokens))

    def count_error(self, reason: str) -> None:
        """Count a failed request or an unusable response."""
        self._errors.labels(reason).inc()

    def count_fallback(self, reason: str) -> None:
        """Count an analysis that the rules scored because the model did not respond."""
        self._fallbacks.labels(reason).inc()

    def collect(self) -> Iterable[Metric]:
        """Yield the metrics for Prometheus."""
        for each in (self._duration, self._tokens, self._cost, self._errors, self._fallbacks):
            yield from each.collect()
        yield GaugeMetricFamily(
            "model_breaker_open",
            "1 while the circuit breaker holds back requests to the model.",
            value=float(self._breaker.is_open),
        )
        yield GaugeMetricFamily(
            "model_calls_waiting",
            "Calls that wait for a slot (ANALYZER_MODEL_CONCURRENCY).",
            value=float(self._slots.waiting),
        )


class RequestRecord:
    """The span and the outcome of one request."""

    def __init__(self, telemetry: ModelTelemetry, span: Span) -> None:
        self.error = ""
        self._telemetry = telemetry
        self._span = span

    def succeeded(
        self, *, model: str | None, finish_reason: str | None, input_tokens: int, output_tokens: int
    ) -> None:
        """Record a response."""
        self._telemetry.count_tokens(input_tokens=input_tokens, output_tokens=output_tokens)
        if model and MODEL_NAME_PATTERN.fullmatch(model):
            self._span.set_attribute("gen_ai.response.model", model)
        self._span.set_attributes(
            {
                "gen_ai.response.finish_reasons": [
                    finish_reason if finish_reason in _FINISH_REASONS else "other"
                ],
                "gen_ai.usage.input_tokens": input_tokens,
                "gen_ai.usage.output_tokens": output_tokens,
            }
        )

    def failed(self, reason: str) -> None:
        """Record a failure."""
        self.error = reason
        self._telemetry.count_error(reason)
        self._span.set_attribute("error.type", reason)
        self._span.set_status(StatusCode.ERROR)
