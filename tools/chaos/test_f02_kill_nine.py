"""F2: kill -9 of any service, every 2 to 6 s."""

import asyncio
import random
import time

import pytest

from tools.chaos.run import Scale, Verdict, chaos_run
from tools.chaos.stack import ChaosStack


@pytest.mark.timeout(1800)
async def test_f02_kill_nine(stack: ChaosStack, scale: Scale, verdict: Verdict) -> None:
    chance = random.Random(scale.seed)  # noqa: S311 - to be repeated
    async with chaos_run(stack, analyzers=2, clients=12, pace=0.6, seed=scale.seed) as run:
        ends = time.monotonic() + scale.kill_nine_seconds
        while time.monotonic() < ends or len(run.load.accepted) < scale.requests:
            await asyncio.sleep(chance.uniform(2, 6))
            victim = chance.choice(list(run.stack.instances.values()))
            await victim.kill()
            await victim.start()
        figures = await verdict(run)
        assert figures.kills > 0
