"""Stops parts of the system for a while with SIGSTOP, as a paused virtual machine or swapping does."""

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

# Values around every timeout of the product, such as the 5 s of a statement, and one beyond all of them.
SECONDS: Final = (0.5, 2.0, 4.8, 5.2, 6.0, 8.0, 20.0)
SERVERS: Final = ("postgres", "kafka")
# If there are two instances of a service, one of them is stopped at a time.
SERVICES: Final = ("request-api", "analyzer", "results-api", "gateway")
TARGETS: Final = (*SERVERS, *SERVICES)
LOADS: Final[tuple[Load, ...]] = ("low", "high")
ONCE, REPEATED = TIMES = (1, 2)
# The gap between two stalls: connections are used again, but the system has not fully recovered.
GAP_SECONDS: Final = 0.5


@dataclass(frozen=True, slots=True, kw_only=True)
class Stall:
    """A stop of all `targets` together for some `seconds`, repeated `times` times, under a load."""

    targets: tuple[str, ...]
    seconds: float
    load: Load
    times: int

    def __str__(self) -> str:
        repetition = "" if self.times == ONCE else f"{self.times} x "
        return f"{' and '.join(self.targets)} for {repetition}{self.seconds:g} s at {self.load} load"


# For each duration, the services that are stopped with PostgreSQL; the others are stopped with Kafka.
_STOPPED_WITH_POSTGRES: Final = (
    ("request-api", "analyzer"),
    ("request-api", "analyzer"),
    ("request-api", "results-api"),
    ("request-api", "gateway"),
    ("analyzer", "results-api"),
    ("results-api", "gateway"),
    ("analyzer", "gateway"),
)


def sampled_stalls() -> list[Stall]:
    """Return stalls that cover every pair of values of target, seconds, load and times.

    Stopping each target alone would take 279 s. Instead, two services are stopped with PostgreSQL and the
    other two with Kafka, in turn, while a second instance of each service keeps working.
    """
    stalls: list[Stall] = []
    for number, (seconds, services) in enumerate(zip(SECONDS, _STOPPED_WITH_POSTGRES, strict=True)):
        rest = tuple(service for service in SERVICES if service not in services)
        load, times = number % 2, number // 2 % 2
        stalls.append(_stall(("postgres", *services), seconds, load, times))
        stalls.append(_stall(("kafka", *rest), seconds, 1 - load, 1 - times))
    return sorted(stalls, key=lambda stall: stall.load == "high")


def _stall(targets: tuple[str, ...], seconds: float, load: int, times: int) -> Stall:
    return Stall(targets=targets, seconds=seconds, load=LOADS[load], times=TIMES[times])


def all_stalls() -> list[Stall]:
    """Return all combinations, each with a single target."""
    return [
        Stall(targets=(target,), seconds=seconds, load=load, times=times)
        for load, target, seconds, times in product(LOADS, TARGETS, SECONDS, TIMES)
    ]


@contextmanager
def pause(run: Run, target: str, *, number: int) -> Iterator[None]:
    """Stop a part with all its processes; `number` selects one instance of a service."""
    root = _process(run.stack, target, number)
    analyzers = [each.name for each in run.stack.instances_of("analyzer")]
    with run.interrupting(*analyzers), run.pausing(target):
        # The parent comes first, so that it starts no more children.
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
    instances = stack.instances_of(target)
    pid = servers[target].pid if target in servers else instances[number % len(instances)].pid
    assert pid is not None, f"{target} is not running"
    return pid


def _send(pid: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, number)


@asynccontextmanager
async def running_gateway(stack: ChaosStack) -> AsyncIterator[str]:
    """Run the gateway during the block and yield its URL."""
    await stack.gateway.start()
    try:
        yield stack.url
    finally:
        await stack.gateway.stop()


def pause_all(run: Run, stall: Stall, *, number: int) -> ExitStack:
    """Stop all targets of a stall until the context ends."""
    with ExitStack() as stopped:
        for target in stall.targets:
            stopped.enter_context(pause(run, target, number=number))
        return stopped.pop_all()
