"""F1: SIGKILL at named points of every service."""

import asyncio
import random
from collections import Counter
from collections.abc import Sequence

import pytest

from tools.chaos.failpoints import POINTS
from tools.chaos.run import Run, Scale, Verdict, chaos_run
from tools.chaos.stack import ChaosStack
from tools.chaos.zygote import Forked

# A process that has not come to its point by then is started anew: the others had the work.
PATIENCE_SECONDS = 10


class KillPoints:
    """Has the instances of one service die at each of its points, equally often, side by side."""

    def __init__(self, run: Run, service: str, *, times: int, seed: int) -> None:
        self._instances = run.stack.of(service)
        self._points = [name for name, point in POINTS.items() if point.service == service]
        self._times = times
        self._random = random.Random(seed)  # noqa: S311 - to be repeated
        self._run = run
        self._armed: Counter[str] = Counter()

    async def __call__(self) -> None:
        """Returns once all are killed often enough, and run again without a failpoint."""
        await asyncio.gather(*(self._instance(each) for each in self._instances))

    async def _instance(self, instance: Forked) -> None:
        await instance.stop()
        while point := self._next():
            self._armed[point] += 1
            await instance.launch(point=point, passage=self._random.randint(1, POINTS[point].passages))
            try:
                async with asyncio.timeout(PATIENCE_SECONDS):
                    await instance.ended()
            except TimeoutError:
                await instance.stop()
            self._armed[point] -= 1
        await instance.start()

    def _next(self) -> str | None:
        """Whichever was died at least often; None when there is nothing more to do."""
        killed = self._run.kills()
        if all(killed[point] >= self._times for point in self._points):
            return None
        self._random.shuffle(self._points)
        return min(self._points, key=lambda point: killed[point] + self._armed[point])


@pytest.mark.timeout(1800)
async def test_f01_kill_points(stack: ChaosStack, scale: Scale, verdict: Verdict) -> None:
    async with chaos_run(stack, analyzers=6, results_apis=2, clients=16, pace=0.5, seed=scale.seed) as run:
        services: Sequence[str] = ("request-api", "analyzer", "results-api")
        await asyncio.gather(
            *(KillPoints(run, each, times=scale.kills_a_point, seed=scale.seed)() for each in services)
        )
        figures = await verdict(run)
        assert all(figures.points.get(point, 0) >= scale.kills_a_point for point in POINTS), figures.points
