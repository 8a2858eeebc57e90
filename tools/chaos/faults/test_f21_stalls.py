"""F21: parts of the system stand still for a while, the disk is slow, and servers accept and never answer."""

import os
from collections.abc import Sequence
from contextlib import AsyncExitStack
from itertools import groupby
from typing import Final

import pytest
from chassis.db.database import STATEMENT_TIMEOUT_SECONDS

from tools.chaos.injection.network import swallowed
from tools.chaos.injection.network import why_not as why_not_cut
from tools.chaos.injection.slow_disk import slow_disk
from tools.chaos.injection.slow_disk import why_not as why_not_slow
from tools.chaos.injection.stalls import GAP_SECONDS, Stall, all_paused, every, gateway_of, sample
from tools.chaos.probes import for_seconds, operations, recovered
from tools.chaos.run import Scale, Verdict, chaos_run
from tools.chaos.stack.chaos_stack import ChaosStack

WHY_NOT_CUT: Final = why_not_cut()

RECOVERY_SECONDS: Final = 15.0
# As many clients ask for an analysis each 1.0 s, on average: 40/s; at low load 12/s.
CLIENTS: Final = 40
PACE: Final = {"low": CLIENTS / 12, "high": CLIENTS / 40}
# Of each client: all are done within seconds, so that recovery is not a matter of what has piled up.
UNFINISHED: Final = 3
# Longer than a connection, a statement or a request may take.
SWALLOWED_SECONDS: Final = 8.0
SLOW_SECONDS: Final = 10.0
# A commit takes about two seconds then: a few are done together, and many wait for more than 5 s.
WRITES_PER_SECOND: Final = 2


def runs() -> list[list[Stall]]:
    """The sample in one run; of all stalls those of one target and one load in a run."""
    if os.environ.get("CHAOS") != "long":
        return [sample()]
    return [list(stalls) for _, stalls in groupby(every(), key=lambda each: (each.load, each.targets))]


def _name(stalls: Sequence[Stall]) -> str:
    first = stalls[0]
    return "sample" if len(first.targets) > 1 else f"{first.targets[0]}-{first.load}"


@pytest.mark.timeout(900)
@pytest.mark.parametrize("stalls", runs(), ids=_name)
async def test_f21_stalls(stack: ChaosStack, scale: Scale, verdict: Verdict, stalls: list[Stall]) -> None:
    # A second instance of each service goes on where the first is stopped together with a server.
    instances = max(min(len(stall.targets), 2) for stall in stalls)
    async with (
        gateway_of(stack) as gateway_url,
        chaos_run(
            stack,
            request_apis=instances,
            analyzers=instances,
            results_apis=instances,
            gateway_url=gateway_url,
            clients=CLIENTS,
            pace=PACE["low"],
            unfinished=UNFINISHED,
            # Connections and transactions are tried: with a model the analyzer would set the pace.
            depth="quick",
            seed=scale.seed,
        ) as run,
    ):
        await recovered(run, within=RECOVERY_SECONDS)
        for number, stall in enumerate(stalls):
            run.load.pace = PACE[stall.load]
            for _ in range(stall.times):
                with all_paused(run, stall, number=number):
                    await for_seconds(stall.seconds)
                await for_seconds(GAP_SECONDS)
            seconds = await recovered(run, within=RECOVERY_SECONDS, after=str(stall))
            print(f"{stall}: recovered after {seconds:.1f} s")  # noqa: T201 - figures
        await verdict(run)


@pytest.mark.skipif(WHY_NOT_CUT is not None, reason=WHY_NOT_CUT or "")
@pytest.mark.timeout(300)
async def test_f21_servers_that_never_answer(stack: ChaosStack, scale: Scale, verdict: Verdict) -> None:
    """In front of PostgreSQL, Kafka, the model, the issuer of tokens, and request-api for results-api."""
    ports = stack.ports
    # Each instance with one of its servers; the first round has each of the servers.
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
        swallowing: list[tuple[float, float]] = []
        await recovered(run, within=RECOVERY_SECONDS)
        for edges in rounds[: min(scale.cuts, len(rounds))]:
            with run.interrupting("analyzer-1", "analyzer-2"):
                async with AsyncExitStack() as holes:
                    for name, port in edges.items():
                        await holes.enter_async_context(swallowed(stack.instances[name].port, port))
                    swallowing.append(await for_seconds(SWALLOWED_SECONDS))
                # Partitions move once more when they are back.
                await recovered(run, within=RECOVERY_SECONDS)
        await verdict(run)
        (since, until), *_ = swallowing
        seen = {each["http"] for each in operations(run, since=since, until=until, op="submit")}
    # One request-api had no PostgreSQL, or this would have tried nothing.
    assert 503 in seen


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
        await recovered(run, within=RECOVERY_SECONDS)
        postgres = stack.postgres.process.pid
        assert postgres is not None
        with run.interrupting("analyzer-1"):
            async with slow_disk(postgres, folder, writes_per_second=WRITES_PER_SECOND):
                since, until = await for_seconds(SLOW_SECONDS)
        await recovered(run, within=RECOVERY_SECONDS)
        await verdict(run)
        waited = [
            each["ended"] - each["begun"] for each in operations(run, since=since, until=until, op="submit")
        ]
    # The disk was slow, or this would have tried nothing.
    assert max(waited) > STATEMENT_TIMEOUT_SECONDS / 2
