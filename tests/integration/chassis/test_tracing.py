"""A collector that is unavailable or hangs costs spans and nothing else."""

import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from chassis.telemetry.tracing import EXPORT_SECONDS, FLUSH_SECONDS
from local_stack.ports import LOOPBACK, free_ports

from tests.support.fakes.trace_collector import fake_trace_collector

# More than the queue holds, so some spans are dropped without a collector.
SPANS = 6000
UNTRACED = {name: value for name, value in os.environ.items() if not name.startswith("OTEL_")} | {
    "no_proxy": "*",
    "NO_PROXY": "*",
}
PROGRAM = f"""
import json, time
from chassis.telemetry.logs import configure_logs
from chassis.telemetry.trace import continue_trace
from chassis.telemetry.tracing import start_tracing

configure_logs(service="tested")
stop = start_tracing(service="tested")
longest, begun = 0.0, time.perf_counter()
for number in range({SPANS}):
    started = time.perf_counter()
    with continue_trace(None, "work"):
        pass
    longest = max(longest, time.perf_counter() - started)
worked = time.perf_counter() - begun
stopping = time.perf_counter()
stop()
print(json.dumps({{"worked": worked, "longest": longest, "stopped": time.perf_counter() - stopping}}))
"""


@contextmanager
def closed_port() -> Iterator[str]:
    (port,) = free_ports(1)
    yield f"http://{LOOPBACK}:{port}"


@contextmanager
def silent_server() -> Iterator[str]:
    """Accept connections and never answer."""
    with socket.create_server((LOOPBACK, 0)) as server:
        yield f"http://{LOOPBACK}:{server.getsockname()[1]}"


def run(endpoint: str | None) -> tuple[dict[str, float], list[str], float]:
    """Return the program's measurements, its log lines, and its run time."""
    environment = dict(UNTRACED)
    if endpoint is not None:
        environment["OTEL_EXPORTER_OTLP_ENDPOINT"] = endpoint
    started = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", PROGRAM],
        env=environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    *lines, measured = done.stdout.splitlines()
    return json.loads(measured), lines, time.monotonic() - started


@pytest.mark.parametrize("collector", [closed_port, silent_server], ids=["closed_port", "silent_server"])
def test_unavailable_collector_delays_neither_work_nor_the_stop(collector: object) -> None:
    with collector() as endpoint:  # type: ignore[operator] # both are context managers
        measured, lines, took = run(endpoint)
    # A span takes about 50 microseconds; one that waited for the collector would take seconds.
    assert measured["longest"] < EXPORT_SECONDS / 2
    assert measured["worked"] < 10
    assert measured["stopped"] < FLUSH_SECONDS + 1
    assert took < 30
    (line,) = lines
    assert json.loads(line)["event"] == "collector unavailable, dropping spans until it accepts them again"


def test_remaining_spans_are_sent_at_the_stop() -> None:
    with fake_trace_collector() as kept:
        _, lines, _ = run(kept.url)
        assert lines == []
        # Some of the others may have been dropped, because the loop is faster than any collector.
        assert len(kept.spans) >= 2048
        assert {span.service for span in kept.spans} == {"tested"}


def test_without_an_endpoint_no_sdk_is_loaded() -> None:
    program = (
        "import sys, chassis.telemetry.tracing; chassis.telemetry.tracing.start_tracing(service='x')();"
        "print('opentelemetry.sdk' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], env=UNTRACED, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "False"
