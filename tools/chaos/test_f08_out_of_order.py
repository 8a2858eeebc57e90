"""F8: results-api hears everything backwards: the result before its request, completed before started."""

import asyncio

import pytest
from contracts.topics import ANALYSIS_REQUESTS, ANALYSIS_RESULTS

from tests.support.polling import eventually
from tools.chaos.collect import records_on, what_is_left
from tools.chaos.load import ANY_NUMBER
from tools.chaos.republisher import backwards
from tools.chaos.run import DRAIN_SECONDS, Run, Scale, Verdict, chaos_run
from tools.chaos.slate import skip
from tools.chaos.stack import ChaosStack

# Of the scale's requests: all of them wait until everything is written.
PART = 5


@pytest.mark.timeout(1800)
async def test_f08_out_of_order(stack: ChaosStack, scale: Scale, verdict: Verdict) -> None:
    async with chaos_run(
        stack,
        clients=8,
        pace=0.1,
        at_most=scale.requests // PART,
        unfinished=ANY_NUMBER,
        seed=scale.seed,
    ) as run:
        analyzer, results_api = stack.instances["analyzer-1"], stack.instances["results-api-1"]
        await results_api.stop()
        await run.load.done()
        await _nothing_left_but_for(run, "results-api")
        await analyzer.stop()
        records = await records_on(stack, ANALYSIS_REQUESTS, ANALYSIS_RESULTS)
        await skip(stack, "results-api")
        run.injected += await backwards(stack.kafka.bootstrap_servers, records)
        await results_api.start()
        looking = asyncio.create_task(_look(run), name="look at every status")
        await _nothing_left_but_for(run, "analyzer")
        looking.cancel()
        await analyzer.start()
        figures = await verdict(run)
    assert len(run.injected) >= 2 * figures.accepted


async def _nothing_left_but_for(run: Run, stopped: str) -> None:
    """Until everybody has done what the one that does not run is not needed for."""

    async def left() -> list[str]:
        without_news = ("requests", "views") if stopped == "results-api" else ()
        found = await what_is_left(run.stack)
        return [place for place in found if not place.startswith((stopped, *without_news))]

    await eventually(left, until=lambda places: not places, deadline_seconds=DRAIN_SECONDS)


async def _look(run: Run) -> None:
    while True:
        await run.load.look()
