"""Restarts under load with docker compose: what one replica and two replicas of each service give.

ROLLING_SECONDS sets the duration of the second test (20 by default), and ROLLING_BUSY=1 adds a process that
only burns a core.
"""

import asyncio
import itertools
import os
import subprocess
import time
from collections.abc import Awaitable, Sequence
from uuid import uuid4

import pytest

from tests.support import files
from tests.support.http.api_client import ApiClient
from tests.support.http.steady_load import Figures, busy_core, under_load
from tests.support.polling import eventually
from tests.support.stacks.compose import Compose

SECONDS = float(os.environ.get("ROLLING_SECONDS", "20"))
SERVICES = ("request-api", "results-api", "analyzer")
pytestmark = pytest.mark.timeout(SECONDS + 600)


async def under_load_of_one_user(compose: Compose, events: Awaitable[object]) -> Figures:
    """Return the figures of a load through the gateway of docker compose."""
    caller = ApiClient(url=compose.url, token=compose.token(USER_ID=str(uuid4())))
    resume_id = await caller.new_resume("cv.txt", files.strong_resume_txt())
    figures = await under_load(caller, resume_id, events)
    await caller.close()
    return figures


async def restart(container: str) -> None:
    """Restart a container and wait until it is healthy."""
    await asyncio.to_thread(docker, "restart", container)
    await eventually(
        lambda: asyncio.to_thread(docker, "inspect", "--format", "{{.State.Health.Status}}", container),
        until=lambda health: health == "healthy",
        deadline_seconds=60,
        every_seconds=0.5,
    )


def docker(*arguments: str) -> str:
    """Run a command of Docker and return its output."""
    return subprocess.run(["docker", *arguments], check=True, capture_output=True, text=True).stdout.strip()


async def gateway_reaches(compose: Compose, *, replicas: int) -> None:
    """Send requests until enough replicas of each API have logged one. The gateway asks DNS every 5 s."""
    caller = ApiClient(url=compose.url, token=compose.token(USER_ID=str(uuid4())))

    async def replicas_reached() -> int:
        await asyncio.gather(caller.http.get("/api/v1/candidates"), caller.http.get("/api/v1/analysis/"))
        logs = {name: await asyncio.to_thread(compose, "logs", "--no-color", name) for name in SERVICES[:2]}
        return min(
            len({line.partition("|")[0] for line in log.splitlines() if "/api/v1/" in line})
            for log in logs.values()
        )

    await eventually(replicas_reached, until=lambda count: count >= replicas, every_seconds=0.5)
    await caller.close()


async def restart_in_turn(containers: Sequence[str]) -> None:
    """Restart one container after the other, from the beginning again until the time is over."""
    ends = time.monotonic() + SECONDS
    for container in itertools.cycle(containers):
        if time.monotonic() >= ends:
            return
        await restart(container)


async def test_restart_of_a_single_replica_loses_nothing_and_says_when_to_try_again(compose: Compose) -> None:
    restarts = asyncio.to_thread(compose, "restart", "request-api", "results-api")
    figures = await under_load_of_one_user(compose, restarts)
    print(figures.line("one replica"), figures.details())  # noqa: T201 - the length of the outage
    assert figures.lost == 0
    assert set(figures.outcomes) <= {"POST 202", "GET 200", "POST 503", "GET 503"}


async def test_callers_rarely_notice_restarts_of_one_of_two_replicas(compose: Compose) -> None:
    scale = [word for name in SERVICES for word in ("--scale", f"{name}=2")]
    compose("up", "--wait", *scale)
    await gateway_reaches(compose, replicas=2)
    # The first replica of each service, then the second of each.
    names = sorted(
        (one["Name"] for one in compose.containers(*SERVICES)), key=lambda name: name.rsplit("-", 1)[::-1]
    )
    async with busy_core():
        figures = await under_load_of_one_user(compose, restart_in_turn(names))
    print(figures.line("two replicas"), figures.details())  # noqa: T201 - for long runs
    assert figures.lost == 0
    # Docker's DNS names a container until it has ended, so that a request may meet it as it closes.
    assert figures.unexpected <= figures.outcomes.total() // 100, figures.outcomes
