"""F17: old and new versions of every service side by side, with a new column and a new event field."""

import pytest
from contracts.topics import CONSUMERS

from tools.chaos.injection.next_version import COLUMN, FIELD, TABLES
from tools.chaos.probes import run_for, wait_for_progress
from tools.chaos.recording.collect import read_topics, value_of
from tools.chaos.run import Run, Scale, Verdict, chaos_run
from tools.chaos.stack.chaos_stack import ChaosStack
from tools.chaos.stack.reset import execute
from tools.chaos.stack.service_instance import ServiceInstance


@pytest.mark.timeout(600)
async def test_f17_two_versions(stack: ChaosStack, scale: Scale, verdict: Verdict) -> None:
    async with chaos_run(stack, analyzers=2, results_apis=2, pace=0.3, seed=scale.seed) as run:
        try:
            await wait_for_progress(run, within=30)
            for package, table in TABLES.values():
                await execute(stack, package, f"ALTER TABLE {table} ADD COLUMN {COLUMN} text")
            # The order of the upgrade notes: consumers before producers.
            for name in ("results-api-2", "analyzer-2"):
                await _replace(run, stack.instances[name], is_next=True)
            second = stack.add("request-api")
            await _replace(run, second, is_next=True)
            await run_for(4)
            for name in ("results-api-1", "analyzer-1", "request-api"):
                await _replace(run, stack.instances[name], is_next=True)
            await run_for(2)
            # Roll back: old code reads what new code wrote.
            for name in ("request-api", "analyzer-1", "results-api-1"):
                await _replace(run, stack.instances[name], is_next=False)
            await run_for(2)
            await verdict(run)
            with_column = [
                await value_of(
                    stack,
                    package,
                    f"SELECT count(*) FROM {table} WHERE {COLUMN} IS NOT NULL",  # noqa: S608 - ours
                )
                for package, table in TABLES.values()
            ]
            with_field = {
                topic: sum(FIELD.encode() in record.value for record in await read_topics(stack, topic))
                for topic in CONSUMERS
            }
        finally:
            for package, table in TABLES.values():
                await execute(stack, package, f"ALTER TABLE {table} DROP COLUMN IF EXISTS {COLUMN}")
    assert all(with_column), with_column
    assert all(with_field.values()), with_field


async def _replace(run: Run, instance: ServiceInstance, *, is_next: bool) -> None:
    """Replace an instance by the other version, under load."""
    with run.interrupting(*([instance.name] if instance.service == "analyzer" else [])):
        await instance.stop()
        instance.variant = f"injection.next_version:{instance.service}" if is_next else None
        await instance.start()
    await wait_for_progress(run, within=30)
