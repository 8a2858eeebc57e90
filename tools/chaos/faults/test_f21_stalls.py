"""F21: parts are stopped for a while, the disk is slow, and servers accept connections but never answer."""

import os
from collections.abc import Sequence
from contextlib import AsyncExitStack
from itertools import groupby
from typing import Final

import pytest
from chassis.db.database import STATEMENT_TIMEOUT_SECONDS

from tools.chaos.injection.network import black_hole
from tools.chaos.injection.network import unavailable_reason as why_not_cut
from tools.chaos.injection.slow_disk import slow_disk
from tools.chaos.injection.slow_disk import unavailable_reason as why_not_slow
from tools.chaos.injection.stalls import (
    GAP_SECONDS,
    Stall,
    all_stalls,
    pause_all,
    running_gateway,
    sampled_stalls,
)
from tools.chaos.probes import operations_between, run_for, wait_for_recovery
from tools.chaos.run import Scale, Verdict, chaos_run
from tools.chaos.stack.chaos_stack import ChaosStack

WHY_NOT_CUT: Final = why_not_cut()

RECOVERY_SECONDS: Final = 15.0
# All clients together request 40 analyses per second at high load and 12 at low load.
CLIENTS: Final = 40
PACE: Final = {"low": CLIENTS / 12, "high": CLIENTS / 40}
# A small backlog per client, so that it does not dominate the recovery time.
UNFINISHED: Final = 3
# Longer than the timeouts of connections, statements and requests.
BLACK_HOLE_SECONDS: Final = 8.0
SLOW_SECONDS: Final = 10.0
# A commit then takes about two seconds, and many requests wait for more than 5 s.
WRITES_PER_SECOND: Final = 2


def runs() -> list[list[Stall]]:
    """Return the sample as one run, or in a long run all stalls, grouped by target and load."""
    if os.environ.get("CHAOS") != "long":
        return [sampled_stalls()]
    return [list(stalls) for _, stalls in groupby(all_stalls(), key=lambda each: (each.load, each.targets))]


def _name(stalls: Sequence[Stall]) -> str:
    first = stalls[0]
    return "sample" if len(first.targets) > 1 else f"{first.targets[0]}-{first.load}"


@pytest.mark.timeout(900)
@pytest.mark.parametrize("stalls", runs(), ids=_name)
async def test_f21_stalls(stack: ChaosStack, scale: Scale, verdict: Verdict, stalls: list[Stall]) -> None:
    # If several parts are stopped together, a second instance of each service keeps working.
    instances = max(min(len(stall.targets), 2) for stall in stalls)
    async with (
        running_gateway(stack) as gateway_url,
        chaos_run(
            stack,
            request_apis=instances,
            analyzers=instances,
            results_apis=instances,
            gateway_url=gateway_url,
            clients=CLIENTS,
            pace=PACE["low"],
            unfinished=UNFINISHED,
            # Without the model, which would limit the rate; connections and transactions matter here.
            depth="quick",
            seed=scale.seed,
        ) as run,
    ):
        await wait_for_recovery(run, within=RECOVERY_SECONDS)
        for number, stall in enumerate(stalls):
            run.load.pace = PACE[stall.load]
            for _ in range(stall.times):
                with pause_all(run, stall, number=number):
                    await run_for(stall.seconds)
                await run_for(GAP_SECONDS)
            seconds = await wait_for_recovery(run, within=RECOVERY_SECONDS, after=str(stall))
            print(f"{stall}: recovered after {seconds:.1f} s")  # noqa: T201 - figures
        await verdict(run)


@pytest.mark.skipif(WHY_NOT_CUT is not None, reason=WHY_NOT_CUT or "")
@pytest.mark.timeout(300)
async def test_f21_servers_that_never_answer(stack: ChaosStack, scale: Scale, verdict: Verdict) -> None:
    """PostgreSQL, Kafka, the model, the issuer and request-api accept connections and never answer."""
    ports = stack.ports
    # The server that never answers, for each instance; the first round covers all servers.
    rounds = (
        {
            "request-api": ports.postgres,
            "request-api-2": ports.issuer,
            "analyzer-1": ports.kafka,
            "analyzer-2": stack.model.port,
            "results-api-1": ports.request_api,
            "results-api-2": ports.postgres,
        },
        {"request-api": ports.kafka, "analyzer-1": ports.postgres, "results-api-1": ports.kafka},
    )
    async with chaos_run(
        stack,
        request_apis=2,
        analyzers=2,
        results_apis=2,
        clients=CLIENTS,
        pace=PACE["low"],
        unfinished=UNFINISHED,
        seed=scale.seed,
    ) as run:
        periods: list[tuple[float, float]] = []
        await wait_for_recovery(run, within=RECOVERY_SECONDS)
        for edges in rounds[: min(scale.cuts, len(rounds))]:
            with run.interrupting("analyzer-1", "analyzer-2"):
                async with AsyncExitStack() as holes:
                    for name, port in edges.items():
                        await holes.enter_async_context(black_hole(stack.instances[name].port, port))
                    periods.append(await run_for(BLACK_HOLE_SECONDS))
                # The instances rejoin their groups, which causes another rebalance.
                await wait_for_recovery(run, within=RECOVERY_SECONDS)
        await verdict(run)
        (since, until), *_ = periods
        codes = {each["http"] for each in operations_between(run, since=since, until=until, op="submit")}
    # One request-api had no PostgreSQL, which shows that the fault took effect.
    assert 503 in codes


@pytest.mark.timeout(300)
async def test_f21_a_slow_disk_under_postgresql(stack: ChaosStack, scale: Scale, verdict: Verdict) -> None:
    folder = stack.evidence
    if reason := why_not_slow(folder):
        pytest.skip(reason)
    async with chaos_run(
        stack,
        clients=CLIENTS,
        pace=PACE["high"],
        unfinished=UNFINISHED,
        depth="quick",
        seed=scale.seed,
    ) as run:
        await wait_for_recovery(run, within=RECOVERY_SECONDS)
        postgres = stack.postgres.process.pid
        assert postgres is not None
        with run.interrupting("analyzer-1"):
            async with slow_disk(postgres, folder, writes_per_second=WRITES_PER_SECOND):
                since, until = await run_for(SLOW_SECONDS)
        await wait_for_recovery(run, within=RECOVERY_SECONDS)
        await verdict(run)
        waited = [
            each["ended"] - each["begun"]
            for each in operations_between(run, since=since, until=until, op="submit")
        ]
    # Requests were slow, which shows that the fault took effect.
    assert max(waited) > STATEMENT_TIMEOUT_SECONDS / 2
