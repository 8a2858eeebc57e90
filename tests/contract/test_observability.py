"""Alert rules, their tests, runbooks and dashboards agree, and query only metrics that exist."""

import json
import re
import shutil
import subprocess
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from analyzer.main import create_app as create_analyzer
from analyzer.settings import Settings as AnalyzerSettings
from fastapi import FastAPI
from fastapi.testclient import TestClient
from pydantic import SecretStr
from request_api.main import create_app as create_request_api
from request_api.settings import Settings as RequestApiSettings
from results_api.main import create_app as create_results_api
from results_api.settings import Settings as ResultsApiSettings

from tests.support.telemetry.metrics import MetricsSnapshot

ROOT = Path(__file__).resolve().parents[2]
OBSERVABILITY = ROOT / "deploy/observability"
RULES = sorted((OBSERVABILITY / "prometheus/rules").glob("*.yaml"))
TESTS = sorted((OBSERVABILITY / "prometheus/tests").glob("*.yaml"))
DASHBOARDS = sorted((OBSERVABILITY / "grafana/dashboards").glob("*.json"))
RUNBOOKS = ROOT / "deploy/runbooks"
# The headings of a runbook.
HEADINGS = ("Meaning", "Check", "Fix", "Verify", "Tested")
SERVICES = ("request-api", "analyzer", "results-api")

# Prometheus adds these to each target.
BUILT_IN = {"up"}
_WORDS = {
    *(
        "sum",
        "min",
        "max",
        "by",
        "on",
        "and",
        "or",
        "rate",
        "increase",
        "vector",
        "absent",
        "histogram_quantile",
    ),
    "le",
}


def rules() -> list[dict[str, Any]]:
    files = (yaml.safe_load(path.read_text()) for path in RULES)
    return [rule for file in files for group in file["groups"] for rule in group["rules"]]


ALERTS = [rule for rule in rules() if "alert" in rule]
RECORDED = {rule["record"] for rule in rules() if "record" in rule}


def panels(path: Path) -> list[dict[str, Any]]:
    return [panel for panel in json.loads(path.read_text())["panels"] if panel["type"] != "row"]


def queries() -> Iterator[tuple[str, str]]:
    for rule in rules():
        yield rule.get("alert") or rule["record"], rule["expr"]
    for path in DASHBOARDS:
        for panel in panels(path):
            for target in panel["targets"]:
                yield f"{path.stem}: {panel['title']}", target["expr"]


QUERIES = list(queries())


def metrics_of(expression: str) -> set[str]:
    """Return the names of the metrics in a query, without labels, functions and keywords."""
    bare = re.sub(r"\{[^{}]*\}", "", re.sub(r'"[^"]*"', "", expression))
    bare = re.sub(r"\b(by|on)\s*\([^)]*\)", "", re.sub(r"\[[^\]]*\]", "", bare))
    return set(re.findall(r"[a-zA-Z_][\w:]*", bare)) - _WORDS


def applications() -> dict[str, FastAPI]:
    kafka: dict[str, Any] = {"kafka_bootstrap_servers": "127.0.0.1:1"}
    api: dict[str, Any] = {
        **kafka,
        "database_url": SecretStr("postgresql+asyncpg://u:p@127.0.0.1:1/d"),
        "auth_jwks_url": "http://127.0.0.1:1/jwks.json",
        "auth_issuer": "https://issuer.test",
        "auth_audience": "tests",
    }
    results: dict[str, Any] = {**api, "request_api_url": "http://127.0.0.1:1"}
    return {
        "request-api": create_request_api(RequestApiSettings(**api)),
        "results-api": create_results_api(ResultsApiSettings(**results)),
        "analyzer": create_analyzer(AnalyzerSettings(**kafka, openai_api_key=SecretStr("sk-none"))),
    }


@pytest.fixture(scope="module")
def exposed() -> dict[str, MetricsSnapshot]:
    """Return the metrics of each service right after its start, without a connection to anything."""
    return {
        name: MetricsSnapshot.parse(TestClient(app).get("/metrics").text)
        for name, app in applications().items()
    }


def test_names_are_read_from_queries() -> None:
    query = 'max by (job, topic) (a_total{x="b{c}_d"}[5m]) > 2 and slo:e:rate5m / histogram_quantile(0.5, f)'
    assert metrics_of(query) == {"a_total", "slo:e:rate5m", "f"}


@pytest.mark.parametrize(("where", "query"), QUERIES, ids=[where for where, _ in QUERIES])
def test_every_metric_of_a_query_exists(exposed: dict[str, MetricsSnapshot], where: str, query: str) -> None:
    known = frozenset[str]().union(*(each.names for each in exposed.values()))
    assert metrics_of(query) - BUILT_IN - known - RECORDED == set()
    assert metrics_of(query)


def test_every_job_and_route_of_a_query_exists() -> None:
    text = " ".join(query for _, query in QUERIES)
    jobs = {job for found in re.findall(r'job=~?"([^"]*)"', text) for job in found.split("|")}
    assert jobs == set(SERVICES)
    routes = {
        path
        for name in ("request-api", "results-api")
        for path in json.loads((ROOT / f"contracts/openapi/{name}.json").read_text())["paths"]
    }
    named = set(re.findall(r'route="([^"]*)"', text))
    assert named
    assert named <= routes


def test_duration_objective_is_a_bucket() -> None:
    app = applications()["results-api"]
    lines = TestClient(app).get("/metrics").text
    assert 'analysis_duration_seconds_bucket{le="120.0",status="completed"}' in lines


def test_every_metric_is_documented(exposed: dict[str, MetricsSnapshot]) -> None:
    text = (ROOT / "docs/telemetry.md").read_text().partition("\n## Metrics\n")[2]
    documented = {
        word for row in re.findall(r"^\| `(.*?)` \|", text, re.MULTILINE) for word in row.split("`, `")
    }
    families = {
        name for each in exposed.values() for name in each.families if not name.startswith("process_")
    }
    assert documented == families


@pytest.mark.parametrize(
    "alert", ALERTS, ids=[f"{each['alert']} {each['labels']['severity']}" for each in ALERTS]
)
def test_alert_has_a_severity_and_a_runbook(alert: dict[str, Any]) -> None:
    assert set(alert["labels"]) == {"severity"}
    assert alert["labels"]["severity"] in ("page", "ticket")
    assert alert["annotations"]["summary"]
    assert alert["annotations"]["runbook_url"] == f"deploy/runbooks/{alert['alert']}.md"
    page = (ROOT / alert["annotations"]["runbook_url"]).read_text()
    assert page.startswith(f"# {alert['alert']}\n")
    assert tuple(re.findall(r"^## (.*)$", page, re.MULTILINE)) == HEADINGS


def test_every_runbook_has_an_alert() -> None:
    assert {path.stem for path in RUNBOOKS.glob("*.md")} == {each["alert"] for each in ALERTS}


def test_every_alert_is_tested_firing_and_silent() -> None:
    fires: dict[str, set[str]] = defaultdict(set)
    silent: set[str] = set()
    for path in TESTS:
        for case in yaml.safe_load(path.read_text())["tests"]:
            for one in case["alert_rule_test"]:
                fires[one["alertname"]] |= {each["exp_labels"]["severity"] for each in one["exp_alerts"]}
                if not one["exp_alerts"]:
                    silent.add(one["alertname"])
    assert fires == {
        each["alert"]: {other["labels"]["severity"] for other in ALERTS if other["alert"] == each["alert"]}
        for each in ALERTS
    }
    assert silent == set(fires)


needs_promtool = pytest.mark.skipif(
    shutil.which("promtool") is None, reason="promtool is not installed (Debian: apt-get install prometheus)"
)


@needs_promtool
@pytest.mark.parametrize(
    "arguments",
    [
        ["check", "rules", *map(str, RULES)],
        ["test", "rules", *map(str, TESTS)],
        ["check", "config", "--syntax-only", str(OBSERVABILITY / "prometheus/prometheus.yml")],
    ],
    ids=["rules", "tests", "config"],
)
def test_promtool_accepts_the_files(arguments: list[str]) -> None:
    done = subprocess.run(["promtool", *arguments], capture_output=True, text=True, check=False, timeout=100)
    assert done.returncode == 0, done.stdout + done.stderr


def test_prometheus_scrapes_every_service() -> None:
    config = yaml.safe_load((OBSERVABILITY / "prometheus/prometheus.yml").read_text())
    targets = {each["job_name"]: each["static_configs"][0]["targets"] for each in config["scrape_configs"]}
    assert targets == {
        "request-api": ["request-api:8081"],
        "results-api": ["results-api:8082"],
        "analyzer": ["analyzer:8083"],
    }


@pytest.mark.parametrize("path", DASHBOARDS, ids=[path.stem for path in DASHBOARDS])
def test_dashboard_uses_a_provisioned_data_source(path: Path) -> None:
    sources = yaml.safe_load(
        (OBSERVABILITY / "grafana/provisioning/datasources/datasources.yaml").read_text()
    )
    known = {each["uid"] for each in sources["datasources"]}
    assert json.loads(path.read_text())["uid"] == path.stem
    assert {panel["datasource"]["uid"] for panel in panels(path)} <= known
    assert all(target["expr"] for panel in panels(path) for target in panel["targets"])
