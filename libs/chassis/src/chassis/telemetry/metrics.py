"""Metrics for Prometheus.

No label holds an id or text. A collector names every metric in every answer, also while it has no value.
"""

from collections.abc import Iterable
from typing import Protocol

from prometheus_client.metrics_core import Metric


class Collector(Protocol):
    """Reports values that are kept in memory; it never waits and asks no other system."""

    def collect(self) -> Iterable[Metric]: ...
