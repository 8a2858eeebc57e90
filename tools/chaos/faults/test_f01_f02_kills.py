"""F1 and F2: SIGKILL of every service, at named points and at random times."""

import asyncio
import contextlib
import random
import time
from collections import Counter

import pytest

from tools.chaos.injection.failpoints import POINTS
from tools.chaos.run import Run, Scale, Verdict, chaos_run
from tools.chaos.stack.chaos_stack import PACKAGES, ChaosStack
from tools.chaos.stack.service_instance import ServiceInstance

# A process that does not reach its failpoint in this time is restarted: the other instances took the work.
PATIENCE_SECONDS = 10
# After so many restarts in a row without a kill, the code of the failpoint no longer runs.
RESTARTS = 30


class KillPoints:
    """Kill the instances of one service at each of its failpoints, equally often and concurrently."""

    def __init__(self, run: Run, service: str, *, times: int, seed: int) -> None:
        self._instances = run.stack.instances_of(service)
        self._points = [name for name, point in POINTS.items() if point.service == service]
        self._times = times
        self._random = random.Random(seed)  # noqa: S311 - reproducible
        self._run = run
        self._armed: Counter[str] = Counter()
        self._restarts: Counter[str] = Counter()

    async def __call__(self) -> None:
        """Return once each failpoint has killed often enough and all instances run without a failpoint.

        If a failpoint is not reached any more, return early.
        """
        await asyncio.gather(*(self._instance(each) for each in self._instances))

    async def _instance(self, instance: ServiceInstance) -> None:
        await instance.stop()
        while point := self._next():
            before = self._run.kills()[point]
            self._armed[point] += 1
            await instance.launch(point=point, passage=self._random.randint(1, POINTS[point].passages))
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await instance.ended()
            await instance.stop()
            self._armed[point] -= 1
            is_reached = self._run.kills()[point] > before
            self._restarts[point] = 0 if is_reached else self._restarts[point] + 1
        await instance.start()

    def _next(self) -> str | None:
        """Return the failpoint that has killed least often, or None at the end."""
        killed = self._run.kills()
        is_unreached = any(self._restarts[point] >= RESTARTS for point in self._points)
        if is_unreached or all(killed[point] >= self._times for point in self._points):
            return None
        self._random.shuffle(self._points)
        return min(self._points, key=lambda point: killed[point] + self._armed[point])


@pytest.mark.timeout(1800)
async def test_f01_kill_points(stack: ChaosStack, scale: Scale, verdict: Verdict) -> None:
    async with chaos_run(stack, analyzers=6, results_apis=2, clients=16, pace=0.5, seed=scale.seed) as run:
        await asyncio.gather(
            *(KillPoints(run, each, times=scale.kills_a_point, seed=scale.seed)() for each in PACKAGES)
        )
        figures = await verdict(run)
        missed = [point for point in POINTS if figures.points.get(point, 0) < scale.kills_a_point]
        assert not missed, f"not reached often enough: {missed} of {figures.points}"


@pytest.mark.timeout(1800)
async def test_f02_kill_nine(stack: ChaosStack, scale: Scale, verdict: Verdict) -> None:
    """Kill a random instance every 2 to 6 seconds."""
    chance = random.Random(scale.seed)  # noqa: S311 - reproducible
    async with chaos_run(stack, analyzers=2, clients=12, pace=0.6, seed=scale.seed) as run:
        ends = time.monotonic() + scale.kill_nine_seconds
        while time.monotonic() < ends or len(run.load.accepted) < scale.requests:
            await asyncio.sleep(chance.uniform(2, 6))
            victim = chance.choice(list(run.stack.instances.values()))
            await victim.kill()
            await victim.start()
        figures = await verdict(run)
        assert figures.kills > 0
