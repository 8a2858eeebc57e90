"""Rolling restarts of each service behind the gateway, as a Deployment does them: no caller notices.

ROLLING_SECONDS sets the duration (20 by default), and ROLLING_BUSY=1 adds a process that only burns a core.
"""

import asyncio
import itertools
import os
import time
from collections.abc import AsyncIterator
from pathlib import Path
from uuid import uuid4

import pytest
import pytest_asyncio
from local_stack import issuer as tokens
from local_stack.gateway.config import GatewayConfig
from local_stack.ports import LOOPBACK, free_ports
from local_stack.service import Service
from local_stack.stack import Stack

from tests.support import files
from tests.support.http.api_client import ApiClient
from tests.support.http.steady_load import IS_BUSY, busy_core, under_load
from tests.support.stacks.endpoints import GatewayWithEndpoints

SECONDS = float(os.environ.get("ROLLING_SECONDS", "20"))
# Longer than the gateway needs to learn that a replica stops. The chart has 10 s.
DELAY_SECONDS = 2
# The time from SIGTERM until the gateway has the endpoint without the replica that stops.
ENDPOINT_SECONDS = 1
NAMES = ("request-api", "results-api", "analyzer")

Replicas = dict[str, list[Service]]


@pytest.fixture
def service_port() -> int:
    """Port of the Service that leads to request-api."""
    return free_ports(1)[0]


@pytest_asyncio.fixture
async def replicas(stack: Stack, service_port: int) -> AsyncIterator[Replicas]:
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
                    "RESULTS_API_REQUEST_API_URL": f"http://{LOOPBACK}:{service_port}",
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
async def gateway(
    stack: Stack, service_port: int, replicas: Replicas, tmp_path: Path
) -> AsyncIterator[GatewayWithEndpoints]:
    """A gateway in front of the replicas."""
    port, admin_port = free_ports(2)
    config = GatewayConfig(
        port=port,
        admin_port=admin_port,
        request_api_port=replicas["request-api"][0].port,
        results_api_port=replicas["results-api"][0].port,
        jwks_url=stack.issuer.jwks_url,
        jwt_issuer=tokens.NAME,
        jwt_audience=tokens.AUDIENCE,
        rate_per_second=1000,
        rate_burst=1000,
    )
    gateway = GatewayWithEndpoints(gateway=config, service_port=service_port, data_dir=tmp_path / "gateway")
    for name, (one, _) in replicas.items():
        gateway.publish(name, {one.port: "UNKNOWN"})
    async with gateway:
        yield gateway


async def restart_in_turn(replicas: Replicas, gateway: GatewayWithEndpoints, *, seconds: float) -> None:
    """Replace the running replica of each service by the other one, once and then until the time is over."""
    ends = time.monotonic() + seconds
    for turn in itertools.count():
        for name, (old, new) in replicas.items():
            if turn and time.monotonic() >= ends:
                return
            await new.start()
            gateway.publish(name, {old.port: "UNKNOWN", new.port: "UNKNOWN"})
            stopping = asyncio.create_task(old.stop())
            await asyncio.sleep(ENDPOINT_SECONDS)
            gateway.publish(name, {old.port: "DRAINING", new.port: "UNKNOWN"})
            await stopping
            gateway.publish(name, {new.port: "UNKNOWN"})
            replicas[name].reverse()


@pytest.mark.timeout(SECONDS + 300)
async def test_no_caller_notices_rolling_restarts(
    stack: Stack, replicas: Replicas, gateway: GatewayWithEndpoints
) -> None:
    caller = ApiClient(url=gateway.url, token=stack.token(role="junior_recruiter", user_id=uuid4()))
    resume_id = await caller.new_resume("cv.txt", files.strong_resume_txt())
    async with busy_core():
        figures = await under_load(caller, resume_id, restart_in_turn(replicas, gateway, seconds=SECONDS))
    await caller.close()
    print(figures.line("rolling"), figures.details())  # noqa: T201 - for long runs
    assert figures.lost == 0
    allowed = figures.outcomes.total() // 500 if IS_BUSY else 0
    assert figures.unexpected <= allowed, figures.outcomes
