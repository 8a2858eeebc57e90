from contextlib import asynccontextmanager
from types import SimpleNamespace
from typing import Any, cast

import pytest
from chassis.http import create_http_app
from chassis.kafka.work import Counters
from chassis.metrics import SubscriberMetrics
from fastapi.testclient import TestClient


@asynccontextmanager
async def no_lifespan(_app: object) -> Any:
    yield


def test_numbers_of_the_subscriber_are_read_when_asked_for(caplog: pytest.LogCaptureFixture) -> None:
    counters = Counters(started=7, finished=5, retried=1, dead=1, duplicates=2, abandoned=3, running=2)
    counters.superseded = 8
    health = SimpleNamespace(in_flight=4, oldest_seconds=1.5)
    subscriber = SimpleNamespace(counters=counters, health=lambda: health)
    app = create_http_app(
        title="t",
        version="1",
        lifespan=no_lifespan,
        checks={},
        collectors=[SubscriberMetrics(cast("Any", subscriber))],
    )
    client = TestClient(app)
    counters.finished = 6
    lines = client.get("/metrics").text.splitlines()
    assert {line for line in lines if not line.startswith("#")} == {
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
    assert "/metrics" not in client.get("/openapi.json").text
    assert "/metrics" not in caplog.text
