"""Spans, metrics and logs of each service after one analysis by a model, and their privacy."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from contracts.topics import ANALYSIS_EVENTS, ANALYSIS_REQUESTS, ANALYSIS_RESULTS
from local_stack.ports import LOOPBACK
from local_stack.stack import Stack

from tests.e2e.signals.test_traces import POST, CallerTrace, complete_trace
from tests.support import files
from tests.support.fakes.model import FakeModel
from tests.support.fakes.trace_collector import FakeTraceCollector
from tests.support.http.api_client import ApiClient
from tests.support.polling import eventually
from tests.support.servers.kafka import producer_for
from tests.support.telemetry.metrics import MetricsSnapshot

SERVICES = ("request-api", "analyzer", "results-api")
STATUS = "/api/v1/analysis/analysis/{analysis_id}/status"

# Names and texts of the resume that must not occur in any signal.
CANARIES = ("canarywoman", "canaryschool", "canary.woman@example.org", "canarycompany", "canaryfile")


def resume() -> bytes:
    bullet = "- Led CanaryCompany at CanarySchool.\n- Reduced"
    text = files.strong_resume_txt().decode().replace("- Reduced", bullet, 1)
    return f"Cora Canarywoman\ncanary.woman@example.org\n{text}".encode()


async def scraped(stack: Stack, service: str) -> tuple[MetricsSnapshot, str]:
    port = {
        "request-api": stack.ports.request_api,
        "results-api": stack.ports.results_api,
        "analyzer": stack.ports.analyzer,
    }[service]
    async with httpx2.AsyncClient(trust_env=False) as client:
        text = (await client.get(f"http://{LOOPBACK}:{port}/metrics")).text
    return MetricsSnapshot.parse(text), text


@pytest_asyncio.fixture(scope="session")
async def traced_analysis(stack: Stack, spans: FakeTraceCollector) -> tuple[CallerTrace, str]:
    """Run one analysis. Return its trace and its id."""
    traced = CallerTrace()
    consultant = ApiClient(url=stack.url, token=stack.token())
    candidate_id = await consultant.new_candidate(first_name="Cora", last_name="Canarywoman")
    resume_id = (await consultant.upload(candidate_id, "canaryfile.txt", resume())).json()["id"]
    listed = await consultant.http.get("/api/v1/candidates", params={"search": "Canarywoman"})
    assert listed.status_code == 200
    answer = await consultant.http.post(
        f"/api/v1/analysis/resumes/{resume_id}/analyze",
        json={"industry": "strategy_tech", "focus_areas": ["CanarySchool"]},
        headers=traced.headers,
    )
    analysis_id = answer.json()["analysis_id"]
    ended = await consultant.ended(analysis_id)
    assert (ended["status"], ended["result"]["ai_model_used"]) == ("completed", "fake-model-2026")
    await complete_trace(spans, traced)
    await consultant.close()
    return traced, analysis_id


SPANS = [
    ("request-api", "server", POST),
    ("request-api", "producer", f"send {ANALYSIS_REQUESTS}"),
    ("request-api", "consumer", f"process {ANALYSIS_EVENTS}"),
    ("analyzer", "consumer", f"process {ANALYSIS_REQUESTS}"),
    ("analyzer", "client", "chat gpt-4.1-mini"),
    ("analyzer", "producer", f"send {ANALYSIS_RESULTS}"),
    ("results-api", "consumer", f"process {ANALYSIS_RESULTS}"),
    ("results-api", "producer", f"send {ANALYSIS_EVENTS}"),
]


@pytest.mark.parametrize(("service", "kind", "name"), SPANS, ids=[f"{s} {k}" for s, k, _ in SPANS])
def test_span_is_exported(
    traced_analysis: tuple[CallerTrace, str], spans: FakeTraceCollector, service: str, kind: str, name: str
) -> None:
    found = [
        s for s in spans.trace(traced_analysis[0].id) if (s.service, s.kind, s.name) == (service, kind, name)
    ]
    assert found


def test_read_request_is_a_span_of_results_api(
    traced_analysis: tuple[CallerTrace, str], spans: FakeTraceCollector
) -> None:
    reads = [span for span in spans.spans if span.name == f"GET {STATUS}"]
    assert reads
    assert {(span.service, span.kind) for span in reads} == {("results-api", "server")}
    assert not [span for span in spans.spans if "health" in span.name or "metrics" in span.name]


def test_model_span_has_generative_ai_attributes(
    traced_analysis: tuple[CallerTrace, str], spans: FakeTraceCollector
) -> None:
    calls = [span for span in spans.trace(traced_analysis[0].id) if span.kind == "client"]
    # About labels, and about topics.
    assert len(calls) == 2
    for call in calls:
        assert call.attributes.pop("server.port") > 0
        assert call.attributes == {
            "gen_ai.operation.name": "chat",
            "gen_ai.provider.name": "openai",
            "gen_ai.request.model": "gpt-4.1-mini",
            "gen_ai.response.model": "fake-model-2026",
            "gen_ai.output.type": "json",
            "gen_ai.response.finish_reasons": ["stop"],
            "gen_ai.usage.input_tokens": 1000,
            "gen_ai.usage.output_tokens": 200,
            "server.address": LOOPBACK,
        }


def at_least(count: float) -> Callable[[float], bool]:
    return lambda value: value >= count


def exactly(count: float) -> Callable[[float], bool]:
    return lambda value: value == count


HTTP = "http_server_request_duration_seconds_count"
# Service, metric, labels, and the expected value after one analysis.
METRICS: list[tuple[str, str, dict[str, str], Callable[[float], bool]]] = [
    ("request-api", HTTP, {"method": "POST", "route": POST.split()[1], "status": "2xx"}, at_least(1)),
    ("request-api", "analyses_accepted_total", {}, at_least(1)),
    ("request-api", "analyses_pending", {}, exactly(0)),
    ("request-api", "analyses_oldest_pending_seconds", {}, exactly(0)),
    ("request-api", "subscriber_lag_records", {"topic": ANALYSIS_EVENTS}, exactly(0)),
    ("request-api", "subscriber_lag_seconds", {"topic": ANALYSIS_EVENTS}, exactly(0)),
    ("results-api", HTTP, {"method": "GET", "route": STATUS, "status": "2xx"}, at_least(1)),
    ("results-api", "analysis_duration_seconds_count", {"status": "completed"}, at_least(1)),
    ("results-api", "analysis_duration_seconds_bucket", {"le": "120.0", "status": "completed"}, at_least(1)),
    ("results-api", "subscriber_lag_records", {"topic": ANALYSIS_RESULTS}, exactly(0)),
    ("results-api", "subscriber_lag_seconds", {"topic": ANALYSIS_REQUESTS}, exactly(0)),
    ("analyzer", "subscriber_lag_records", {"topic": ANALYSIS_REQUESTS}, exactly(0)),
    ("analyzer", "subscriber_lag_seconds", {"topic": ANALYSIS_REQUESTS}, exactly(0)),
    ("analyzer", "gen_ai_client_operation_duration_seconds_count", {"error_type": ""}, at_least(1)),
    ("analyzer", "gen_ai_client_token_usage_sum", {"gen_ai_token_type": "input"}, at_least(1000)),
    ("analyzer", "gen_ai_client_token_usage_sum", {"gen_ai_token_type": "output"}, at_least(200)),
    ("analyzer", "model_cost_dollars_total", {}, at_least(0.0014)),
    ("analyzer", "model_errors_total", {}, exactly(0)),
    ("analyzer", "model_fallbacks_total", {}, exactly(0)),
    ("analyzer", "model_breaker_open", {}, exactly(0)),
    *(
        (service, metric, {}, expected)
        for service in SERVICES
        for metric, expected in (
            ("subscriber_joined", exactly(1)),
            ("subscriber_in_flight", exactly(0)),
            ("subscriber_finished_total", at_least(1)),
            ("subscriber_dead_total", exactly(0)),
            ("process_resident_memory_bytes", at_least(1)),
        )
    ),
    *(
        (service, metric, {}, expected)
        for service in ("request-api", "results-api")
        for metric, expected in (
            ("outbox_rows", exactly(0)),
            ("outbox_oldest_seconds", exactly(0)),
            ("outbox_refused_rows", exactly(0)),
            ("database_up", exactly(1)),
            ("relay_active", exactly(1)),
            ("relay_published_total", at_least(1)),
            ("jwks_age_seconds", at_least(0)),
            ("jwks_fetch_failures_total", exactly(0)),
        )
    ),
]


@pytest.mark.parametrize(
    ("service", "metric", "labels", "expected"), METRICS, ids=[f"{each[0]} {each[1]}" for each in METRICS]
)
async def test_metric_has_the_expected_value(
    traced_analysis: tuple[CallerTrace, str],
    stack: Stack,
    service: str,
    metric: str,
    labels: dict[str, str],
    expected: Callable[[float], bool],
) -> None:
    async def value() -> float | None:
        exposed, _ = await scraped(stack, service)
        return exposed.sum(metric, **labels) if exposed.all(metric, **labels) else None

    # Some values are refreshed only every few seconds.
    await eventually(value, until=lambda found: found is not None and expected(found))


@pytest.mark.parametrize("service", SERVICES)
def test_log_lines_carry_the_trace_and_the_analysis(
    traced_analysis: tuple[CallerTrace, str], log_file: Path, service: str
) -> None:
    traced, analysis_id = traced_analysis
    lines = [line for line in json_lines(log_file) if line.get("service") == service]
    about = [line for line in lines if line.get("analysis_id") == analysis_id and "trace_id" in line]
    assert [line for line in about if line["trace_id"] == traced.id]


def written(log_file: Path) -> str:
    return log_file.read_text()


def json_lines(log_file: Path) -> list[dict[str, Any]]:
    objects = (line[line.index("{") :] for line in written(log_file).splitlines() if "{" in line)
    found = []
    for text in objects:
        try:
            found.append(json.loads(text))
        except ValueError:
            continue  # a line of another process that contains a brace
    return found


async def test_signals_contain_no_names_and_no_resume_text(
    traced_analysis: tuple[CallerTrace, str],
    stack: Stack,
    spans: FakeTraceCollector,
    log_file: Path,
    model: FakeModel,
) -> None:
    signals = {f"metrics of {each}": (await scraped(stack, each))[1] for each in SERVICES}
    signals["spans"] = b"\n".join(spans.bodies).decode(errors="replace")
    signals["logs"] = written(log_file)
    # The check is meaningful: the ids occur, and the model received the resume.
    assert traced_analysis[1] in signals["spans"]
    assert traced_analysis[1] in signals["logs"]
    assert "CanarySchool" in json.dumps(model.requests)
    for place, text in signals.items():
        assert [canary for canary in CANARIES if canary in text.lower()] == [], place
    keys = {key for span in spans.spans for key in span.attributes}
    assert not [key for key in keys if key.startswith(("url.", "user", "enduser", "exception", "client"))]


async def test_poison_record_is_visible_in_every_signal(
    traced_analysis: tuple[CallerTrace, str], stack: Stack, spans: FakeTraceCollector, log_file: Path
) -> None:
    traced = CallerTrace()
    before = (await scraped(stack, "analyzer"))[0].sum("subscriber_dead_total")
    async with producer_for(stack.kafka.bootstrap_servers) as producer:
        headers = [(name, value.encode()) for name, value in traced.headers.items()]
        await producer.send_and_wait(ANALYSIS_REQUESTS, b"canarycompany", key=b"x", headers=headers)

    async def is_visible() -> bool:
        dead = (await scraped(stack, "analyzer"))[0].sum("subscriber_dead_total")
        failed = [span for span in spans.trace(traced.id) if span.service == "analyzer" and span.failed]
        return bool(failed) and dead == before + 1

    await eventually(is_visible)
    (span,) = [span for span in spans.trace(traced.id) if span.service == "analyzer"]
    assert span.attributes["error.type"] == "PoisonRecord"
    lines = [line for line in json_lines(log_file) if line.get("trace_id") == traced.id]
    assert "record written to the dead letter queue" in {line["event"] for line in lines}
    assert "canarycompany" not in written(log_file).lower()
