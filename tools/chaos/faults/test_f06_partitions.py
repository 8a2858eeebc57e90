"""F6: connections between parts are cut one after another, by packet loss and by resets."""

import pytest

from tools.chaos.injection.network import Cut, cut, unavailable_reason
from tools.chaos.probes import run_for, wait_for_progress
from tools.chaos.recording.collect import value_of
from tools.chaos.run import Scale, Verdict, chaos_run
from tools.chaos.stack.chaos_stack import ChaosStack

WHY_NOT = unavailable_reason()
pytestmark = pytest.mark.skipif(WHY_NOT is not None, reason=WHY_NOT or "")

CUT_SECONDS = 2.5
# By then, PostgreSQL has closed the connection of a silent relay and the other one holds its lock.
RELAY_MISSED_SECONDS = 20
RELAYS_WITH_THE_LOCK = """
    SELECT count(*) FROM pg_locks JOIN pg_stat_activity USING (pid)
    WHERE locktype = 'advisory' AND objsubid = 1 AND granted AND application_name = 'request_outbox'
"""


@pytest.mark.timeout(900)
async def test_f06_every_edge_is_cut(stack: ChaosStack, scale: Scale, verdict: Verdict) -> None:
    async with chaos_run(stack, analyzers=2, pace=0.5, seed=scale.seed) as run:
        ports = {
            "postgres": stack.ports.postgres,
            "kafka": stack.ports.kafka,
            "model": stack.model.port,
            "request-api": stack.ports.request_api,
        }
        edges = {
            "request-api": ("postgres", "kafka"),
            "analyzer-1": ("kafka", "postgres", "model"),
            "results-api-1": ("kafka", "postgres", "request-api"),
        }
        pairs = [(name, other) for name, others in edges.items() for other in others]
        for number, (name, other) in enumerate(pairs * scale.cuts):
            # Alternate between both kinds, and swap them in the next round.
            how = (Cut.DROP, Cut.RESET)[(number + number // len(pairs)) % 2]
            await wait_for_progress(run, within=30)
            with run.interrupting(name):
                async with cut(stack.instances[name].port, ports[other], how):
                    await run_for(CUT_SECONDS)
        await wait_for_progress(run, within=30)
        await verdict(run)


@pytest.mark.timeout(600)
async def test_f06_a_relay_that_is_cut_off_is_replaced(
    stack: ChaosStack, scale: Scale, verdict: Verdict
) -> None:
    async with chaos_run(stack, pace=0.3, seed=scale.seed) as run:
        first, second = stack.instances["request-api"], stack.add("request-api")
        await second.start()
        await wait_for_progress(run, within=30)
        # The instance that clients use is the standby relay from here on.
        await first.stop()
        await wait_for_progress(run, within=30)
        await first.start()
        async with cut(second.port, stack.ports.postgres, Cut.DROP):
            await wait_for_progress(run, within=RELAY_MISSED_SECONDS)
            relays = await value_of(stack, "request_api", RELAYS_WITH_THE_LOCK)
        await run_for(2)
        await verdict(run)
    assert relays == 1
