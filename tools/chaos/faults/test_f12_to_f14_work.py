"""F12 to F14: a slow consumer, scaling of analyzers, and SIGTERM during long model calls."""

import asyncio
import signal
import time

import pytest

from tests.support.polling import eventually
from tools.chaos.checker.model_calls import CALLS, repeated
from tools.chaos.evidence.rows import Canary
from tools.chaos.probes import read_metric, resident_mb, run_for, wait_for_progress
from tools.chaos.recording.collect import value_of
from tools.chaos.run import Run, Scale, Verdict, chaos_run
from tools.chaos.stack.chaos_stack import CONCURRENCY, ChaosStack
from tools.chaos.workload.load import ANY_NUMBER

# By then, the last rebalance is over.
REBALANCING_SECONDS = 2
ACCEPTED = "SELECT count(*) FROM review_requests"


def repeats(run: Run) -> int:
    """Count repeated model calls."""
    canaries = [Canary(**each) for each in run.load.canaries]
    return repeated(run.stack.model.calls, canaries).total()


def in_flight(run: Run) -> int:
    """Count the model calls that are running; abandoned ones do not count."""
    return most_in_flight(run, since=time.monotonic())


def most_in_flight(run: Run, *, since: float) -> int:
    """Return the maximum of concurrent model calls since a time."""
    longest = run.stack.model.latency[1] + 1
    spans = [(call.at, call.answered_at or call.at + longest) for call in run.stack.model.calls]
    begun = [at for at, _ in spans if at > since]
    return max(sum(at <= moment < end for at, end in spans) for moment in (since, *begun))


@pytest.mark.timeout(600)
async def test_f12_a_consumer_fifty_times_slower(stack: ChaosStack, scale: Scale, verdict: Verdict) -> None:
    async with chaos_run(stack, pace=0.1, at_most=150, unfinished=ANY_NUMBER, seed=scale.seed) as run:
        (analyzer,) = run.stack.instances_of("analyzer")
        await wait_for_progress(run, within=30)
        usual, before = run.stack.model.latency, resident_mb(analyzer)
        run.stack.model.latency = (usual[0] * 50, usual[1] * 50)
        await run.load.wait_until_done()
        taken_on = await read_metric(analyzer, "subscriber_in_flight")
        grown = resident_mb(analyzer) - before
        assert await analyzer.is_ready()
        run.stack.model.latency = usual
        await verdict(run)
        log = (run.stack.evidence / "logs" / "analyzer-1.log").read_text()
    assert 0 < taken_on <= 2 * CONCURRENCY
    assert grown < 40
    # The consumer was never removed from its group.
    assert log.count("partitions assigned") == 1


@pytest.mark.timeout(3600)
async def test_f13_analyzers_come_and_go(stack: ChaosStack, scale: Scale, verdict: Verdict) -> None:
    async with chaos_run(
        stack, pace=0.0, clients=16, at_most=scale.queued, unfinished=ANY_NUMBER, seed=scale.seed
    ) as run:
        stack, analyzers = run.stack, run.stack.instances_of("analyzer")
        stack.model.latency = (0.5, 1.0)
        analyzers += [stack.add("analyzer") for _ in range(5)]
        await run.load.wait_until_done()
        memory = [resident_mb(analyzers[0])]
        running, at_changes = 1, 0
        for wanted in (6, 2, 4):
            await _wait_for_share(run, share=0.2)
            with run.interrupting(*(each.name for each in analyzers)):
                # One after another, because each change causes a rebalance.
                for each in (*analyzers[running:wanted], *analyzers[wanted:running]):
                    begun = time.monotonic()
                    await (each.start() if running < wanted else each.stop())
                    at_changes += most_in_flight(run, since=begun)
                await run_for(REBALANCING_SECONDS)
            running = wanted
            memory.append(resident_mb(analyzers[0]))
        stack.model.latency = (0.05, 0.1)
        # All instances have to be ready at the end.
        for each in analyzers[running:]:
            await each.start()
        await verdict(run, drain_seconds=60 + scale.queued / 10)
        memory.append(resident_mb(analyzers[0]))
    figures = f"repeated calls: {repeats(run)}, in flight at the changes: {at_changes}"
    print(f"memory of one analyzer, MB: {memory}; {figures}")  # noqa: T201 - figures
    assert repeats(run) <= at_changes
    assert max(memory) < memory[0] + 40


async def _wait_for_share(run: Run, *, share: float) -> None:
    """Wait until a further share of all accepted analyses has ended."""
    ended = "SELECT count(*) FROM analysis_views WHERE status NOT IN ('pending', 'processing')"
    before, all_of_it = (
        await value_of(run.stack, "results_api", ended),
        await value_of(run.stack, "request_api", ACCEPTED),
    )
    await eventually(
        lambda: value_of(run.stack, "results_api", ended),
        until=lambda now: now >= min(before + share * all_of_it, all_of_it),
        deadline_seconds=60 + all_of_it / 10,
        every_seconds=0.2,
    )


@pytest.mark.timeout(600)
async def test_f14_sigterm_in_the_midst_of_long_calls(
    stack: ChaosStack, scale: Scale, verdict: Verdict
) -> None:
    patience = {
        "ANALYZER_MODEL_REQUEST_SECONDS": str(scale.call_seconds + 20),
        "ANALYZER_MODEL_BUDGET_SECONDS": str(scale.call_seconds + 30),
    }
    async with chaos_run(
        stack,
        environment=patience,
        pace=0.05,
        at_most=20,
        unfinished=ANY_NUMBER,
        # Standard analyses make fewer calls at the same time.
        depth="deep",
        seed=scale.seed,
    ) as run:
        stack, (analyzer,) = run.stack, run.stack.instances_of("analyzer")
        stack.model.latency = (scale.call_seconds, scale.call_seconds)
        await run.load.wait_until_done()

        async def calls() -> int:
            return in_flight(run)

        # There are more if a job was cancelled, because the model does not notice that.
        at_once = CONCURRENCY * sum(CALLS["deep"].values())
        await eventually(calls, until=lambda number: number >= at_once)
        called = len(stack.model.calls)
        analyzer.signal(signal.SIGTERM)
        # The budget of a call plus the rest of a shutdown (the default of ANALYZER_DRAIN_SECONDS).
        async with asyncio.timeout(scale.call_seconds + 30 + 15):
            code = await analyzer.ended()
        called_after = len(stack.model.calls) - called
        stack.model.latency = (0.05, 0.1)
        await analyzer.start()
        await verdict(run)
    assert (code, called_after, repeats(run)) == (0, 0, 0)
