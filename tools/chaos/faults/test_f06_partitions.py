"""F6: the network between two parts is cut, each edge in turn, by loss and by resets."""

import pytest

from tools.chaos.injection.network import Cut, cut, why_not
from tools.chaos.probes import for_seconds, seconds_until_it_goes_on
from tools.chaos.recording.collect import value_of
from tools.chaos.run import Scale, Verdict, chaos_run
from tools.chaos.stack.chaos_stack import ChaosStack

WHY_NOT = why_not()
pytestmark = pytest.mark.skipif(WHY_NOT is not None, reason=WHY_NOT or "")

CUT_SECONDS = 2.5
# Until PostgreSQL misses a relay that says nothing any more, and the other has its lock: see relay.py.
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
            # By turns; the pairs are even in number, so that the next round is the other way round.
            how = (Cut.DROP, Cut.RESET)[(number + number // len(pairs)) % 2]
            await seconds_until_it_goes_on(run, within=30)
            with run.interrupting(name):
                async with cut(stack.instances[name].port, ports[other], how):
                    await for_seconds(CUT_SECONDS)
        await seconds_until_it_goes_on(run, within=30)
        await verdict(run)


@pytest.mark.timeout(600)
async def test_f06_a_relay_that_is_cut_off_is_replaced(
    stack: ChaosStack, scale: Scale, verdict: Verdict
) -> None:
    async with chaos_run(stack, pace=0.3, seed=scale.seed) as run:
        first, second = stack.instances["request-api"], stack.add("request-api")
        await second.start()
        await seconds_until_it_goes_on(run, within=30)
        # The one that clients speak to stands by from here on.
        await first.stop()
        await seconds_until_it_goes_on(run, within=30)
        await first.start()
        async with cut(second.port, stack.ports.postgres, Cut.DROP):
            await seconds_until_it_goes_on(run, within=RELAY_MISSED_SECONDS)
            relays = await value_of(stack, "request_api", RELAYS_WITH_THE_LOCK)
        await for_seconds(2)
        await verdict(run)
    assert relays == 1
