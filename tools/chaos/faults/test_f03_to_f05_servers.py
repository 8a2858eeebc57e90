"""F3 to F5: Kafka and PostgreSQL stop, are killed, and stay away, under load."""

import pytest

from tools.chaos.probes import for_seconds, operations, seconds_until_it_goes_on
from tools.chaos.recording.collect import value_of
from tools.chaos.run import DRAIN_SECONDS, Scale, Verdict, chaos_run
from tools.chaos.stack.chaos_stack import ChaosStack
from tools.chaos.workload.load import ANY_NUMBER

UNSENT = "SELECT count(*) FROM request_outbox"


@pytest.mark.timeout(600)
async def test_f03_broker_stopped_and_killed(stack: ChaosStack, scale: Scale, verdict: Verdict) -> None:
    async with chaos_run(stack, analyzers=2, pace=0.5, seed=scale.seed) as run:
        await seconds_until_it_goes_on(run, within=30)
        for end in (stack.kafka.stop, stack.kafka.kill):
            # Partitions are lost, and given out anew: what is answered meanwhile may have to be asked again.
            with run.interrupting(*(each.name for each in stack.of("analyzer"))):
                await end()
                await for_seconds(3)
                await stack.kafka.start()
                await seconds_until_it_goes_on(run, within=30)
        await verdict(run)


@pytest.mark.timeout(900)
async def test_f04_kafka_away(stack: ChaosStack, scale: Scale, verdict: Verdict) -> None:
    async with chaos_run(stack, analyzers=2, pace=1.0, unfinished=ANY_NUMBER, seed=scale.seed) as run:
        await seconds_until_it_goes_on(run, within=30)
        await run.stack.kafka.stop()
        since, until = await for_seconds(scale.kafka_away_seconds)
        unsent = await value_of(run.stack, "request_api", UNSENT)
        await run.stack.kafka.start()
        # What was accepted meanwhile is more than the analyzers do in that time.
        await verdict(run, drain_seconds=DRAIN_SECONDS + 3 * scale.kafka_away_seconds)
        submits = operations(run, since=since, until=until, op="submit")
        statuses = operations(run, since=since, until=until, op="status")
    assert submits
    # 409: a resume that the load deleted, or a key that is in use.
    assert {each["http"] for each in submits} <= {202, 404, 409}
    assert {each["http"] for each in statuses} <= {200, 304, 404}
    assert unsent >= sum(each["http"] == 202 for each in submits)


@pytest.mark.timeout(600)
async def test_f05_postgres_killed(stack: ChaosStack, scale: Scale, verdict: Verdict) -> None:
    async with chaos_run(stack, analyzers=2, pace=0.5, seed=scale.seed) as run:
        for _ in range(scale.postgres_kills):
            await seconds_until_it_goes_on(run, within=10)
            with run.interrupting(*(each.name for each in stack.of("analyzer"))):
                await stack.postgres.kill()
                since, until = await for_seconds(3)
                await stack.postgres.start()
            assert {each["http"] for each in operations(run, since=since, until=until, op="submit")} == {503}
        await seconds_until_it_goes_on(run, within=10)
        await verdict(run)
