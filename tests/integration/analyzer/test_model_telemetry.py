"""Metrics of requests to a fake model over HTTP."""

from typing import Any

import pytest
from prometheus_client import CollectorRegistry, generate_latest

from tests.support.analyses import analyses
from tests.support.fakes.labels import everything, labelled
from tests.support.fakes.model import FakeModel, FakeReply, completion, rejection
from tests.support.telemetry.metrics import MetricsSnapshot


def read_metrics(analyze: Any) -> MetricsSnapshot:
    registry = CollectorRegistry()
    registry.register(analyze.telemetry)
    return MetricsSnapshot.parse(generate_latest(registry).decode())


def values_by(label: str, metrics: MetricsSnapshot, name: str) -> dict[str, float]:
    """Return the values of a metric that are not 0, by label."""
    return {each.labels[label]: each.value for each in metrics.all(name) if each.value}


REQUESTS = "gen_ai_client_operation_duration_seconds_count"
# Reason, reply to every request, and metrics of one analysis. A request has two attempts, and unusable output
# leads to a second request.
FAILURES: list[tuple[str, Any, dict[str, float], dict[str, float]]] = [
    ("rate_limited", FakeReply(status=429), {"rate_limited": 2}, {"rate_limited": 2}),
    ("server_error", FakeReply(status=503), {"server_error": 2}, {"server_error": 2}),
    ("timeout", labelled(wait=1), {"timeout": 2}, {"timeout": 2}),
    ("unreachable", FakeReply(hang_up=True), {"unreachable": 2}, {"unreachable": 2}),
    ("rejected", FakeReply(status=401), {"rejected": 1}, {"rejected": 1}),
    ("rejected", rejection("this is too long"), {"rejected": 1}, {"BadRequest": 1}),
    (
        "redirected",
        FakeReply(status=307, headers={"location": "/elsewhere"}),
        {"redirected": 1},
        {"redirected": 1},
    ),
    ("too_large", completion("x" * 700_000), {"too_large": 1}, {"too_large": 1}),
    ("encoded", completion("x", headers={"content-encoding": "gzip"}), {"encoded": 1}, {"encoded": 1}),
    ("refused", completion(None, refusal="No."), {"refused": 1}, {"": 1}),
    ("filtered", completion("", finish_reason="content_filter"), {"filtered": 1}, {"": 1}),
    ("truncated", completion("{", finish_reason="length"), {"truncated": 2}, {"": 2}),
    ("empty", completion(""), {"empty": 2}, {"": 2}),
    ("controls_failed", labelled(everything), {"controls_failed": 2}, {"": 2}),
    ("malformed", completion("words"), {"malformed": 2}, {"": 2}),
]


@pytest.mark.parametrize(
    ("reason", "reply", "errors", "requests"),
    FAILURES,
    ids=[f"{k[0]} {getattr(k[1], 'status', '')}" for k in FAILURES],
)
async def test_errors_are_counted_by_reason(
    model: FakeModel, reason: str, reply: Any, errors: dict[str, float], requests: dict[str, float]
) -> None:
    model.replies = [reply]
    async with analyses(model.url, model_breaker_failures=100) as analyze:
        await analyze()
        metrics = read_metrics(analyze)
    assert values_by("reason", metrics, "model_errors_total") == errors
    # With the answer about topics.
    assert values_by("error_type", metrics, REQUESTS) == {**requests, "": requests.get("", 0) + 1}
    assert values_by("reason", metrics, "model_fallbacks_total") == {reason: 1}
    assert metrics.sum("model_breaker_open") == 0


async def test_response_is_counted_with_its_tokens_and_cost(model: FakeModel) -> None:
    model.replies = [labelled()]
    async with analyses(model.url, model_input_price=0.4, model_output_price=1.6) as analyze:
        await analyze()
        metrics = read_metrics(analyze)
    assert values_by("error_type", metrics, REQUESTS) == {"": 2}
    assert values_by("gen_ai_token_type", metrics, "gen_ai_client_token_usage_sum") == {
        "input": 2000,
        "output": 400,
    }
    assert metrics.sum("model_cost_dollars_total") == pytest.approx(2 * (1000 * 0.4 + 200 * 1.6) / 1e6)
    assert values_by("reason", metrics, "model_errors_total") == {}
    assert values_by("reason", metrics, "model_fallbacks_total") == {}


async def test_metric_shows_whether_the_breaker_is_open(model: FakeModel) -> None:
    model.replies, model.aside = [FakeReply(status=500)], lambda _: None
    async with analyses(model.url, model_breaker_failures=1, model_breaker_seconds=0.1) as analyze:
        await analyze()
        assert read_metrics(analyze).sum("model_breaker_open") == 1
        model.replies = [labelled()]
        await analyze()
        assert read_metrics(analyze).sum("model_breaker_open") == 0
