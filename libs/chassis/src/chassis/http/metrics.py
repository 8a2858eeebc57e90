"""The `/metrics` route for Prometheus, and the metrics of HTTP requests."""

from collections.abc import Iterable, Sequence
from typing import Final

from fastapi import APIRouter
from fastapi.responses import Response
from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Histogram,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)
from prometheus_client.metrics_core import Metric

from chassis.telemetry.metrics import Collector

METRICS_PATH: Final = "/metrics"
# Unknown methods and paths share one series each, so that a client cannot create series without limit.
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER_METHOD: Final = "_OTHER"
NO_ROUTE: Final = "none"
# From a status read in milliseconds to an upload, which the frontend gives up after 10 s.
_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


def known_method(method: str) -> str:
    """Return a standard HTTP method as it is, and `OTHER_METHOD` for any other."""
    return method if method in _METHODS else OTHER_METHOD


class HttpMetrics:
    """Rate, errors and duration of requests by route. A stream counts when it ends."""

    def __init__(self) -> None:
        self._duration = Histogram(
            "http_server_request_duration_seconds",
            "Duration of a request by route and class of status.",
            ("method", "route", "status"),
            buckets=_BUCKETS,
            registry=None,
        )

    def observe(self, *, method: str, route: str | None, status: int, seconds: float) -> None:
        """Count one answered request."""
        self._duration.labels(known_method(method), route or NO_ROUTE, f"{status // 100}xx").observe(seconds)

    def collect(self) -> Iterable[Metric]:
        """Return the current values."""
        return self._duration.collect()


def metrics_router(collectors: Sequence[Collector]) -> APIRouter:
    """Return the router of `/metrics`, which the gateway does not expose."""
    # A creation time for each series would double their number.
    disable_created_metrics()  # type: ignore[no-untyped-call] # it lacks its annotation
    registry = CollectorRegistry(auto_describe=False)
    ProcessCollector(registry=registry)
    for collector in collectors:
        registry.register(collector)
    router = APIRouter(include_in_schema=False)

    @router.get(METRICS_PATH)
    async def metrics() -> Response:
        return Response(generate_latest(registry), headers={"content-type": CONTENT_TYPE_LATEST})

    return router
