"""Metrics of the issuer's keys."""

from collections.abc import Iterator

from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric

from chassis.auth.tokens import TokenVerifier


class JwksMetrics:
    """Age of the issuer's keys, and failures to fetch them."""

    def __init__(self, verifier: TokenVerifier) -> None:
        self._verifier = verifier

    def collect(self) -> Iterator[Metric]:
        """Return the metrics, without an age while there are no keys."""
        jwks = self._verifier.jwks
        age = None if jwks is None else jwks.age_seconds
        yield GaugeMetricFamily("jwks_age_seconds", "Time since the issuer's keys were fetched.", value=age)
        yield CounterMetricFamily(
            "jwks_fetch_failures",
            "Failed requests for the issuer's keys.",
            value=jwks.failures if jwks else None,
        )
