"""Rate, errors and duration of HTTP requests, by route."""

from collections.abc import Iterable
from typing import Final

from prometheus_client import Histogram
from prometheus_client.metrics_core import Metric

# Of what anybody may send as a method or a path, no series is made: it would be one for each thing made up.
_METHODS: Final = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
OTHER_METHOD: Final = "_OTHER"
NO_ROUTE: Final = "none"
# From a status that is read in milliseconds to an upload, which the frontend gives up on after 10 s.
_BUCKETS: Final = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)


def known_method(method: str) -> str:
    """The method, if it is one of HTTP's."""
    return method if method in _METHODS else OTHER_METHOD


class HttpMetrics:
    """What was answered, and how fast. A stream of live updates counts when it ends."""

    def __init__(self) -> None:
        self._duration = Histogram(
            "http_server_request_duration_seconds",
            "Time to answer, by route and class of status.",
            ("method", "route", "status"),
            buckets=_BUCKETS,
            registry=None,
        )

    def observe(self, *, method: str, route: str | None, status: int, seconds: float) -> None:
        """One request is answered."""
        self._duration.labels(known_method(method), route or NO_ROUTE, f"{status // 100}xx").observe(seconds)

    def collect(self) -> Iterable[Metric]:
        """What Prometheus asks for."""
        return self._duration.collect()
