"""F17: an old and a new version of every service side by side, with a migration and an added field."""

import pytest
from contracts.topics import CONSUMERS

from tools.chaos.injection.next_version import COLUMN, FIELD, TABLES
from tools.chaos.probes import for_seconds, seconds_until_it_goes_on
from tools.chaos.recording.collect import read_topics, value_of
from tools.chaos.run import Run, Scale, Verdict, chaos_run
from tools.chaos.stack.chaos_stack import ChaosStack
from tools.chaos.stack.forked_service import Forked
from tools.chaos.stack.reset import execute


@pytest.mark.timeout(600)
async def test_f17_two_versions(stack: ChaosStack, scale: Scale, verdict: Verdict) -> None:
    async with chaos_run(stack, analyzers=2, results_apis=2, pace=0.3, seed=scale.seed) as run:
        try:
            await seconds_until_it_goes_on(run, within=30)
            for package, table in TABLES.values():
                await execute(stack, package, f"ALTER TABLE {table} ADD COLUMN {COLUMN} text")
            # In the order of the upgrade notes: who reads before who writes.
            for name in ("results-api-2", "analyzer-2"):
                await _replace(run, stack.instances[name], is_next=True)
            second = stack.add("request-api")
            await _replace(run, second, is_next=True)
            await for_seconds(4)
            for name in ("results-api-1", "analyzer-1", "request-api"):
                await _replace(run, stack.instances[name], is_next=True)
            await for_seconds(2)
            # And back: old code reads what the new one wrote.
            for name in ("request-api", "analyzer-1", "results-api-1"):
                await _replace(run, stack.instances[name], is_next=False)
            await for_seconds(2)
            await verdict(run)
            kept = [
                await value_of(
                    stack,
                    package,
                    f"SELECT count(*) FROM {table} WHERE {COLUMN} IS NOT NULL",  # noqa: S608 - ours
                )
                for package, table in TABLES.values()
            ]
            said = {
                topic: sum(FIELD.encode() in record.value for record in await read_topics(stack, topic))
                for topic in CONSUMERS
            }
        finally:
            for package, table in TABLES.values():
                await execute(stack, package, f"ALTER TABLE {table} DROP COLUMN IF EXISTS {COLUMN}")
    assert all(kept), kept
    assert all(said.values()), said


async def _replace(run: Run, instance: Forked, *, is_next: bool) -> None:
    """Stop it and start the other version in its place, under load."""
    with run.interrupting(*([instance.name] if instance.service == "analyzer" else [])):
        await instance.stop()
        instance.variant = f"injection.next_version:{instance.service}" if is_next else None
        await instance.start()
    await seconds_until_it_goes_on(run, within=30)
