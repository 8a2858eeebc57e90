from types import SimpleNamespace
from typing import Any, cast

from chassis.auth.metrics import JwksMetrics
from chassis.components import Components
from chassis.errors import NotFound
from chassis.http.app import create_http_app
from chassis.messaging.consuming.health import SubscriberCounters
from chassis.messaging.consuming.lag import TopicLag
from chassis.messaging.consuming.metrics import SubscriberMetrics
from chassis.messaging.outbox import outbox_table
from chassis.messaging.outbox_metrics import OutboxMetrics
from fastapi.testclient import TestClient
from sqlalchemy import MetaData

from tests.support.telemetry.logs import CapturedLogs


def test_subscriber_metrics_are_read_at_each_scrape(captured_logs: CapturedLogs) -> None:
    counters = SubscriberCounters(started=7, finished=5, retried=1, dead=1, duplicates=2, abandoned=3)
    counters.superseded = 8
    health = SimpleNamespace(at_work=2, in_flight=4, oldest_seconds=1.5, joined=True)
    lag = SimpleNamespace(
        topics={"orders": TopicLag(records=3, seconds=2.5)},
        stall=SimpleNamespace(problem="Records wait."),
    )
    subscriber = SimpleNamespace(counters=counters, health=lambda: health, lag=lag)
    components = Components(stop_seconds=1)
    components.add(collectors=[SubscriberMetrics(cast("Any", subscriber))])
    client = TestClient(create_http_app(title="t", version="1", components=components))
    counters.finished = 6
    lines = client.get("/metrics").text.splitlines()
    assert {line for line in lines if line.startswith("subscriber_")} == {
        "subscriber_joined 1.0",
        "subscriber_stalled 1.0",
        'subscriber_lag_records{topic="orders"} 3.0',
        'subscriber_lag_seconds{topic="orders"} 2.5',
        "subscriber_running 2.0",
        "subscriber_in_flight 4.0",
        "subscriber_oldest_open_seconds 1.5",
        "subscriber_started_total 7.0",
        "subscriber_finished_total 6.0",
        "subscriber_retried_total 1.0",
        "subscriber_dead_total 1.0",
        "subscriber_duplicates_total 2.0",
        "subscriber_superseded_total 8.0",
        "subscriber_abandoned_total 3.0",
    }
    lag.topics = None
    assert "subscriber_joined 0.0" in client.get("/metrics").text
    assert "/metrics" not in client.get("/openapi.json").text
    assert "/metrics" not in captured_logs.text


def test_requests_are_counted_by_route_and_status_class_without_user_input() -> None:
    app = create_http_app(title="t", version="1", components=Components(stop_seconds=1))

    @app.get("/people/{name}")
    def read(name: str) -> dict[str, str]:
        if name == "nobody":
            raise NotFound("There is nobody.")
        return {"name": name}

    client = TestClient(app)
    for path in ("/people/canary", "/people/other?q=canary", "/people/nobody", "/canary", "/health/live"):
        client.get(path)
    client.request("CANARY", "/people/x")
    text = client.get("/metrics").text
    counts = {
        line.removeprefix("http_server_request_duration_seconds_count")
        for line in text.splitlines()
        if line.startswith("http_server_request_duration_seconds_count")
    }
    assert counts == {
        '{method="GET",route="/people/{name}",status="2xx"} 2.0',
        '{method="GET",route="/people/{name}",status="4xx"} 1.0',
        '{method="GET",route="none",status="4xx"} 1.0',
        '{method="_OTHER",route="/people/{name}",status="4xx"} 1.0',
    }
    assert "canary" not in text.lower()


def test_every_metric_is_named_while_its_value_is_unknown() -> None:
    unknown = SimpleNamespace(age_seconds=None, failures=0)
    outbox = OutboxMetrics(database=cast("Any", None), table=outbox_table(MetaData(), "outbox"))
    families = {
        *(each.name for each in JwksMetrics(cast("Any", SimpleNamespace(jwks=unknown))).collect()),
        *(each.name for each in outbox.collect()),
    }
    assert families == {
        "jwks_age_seconds",
        "jwks_fetch_failures",
        "outbox_rows",
        "outbox_oldest_seconds",
        "outbox_refused_rows",
        "database_up",
    }
