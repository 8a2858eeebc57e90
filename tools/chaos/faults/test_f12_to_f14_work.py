"""F12 to F14: a slow consumer, analyzers that come and go, and SIGTERM in the midst of long calls."""

import asyncio
import signal
import time
from collections import Counter

import pytest

from tests.support.polling import eventually
from tools.chaos.probes import for_seconds, metric, resident_mb, seconds_until_it_goes_on
from tools.chaos.recording.collect import value_of
from tools.chaos.run import Run, Scale, Verdict, chaos_run
from tools.chaos.stack.chaos_stack import CONCURRENCY, ChaosStack
from tools.chaos.workload.load import ANY_NUMBER

# Until partitions have moved for the last time.
REBALANCING_SECONDS = 2
ACCEPTED = "SELECT count(*) FROM review_requests"


def repeats(run: Run) -> int:
    """Calls of the model for what it had been asked before."""
    calls = Counter(call.analysis for call in run.stack.model.calls)
    return calls.total() - len(calls)


def in_flight(run: Run) -> int:
    """Calls that the model is at; of those whose client went away long ago none."""
    return most_in_flight(run, since=time.monotonic())


def most_in_flight(run: Run, *, since: float) -> int:
    """The most at any moment from a time on: a change takes seconds, in one of which partitions move."""
    longest = run.stack.model.latency[1] + 1
    spans = [(call.at, call.answered_at or call.at + longest) for call in run.stack.model.calls]
    begun = [at for at, _ in spans if at > since]
    return max(sum(at <= moment < end for at, end in spans) for moment in (since, *begun))


@pytest.mark.timeout(600)
async def test_f12_a_consumer_fifty_times_slower(stack: ChaosStack, scale: Scale, verdict: Verdict) -> None:
    async with chaos_run(stack, pace=0.1, at_most=150, unfinished=ANY_NUMBER, seed=scale.seed) as run:
        (analyzer,) = run.stack.of("analyzer")
        await seconds_until_it_goes_on(run, within=30)
        usual, before = run.stack.model.latency, resident_mb(analyzer)
        run.stack.model.latency = (usual[0] * 50, usual[1] * 50)
        await run.load.done()
        taken_on = await metric(analyzer, "subscriber_in_flight")
        grown = resident_mb(analyzer) - before
        assert await analyzer.is_ready()
        run.stack.model.latency = usual
        await verdict(run)
        log = (run.stack.evidence / "logs" / "analyzer-1.log").read_text()
    assert 0 < taken_on <= 2 * CONCURRENCY
    assert grown < 40
    # It kept its place in the group all the time.
    assert log.count("partitions assigned") == 1


@pytest.mark.timeout(3600)
async def test_f13_analyzers_come_and_go(stack: ChaosStack, scale: Scale, verdict: Verdict) -> None:
    async with chaos_run(
        stack, pace=0.0, clients=16, at_most=scale.queued, unfinished=ANY_NUMBER, seed=scale.seed
    ) as run:
        stack, analyzers = run.stack, run.stack.of("analyzer")
        stack.model.latency = (0.5, 1.0)
        analyzers += [stack.add("analyzer") for _ in range(5)]
        await run.load.done()
        memory = [resident_mb(analyzers[0])]
        running, at_changes = 1, 0
        for wanted in (6, 2, 4):
            await _let_it_work(run, share=0.2)
            with run.interrupting(*(each.name for each in analyzers)):
                # One after the other: each moves partitions.
                for each in (*analyzers[running:wanted], *analyzers[wanted:running]):
                    begun = time.monotonic()
                    await (each.start() if running < wanted else each.stop())
                    at_changes += most_in_flight(run, since=begun)
                await for_seconds(REBALANCING_SECONDS)
            running = wanted
            memory.append(resident_mb(analyzers[0]))
        stack.model.latency = (0.05, 0.1)
        # Those that are stopped need not be well.
        for each in analyzers[running:]:
            await each.start()
        await verdict(run, drain_seconds=60 + scale.queued / 10)
        memory.append(resident_mb(analyzers[0]))
    figures = f"repeated calls: {repeats(run)}, in flight at the changes: {at_changes}"
    print(f"memory of one analyzer, MB: {memory}; {figures}")  # noqa: T201 - figures
    assert repeats(run) <= at_changes
    assert max(memory) < memory[0] + 40


async def _let_it_work(run: Run, *, share: float) -> None:
    """Until this share more of all that was accepted has ended."""
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
        stack, environment=patience, pace=0.05, at_most=20, unfinished=ANY_NUMBER, seed=scale.seed
    ) as run:
        stack, (analyzer,) = run.stack, run.stack.of("analyzer")
        stack.model.latency = (scale.call_seconds, scale.call_seconds)
        await run.load.done()

        async def calls() -> int:
            return in_flight(run)

        # More where a job was cancelled: the model does not see that nobody waits for its answer.
        await eventually(calls, until=lambda number: number >= CONCURRENCY)
        asked = len(stack.model.calls)
        analyzer.signal(signal.SIGTERM)
        # The budget, and what a stop takes besides (ANALYZER_DRAIN_SECONDS as the analyzer sets it itself).
        async with asyncio.timeout(scale.call_seconds + 30 + 15):
            code = await analyzer.ended()
        asked_after = len(stack.model.calls) - asked
        stack.model.latency = (0.05, 0.1)
        await analyzer.start()
        await verdict(run)
    assert (code, asked_after, repeats(run)) == (0, 0, 0)
