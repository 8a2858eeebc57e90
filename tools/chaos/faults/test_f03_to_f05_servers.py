"""F3 to F5: Kafka and PostgreSQL are stopped, killed and unavailable for a while, under load."""

import pytest

from tools.chaos.probes import operations_between, run_for, wait_for_progress
from tools.chaos.recording.collect import value_of
from tools.chaos.run import DRAIN_SECONDS, Scale, Verdict, chaos_run
from tools.chaos.stack.chaos_stack import ChaosStack
from tools.chaos.workload.load import ANY_NUMBER

UNSENT = "SELECT count(*) FROM request_outbox"


@pytest.mark.timeout(600)
async def test_f03_broker_stopped_and_killed(stack: ChaosStack, scale: Scale, verdict: Verdict) -> None:
    async with chaos_run(stack, analyzers=2, pace=0.5, seed=scale.seed) as run:
        await wait_for_progress(run, within=30)
        for end in (stack.kafka.stop, stack.kafka.kill):
            # Partitions are lost and reassigned, so some model calls may be repeated.
            with run.interrupting(*(each.name for each in stack.instances_of("analyzer"))):
                await end()
                await run_for(3)
                await stack.kafka.start()
                await wait_for_progress(run, within=30)
        await verdict(run)


@pytest.mark.timeout(900)
async def test_f04_kafka_away(stack: ChaosStack, scale: Scale, verdict: Verdict) -> None:
    async with chaos_run(stack, analyzers=2, pace=1.0, unfinished=ANY_NUMBER, seed=scale.seed) as run:
        await wait_for_progress(run, within=30)
        await run.stack.kafka.stop()
        since, until = await run_for(scale.kafka_away_seconds)
        unsent = await value_of(run.stack, "request_api", UNSENT)
        await run.stack.kafka.start()
        # The accepted backlog takes the analyzers longer than the outage took.
        await verdict(run, drain_seconds=DRAIN_SECONDS + 3 * scale.kafka_away_seconds)
        submits = operations_between(run, since=since, until=until, op="submit")
        statuses = operations_between(run, since=since, until=until, op="status")
    assert submits
    # 404 and 409: a resume that the load deleted, or an idempotency key in use.
    assert {each["http"] for each in submits} <= {202, 404, 409}
    assert {each["http"] for each in statuses} <= {200, 304, 404}
    assert unsent >= sum(each["http"] == 202 for each in submits)


@pytest.mark.timeout(600)
async def test_f05_postgres_killed(stack: ChaosStack, scale: Scale, verdict: Verdict) -> None:
    async with chaos_run(stack, analyzers=2, pace=0.5, seed=scale.seed) as run:
        for _ in range(scale.postgres_kills):
            await wait_for_progress(run, within=10)
            with run.interrupting(*(each.name for each in stack.instances_of("analyzer"))):
                await stack.postgres.kill()
                since, until = await run_for(3)
                await stack.postgres.start()
            assert {
                each["http"] for each in operations_between(run, since=since, until=until, op="submit")
            } == {503}
        await wait_for_progress(run, within=10)
        await verdict(run)
