"""F7 and F8: records are delivered several times, and in reverse order."""

import asyncio

import pytest
from contracts.topics import ANALYSIS_REQUESTS, ANALYSIS_RESULTS

from tests.support.polling import eventually
from tools.chaos.injection.republisher import duplicate_everything, publish_reversed
from tools.chaos.recording.collect import read_topics, remaining_work
from tools.chaos.run import DRAIN_SECONDS, Run, Scale, Verdict, chaos_run
from tools.chaos.stack.chaos_stack import ChaosStack
from tools.chaos.stack.reset import dump_tables, redeliver_everything, skip_backlog
from tools.chaos.workload.load import ANY_NUMBER

# Divides the scale's requests: F7 delivers each record four times, F8 holds all of them back.
PART = 5


@pytest.mark.timeout(1800)
async def test_f07_duplicates(stack: ChaosStack, scale: Scale, verdict: Verdict) -> None:
    """Write every record twice, then have every topic read again from its beginning."""
    async with chaos_run(stack, clients=8, pace=0.3, at_most=scale.requests // PART, seed=scale.seed) as run:
        async with duplicate_everything(run.stack.kafka.bootstrap_servers) as run.injected:
            await run.load.wait_until_done()
            await _wait_until_drained(run)
        before = await dump_tables(run.stack)
        await redeliver_everything(run.stack)
        await _wait_until_drained(run)
        assert await dump_tables(run.stack) == before
        figures = await verdict(run)
        # Usually six per analysis: one request, two results, three public events. Fewer if it was cancelled.
        assert len(run.injected) > 4 * figures.accepted


async def _wait_until_drained(run: Run) -> None:
    await eventually(
        lambda: remaining_work(run.stack), until=lambda left: not left, deadline_seconds=DRAIN_SECONDS
    )


@pytest.mark.timeout(1800)
async def test_f08_out_of_order(stack: ChaosStack, scale: Scale, verdict: Verdict) -> None:
    """Deliver all records to results-api in reverse order, so that results come before their requests."""
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
        await run.load.wait_until_done()
        await _wait_for_others(run, stopped="results-api")
        await analyzer.stop()
        records = await read_topics(stack, ANALYSIS_REQUESTS, ANALYSIS_RESULTS)
        await skip_backlog(stack, "results-api")
        run.injected += await publish_reversed(stack.kafka.bootstrap_servers, records)
        await results_api.start()
        polling = asyncio.create_task(_poll_statuses(run), name="poll every status")
        await _wait_for_others(run, stopped="analyzer")
        polling.cancel()
        await analyzer.start()
        figures = await verdict(run)
    assert len(run.injected) >= 2 * figures.accepted


async def _wait_for_others(run: Run, *, stopped: str) -> None:
    """Wait until the running services have done all that does not need the stopped one."""

    async def left() -> list[str]:
        blocked = ("requests", "views") if stopped == "results-api" else ()
        found = await remaining_work(run.stack)
        return [place for place in found if not place.startswith((stopped, *blocked))]

    await eventually(left, until=lambda places: not places, deadline_seconds=DRAIN_SECONDS)


async def _poll_statuses(run: Run) -> None:
    while True:
        await run.load.poll_all()
