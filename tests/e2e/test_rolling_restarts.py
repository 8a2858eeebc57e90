"""Rolling restarts of each service behind the gateway, as a Deployment does them: no caller notices.

ROLLING_SECONDS sets the duration (20 by default), and ROLLING_BUSY=1 adds a process that only burns a core.
"""

import asyncio
import itertools
import os
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import httpx2
import pytest
import pytest_asyncio
from local_stack import issuer as tokens
from local_stack.gateway.config import GatewayConfig
from local_stack.gateway.envoy import Envoy
from local_stack.paths import ENVOY_TEMPLATE
from local_stack.ports import LOOPBACK, free_ports
from local_stack.service import Service
from local_stack.stack import Stack

from tests.support import files
from tests.support.http.api_client import ApiClient

SECONDS = float(os.environ.get("ROLLING_SECONDS", "20"))
IS_BUSY = os.environ.get("ROLLING_BUSY") == "1"
POSTS_PER_SECOND = 10
# Longer than the gateway needs to see that a replica is not ready, as in the chart.
DELAY_SECONDS = 2
NAMES = ("request-api", "results-api", "analyzer")
# Kubernetes removes the endpoint of a pod that stops; here the gateway asks for itself.
HEALTH_CHECK = """
    common_lb_config: {healthy_panic_threshold: {value: 0}}
    health_checks:
    - timeout: 2s
      interval: 0.2s
      no_traffic_interval: 0.2s
      unhealthy_threshold: 1
      healthy_threshold: 1
      http_health_check: {path: /health/serving}
"""


def with_replicas(template: str, ports: dict[str, tuple[int, int]]) -> str:
    """Return the gateway's template with two endpoints for each API."""
    for prefix in ("REQUEST_API", "RESULTS_API"):
        place = "{endpoint: {address: {socket_address: {address: ${%s_HOST}, port_value: ${%s_PORT}}}}}"
        one = place % (prefix, prefix)
        several = ", ".join(one.replace(f"${{{prefix}_PORT}}", str(port)) for port in ports[prefix])
        line = f"      endpoints: [{{lb_endpoints: [{one}]}}]"
        assert line in template
        template = template.replace(line, line.replace(one, several) + HEALTH_CHECK.rstrip())
    return template


@pytest.fixture
def gateway_port() -> int:
    return free_ports(1)[0]


@pytest_asyncio.fixture
async def replicas(stack: Stack, gateway_port: int) -> AsyncIterator[dict[str, list[Service]]]:
    """Two replicas of each service, of which the first runs; the stack's own services rest meanwhile."""
    ports = dict(zip(itertools.product(NAMES, (0, 1)), free_ports(6), strict=True))
    found = {
        name: [
            Service(
                name=f"{name}-{number}",
                package=name.replace("-", "_"),
                port=ports[name, number],
                environment={
                    **stack.services[name].environment,
                    f"{prefix}_PORT": str(ports[name, number]),
                    f"{prefix}_SHUTDOWN_DELAY_SECONDS": str(DELAY_SECONDS),
                    "RESULTS_API_REQUEST_API_URL": f"http://{LOOPBACK}:{gateway_port}",
                    "REQUEST_API_MAX_ANALYSES_PER_DAY": "1000000",
                },
            )
            for number in (0, 1)
        ]
        for name in NAMES
        for prefix in (name.upper().replace("-", "_"),)
    }
    await stack.stop(*NAMES)
    try:
        await asyncio.gather(*(one.start() for one, _ in found.values()))
        yield found
    finally:
        await asyncio.gather(*(each.stop() for both in found.values() for each in both))
        await stack.start(*NAMES)


@pytest_asyncio.fixture
async def url(
    stack: Stack, gateway_port: int, replicas: dict[str, list[Service]], tmp_path: Path
) -> AsyncIterator[str]:
    """Address of a gateway in front of the replicas."""
    ports = {name.upper().replace("-", "_"): (both[0].port, both[1].port) for name, both in replicas.items()}
    template = tmp_path / "envoy.yaml"
    template.write_text(with_replicas(ENVOY_TEMPLATE.read_text(), ports))
    gateway = GatewayConfig(
        port=gateway_port,
        admin_port=free_ports(1)[0],
        request_api_port=ports["REQUEST_API"][0],
        results_api_port=ports["RESULTS_API"][0],
        jwks_url=stack.issuer.jwks_url,
        jwt_issuer=tokens.NAME,
        jwt_audience=tokens.AUDIENCE,
        rate_per_second=1000,
        rate_burst=1000,
    )
    async with Envoy(template=template, gateway=gateway, data_dir=tmp_path / "gateway") as envoy:
        yield envoy.url


class Load:
    """Requests analyses at a steady rate and reads their statuses."""

    def __init__(self, caller: ApiClient, resume_id: str) -> None:
        self._caller = caller
        self._resume_id = resume_id
        self.accepted: list[str] = []
        self.outcomes: Counter[object] = Counter()

    async def run(self, until: asyncio.Event) -> None:
        """Send requests until the event is set, and wait for all responses."""
        started = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for number in itertools.count():
                if until.is_set():
                    return
                group.create_task(self._request())
                await asyncio.sleep(max(0, started + number / POSTS_PER_SECOND - time.monotonic()))

    async def _request(self) -> None:
        try:
            answer = await self._caller.analyze(self._resume_id, analysis_depth="quick")
            self.outcomes["POST", answer.status_code] += 1
            if answer.status_code == 202:
                self.accepted.append(answer.json()["analysis_id"])
                status = await self._caller.http.get(answer.headers["location"])
                self.outcomes["GET", status.status_code] += 1
        except httpx2.HTTPError as error:
            self.outcomes[type(error).__name__] += 1


async def restart_in_turn(replicas: dict[str, list[Service]], *, seconds: float) -> None:
    """Replace the running replica of each service by the other one, once and then until the time is over."""
    ends = time.monotonic() + seconds
    for turn in itertools.count():
        for name, (old, new) in replicas.items():
            if turn and time.monotonic() >= ends:
                return
            await new.start()
            await asyncio.sleep(0.5)  # the gateway sees it
            await old.stop()
            replicas[name].reverse()


@pytest.mark.timeout(SECONDS + 300)
async def test_no_caller_notices_rolling_restarts(
    stack: Stack, replicas: dict[str, list[Service]], url: str
) -> None:
    caller = ApiClient(url=url, token=stack.token(role="junior_recruiter", user_id=uuid4()))
    load = Load(caller, await caller.new_resume("cv.txt", files.strong_resume_txt()))
    stop = asyncio.Event()
    busy = await asyncio.create_subprocess_exec(sys.executable, "-c", "while True: pass") if IS_BUSY else None
    try:
        running = asyncio.create_task(load.run(stop))
        await restart_in_turn(replicas, seconds=SECONDS)
        stop.set()
        await running
    finally:
        if busy:
            busy.kill()
            await busy.wait()
    statuses = [
        (await caller.ended(analysis_id, deadline_seconds=60))["status"] for analysis_id in load.accepted
    ]
    await caller.close()
    print(f"rolling: accepted={len(statuses)} outcomes={dict(load.outcomes)}")  # noqa: T201 - for long runs
    assert set(statuses) == {"completed"}
    allowed = load.outcomes.total() // 500 if IS_BUSY else 0
    failed = sum(
        count for outcome, count in load.outcomes.items() if outcome not in (("POST", 202), ("GET", 200))
    )
    assert failed <= allowed, load.outcomes
