"""What is told of calls to the model: spans and metrics by OpenTelemetry's conventions for generative AI.

Nothing of what is sent or answered is in them, only numbers and the model's name. The conventions are in
development, so their names stand here and nowhere else.
"""

import time
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final, Protocol
from urllib.parse import urlsplit

from chassis.telemetry.trace import Attributes, child_span
from contracts.plain_text import MODEL_NAME_PATTERN
from opentelemetry.trace import Span, SpanKind, StatusCode
from prometheus_client import Counter, Histogram
from prometheus_client.metrics_core import GaugeMetricFamily, Metric

# As the conventions advise.
_SECONDS: Final = (0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92)
_TOKENS: Final = (1, 4, 16, 64, 256, 1024, 4096, 16384, 65536, 262144)
# The others that a server might name are no series and no text in a span.
_FINISHES: Final = frozenset({"stop", "length", "content_filter", "tool_calls"})


class Breaker(Protocol):
    """Whose state is told."""

    @property
    def is_open(self) -> bool: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Prices:
    """US dollars a million tokens."""

    input: float
    output: float

    def dollars(self, *, input_tokens: int, output_tokens: int) -> float:
        return (input_tokens * self.input + output_tokens * self.output) / 1_000_000


class ModelTelemetry:
    """Watches the requests to one model."""

    def __init__(
        self,
        *,
        url: str,
        model: str,
        breaker: Breaker,
        reasons: Iterable[str],
        prices: Prices | None = None,
    ) -> None:
        """`reasons` are those that it can be told of."""
        self._breaker = breaker
        self._prices = prices
        address = urlsplit(url)
        self._model = model
        self._attributes: Attributes = {
            "gen_ai.operation.name": "chat",
            # Of the protocol; whose server it is, the address tells.
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": model,
            "gen_ai.output.type": "json",
            "server.address": address.hostname or "",
            "server.port": address.port or (443 if address.scheme == "https" else 80),
        }
        self._duration = Histogram(
            "gen_ai_client_operation_duration_seconds",
            "Time of one request to the model; error_type is empty where it answered.",
            ("error_type",),
            buckets=_SECONDS,
            registry=None,
        )
        self._tokens = Histogram(
            "gen_ai_client_token_usage",
            "Tokens of one request; the sum is all that were used.",
            ("gen_ai_token_type",),
            buckets=_TOKENS,
            registry=None,
        )
        self._cost = Counter(
            "model_cost_dollars", "US dollars, by the prices in the settings.", registry=None
        )
        self._errors = Counter(
            "model_errors", "Requests and answers of no use, by reason.", ("reason",), registry=None
        )
        self._fallbacks = Counter(
            "model_fallbacks",
            "Analyses that rules answered as the model did not.",
            ("reason",),
            registry=None,
        )

        for reason in reasons:
            # So that the first of each is an increase, too.
            self._errors.labels(reason)
            self._fallbacks.labels(reason)

    @contextmanager
    def request(self) -> Iterator["Request"]:
        """One request; say of it what became of it."""
        started = time.perf_counter()
        with child_span(f"chat {self._model}", kind=SpanKind.CLIENT, attributes=self._attributes) as span:
            request = Request(self, span)
            try:
                yield request
            except BaseException as error:
                # It answered that it never will. Without a reason it was cancelled, or asked for too much,
                # which is asked again with less.
                reason = getattr(error, "reason", None)
                if reason:
                    self.erred(reason)
                request.error = reason or type(error).__name__
                raise
            finally:
                seconds = time.perf_counter() - started
                self._duration.labels(request.error).observe(seconds)

    def used(self, *, input_tokens: int, output_tokens: int) -> None:
        """An answer said what it took."""
        self._tokens.labels("input").observe(input_tokens)
        self._tokens.labels("output").observe(output_tokens)
        if self._prices:
            self._cost.inc(self._prices.dollars(input_tokens=input_tokens, output_tokens=output_tokens))

    def erred(self, reason: str) -> None:
        """A request or an answer was of no use."""
        self._errors.labels(reason).inc()

    def fell_back(self, reason: str) -> None:
        """Rules answered an analysis that was the model's to answer."""
        self._fallbacks.labels(reason).inc()

    def collect(self) -> Iterable[Metric]:
        """What Prometheus asks for."""
        for each in (self._duration, self._tokens, self._cost, self._errors, self._fallbacks):
            yield from each.collect()
        yield GaugeMetricFamily(
            "model_breaker_open",
            "1 while the model is left alone as it did not answer.",
            value=float(self._breaker.is_open),
        )


class Request:
    """What is known of a request under way."""

    def __init__(self, telemetry: ModelTelemetry, span: Span) -> None:
        self.error = ""
        self._telemetry = telemetry
        self._span = span

    def answered(
        self, *, model: str | None, finish: str | None, input_tokens: int, output_tokens: int
    ) -> None:
        self._telemetry.used(input_tokens=input_tokens, output_tokens=output_tokens)
        if model and MODEL_NAME_PATTERN.fullmatch(model):
            self._span.set_attribute("gen_ai.response.model", model)
        self._span.set_attributes(
            {
                "gen_ai.response.finish_reasons": [finish if finish in _FINISHES else "other"],
                "gen_ai.usage.input_tokens": input_tokens,
                "gen_ai.usage.output_tokens": output_tokens,
            }
        )

    def failed(self, reason: str) -> None:
        self.error = reason
        self._telemetry.erred(reason)
        self._span.set_attribute("error.type", reason)
        self._span.set_status(StatusCode.ERROR)
