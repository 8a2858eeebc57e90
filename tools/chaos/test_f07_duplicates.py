"""F7: every message comes twice, and then every topic again from its beginning."""

import pytest

from tests.support.polling import eventually
from tools.chaos.collect import what_is_left
from tools.chaos.republisher import everything_twice
from tools.chaos.run import DRAIN_SECONDS, Run, Scale, Verdict, chaos_run
from tools.chaos.slate import deliver_again, rows
from tools.chaos.stack import ChaosStack

# Of the scale's requests: each is delivered four times in all.
PART = 5


@pytest.mark.timeout(1800)
async def test_f07_duplicates(stack: ChaosStack, scale: Scale, verdict: Verdict) -> None:
    async with chaos_run(stack, clients=8, pace=0.3, at_most=scale.requests // PART, seed=scale.seed) as run:
        async with everything_twice(run.stack.kafka.bootstrap_servers) as run.injected:
            await run.load.done()
            await _settle(run)
        before = await rows(run.stack)
        await deliver_again(run.stack)
        await _settle(run)
        assert await rows(run.stack) == before
        figures = await verdict(run)
        # Six each: the request, two of the analyzer's and three of the news; fewer where it was cancelled.
        assert len(run.injected) > 4 * figures.accepted


async def _settle(run: Run) -> None:
    await eventually(
        lambda: what_is_left(run.stack), until=lambda left: not left, deadline_seconds=DRAIN_SECONDS
    )
