"""Stops parts of the system for a while (SIGSTOP), as a paused virtual machine or a long swap does."""

import os
import signal
from collections.abc import AsyncIterator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass
from itertools import product
from typing import Final, Literal

from tests.support.telemetry.process_usage import process_tree
from tools.chaos.run import Run
from tools.chaos.stack.chaos_stack import ChaosStack

Load = Literal["low", "high"]

# Around every limit of time that the product has, such as the 5 s of a statement, and beyond all of them.
SECONDS: Final = (0.5, 2.0, 4.8, 5.2, 6.0, 8.0, 20.0)
SERVERS: Final = ("postgres", "kafka")
# One of two instances of each service is stopped at a time, where there are two.
SERVICES: Final = ("request-api", "analyzer", "results-api", "gateway")
TARGETS: Final = (*SERVERS, *SERVICES)
LOADS: Final[tuple[Load, ...]] = ("low", "high")
ONCE, REPEATED = TIMES = (1, 2)
# Between two stalls of a repeated one: connections are in use again, and nothing has recovered in full.
GAP_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Stall:
    """The `targets` are stopped together, for some `seconds`, so many `times`, under a load."""

    targets: tuple[str, ...]
    seconds: float
    load: Load
    times: int

    def __str__(self) -> str:
        often = "" if self.times == ONCE else f"{self.times} x "
        return f"{' and '.join(self.targets)} for {often}{self.seconds:g} s at {self.load} load"


# By the number of seconds: the services that are stopped with PostgreSQL, while the others are with Kafka.
_COMPANY: Final = (
    ("request-api", "analyzer"),
    ("request-api", "analyzer"),
    ("request-api", "results-api"),
    ("request-api", "gateway"),
    ("analyzer", "results-api"),
    ("results-api", "gateway"),
    ("analyzer", "gateway"),
)


def sample() -> list[Stall]:
    """Return stalls in which any two values of target, seconds, load and times meet.

    Each target alone for each time would take 279 s of stalls. Two services are stopped together with
    PostgreSQL and two with Kafka, by turns; a second instance of each service goes on.
    """
    stalls: list[Stall] = []
    for number, (seconds, company) in enumerate(zip(SECONDS, _COMPANY, strict=True)):
        rest = tuple(service for service in SERVICES if service not in company)
        load, times = number % 2, number // 2 % 2
        stalls.append(_stall(("postgres", *company), seconds, load, times))
        stalls.append(_stall(("kafka", *rest), seconds, 1 - load, 1 - times))
    return sorted(stalls, key=lambda stall: stall.load == "high")


def _stall(targets: tuple[str, ...], seconds: float, load: int, times: int) -> Stall:
    return Stall(targets=targets, seconds=seconds, load=LOADS[load], times=TIMES[times])


def every() -> list[Stall]:
    """Return all combinations, each target alone."""
    return [
        Stall(targets=(target,), seconds=seconds, load=load, times=times)
        for load, target, seconds, times in product(LOADS, TARGETS, SECONDS, TIMES)
    ]


@contextmanager
def paused(run: Run, target: str, *, number: int) -> Iterator[None]:
    """Stop a part with all its processes; of the instances of a service the one with this number."""
    root = _process(run.stack, target, number)
    analyzers = [each.name for each in run.stack.of("analyzer")]
    with run.interrupting(*analyzers), run.pausing(target):
        # The parent first, so that it starts no more.
        os.kill(root, signal.SIGSTOP)
        for pid in process_tree(root):
            _send(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            for pid in process_tree(root):
                _send(pid, signal.SIGCONT)


def _process(stack: ChaosStack, target: str, number: int) -> int:
    servers = {
        "postgres": stack.postgres.process,
        "kafka": stack.kafka.process,
        "gateway": stack.gateway.process,
    }
    instances = stack.of(target)
    pid = servers[target].pid if target in servers else instances[number % len(instances)].pid
    assert pid is not None, f"{target} does not run"
    return pid


def _send(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


@asynccontextmanager
async def gateway_of(stack: ChaosStack) -> AsyncIterator[str]:
    """Run the gateway beside the others; its URL."""
    await stack.gateway.start()
    try:
        yield stack.url
    finally:
        await stack.gateway.stop()


def all_paused(run: Run, stall: Stall, *, number: int) -> ExitStack:
    """Stop all targets of a stall, until the context is left."""
    with ExitStack() as stopped:
        for target in stall.targets:
            stopped.enter_context(paused(run, target, number=number))
        return stopped.pop_all()
