"""F2: kill -9 of any service, every 2 to 6 s."""

import asyncio
import random
import time
from collections.abc import Callable

import pytest

from tests.chaos.run import Figures, Scale, chaos_run
from tests.chaos.stack import ChaosStack


@pytest.mark.timeout(1800)
async def test_f02_kill_nine(stack: ChaosStack, scale: Scale, report: Callable[[Figures], None]) -> None:
    chance = random.Random(scale.seed)  # noqa: S311 - to be repeated
    async with chaos_run(stack, analyzers=2, clients=12, pace=0.6, seed=scale.seed) as run:
        ends = time.monotonic() + scale.kill_nine_seconds
        while time.monotonic() < ends or len(run.load.accepted) < scale.requests:
            await asyncio.sleep(chance.uniform(2, 6))
            victim = chance.choice(list(run.stack.instances.values()))
            await victim.kill()
            await victim.start()
        violations, figures = await run.judge()
        report(figures)
        assert not violations, "\n".join(map(str, violations[:50]))
        assert figures.kills > 0
