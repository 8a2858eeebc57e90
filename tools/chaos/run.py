"""One run of a fault: the stack under load, then draining, then the check of its evidence."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from tests.support.polling import eventually
from tools.chaos.checker.check import Violation, check, summary
from tools.chaos.evidence.reader import load as load_evidence
from tools.chaos.recording.collect import collect, remaining_work
from tools.chaos.recording.observer import Observer
from tools.chaos.stack.chaos_stack import ChaosStack
from tools.chaos.stack.model import Interruption
from tools.chaos.stack.reset import reset_stack, start_servers, start_services, stop_services
from tools.chaos.workload.load import Load

# The time from the end of the faults until all work is done, on two cores with a backlog.
DRAIN_SECONDS = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Scale:
    """The amount of each fault; `seed` makes random choices reproducible."""

    kills_a_point: int = 25
    requests: int = 500
    kill_nine_seconds: float = 20
    kafka_away_seconds: float = 10
    postgres_kills: int = 2
    # The number of times that each connection is cut.
    cuts: int = 1
    call_seconds: float = 10
    queued: int = 300
    seed: int = 1


SHORT, LONG = (
    Scale(),
    Scale(
        kills_a_point=100,
        requests=10_000,
        kill_nine_seconds=900,
        kafka_away_seconds=180,
        postgres_kills=20,
        cuts=4,
        call_seconds=60,
        queued=10_000,
    ),
)


@dataclass(slots=True, kw_only=True)
class Figures:
    """The figures of one run or of all runs."""

    faults: int = 0
    kills: int = 0
    accepted: int = 0
    terminal: int = 0
    lost: int = 0
    duplicated: int = 0
    violations: int = 0
    points: dict[str, int] = field(default_factory=dict)

    def line(self) -> str:
        """Return the last line of `make chaos`."""
        names = ("faults", "kills", "accepted", "terminal", "lost", "duplicated", "violations")
        return "chaos: " + " ".join(f"{name}={getattr(self, name)}" for name in names)

    def add(self, other: "Figures") -> None:
        """Add the figures of another run."""
        for name in ("faults", "kills", "accepted", "terminal", "lost", "duplicated", "violations"):
            setattr(self, name, getattr(self, name) + getattr(other, name))
        self.points = dict(Counter(self.points) + Counter(other.points))


class Run:
    """A stack under load, with the notes that the checker needs."""

    def __init__(self, *, stack: ChaosStack, load: Load) -> None:
        self.stack = stack
        self.load = load
        self.observer = Observer(stack, load)
        self.pauses: list[dict[str, Any]] = []
        self.injected: list[dict[str, Any]] = []
        self.model_retries = 0
        self._interrupted: list[Interruption] = []

    @contextmanager
    def interrupting(self, *analyzers: str) -> Iterator[None]:
        """Note that these analyzers may lose model answers during the block."""
        since = time.monotonic()
        yield
        until = time.monotonic()
        self._interrupted += [Interruption(analyzer=name, since=since, until=until) for name in analyzers]

    @contextmanager
    def pausing(self, target: str) -> Iterator[None]:
        """Note that a part is stopped during the block."""
        since = time.monotonic()
        try:
            yield
        finally:
            self.pauses.append({"target": target, "since": since, "until": time.monotonic()})

    def kills(self) -> Counter[str]:
        """Count the kills so far, by failpoint, or by service if it was killed from outside."""
        lines = [json.loads(line) for line in self.stack.kills.read_text().splitlines()]
        return Counter(line["point"] or f"kill -9 {line['service']}" for line in lines)

    async def judge(self, *, drain_seconds: float = DRAIN_SECONDS) -> tuple[list[Violation], Figures]:
        """End the load, drain, collect and check, once the faults have stopped and all parts run."""
        faults_ended = time.monotonic()
        await self.load.stop()
        drained: float | None = None
        try:
            await eventually(
                lambda: remaining_work(self.stack),
                until=lambda left: not left,
                deadline_seconds=drain_seconds - (time.monotonic() - faults_ended),
                every_seconds=0.5,
            )
            drained = time.monotonic()
        except AssertionError as error:
            print(f"not drained: {error}")  # noqa: T201 - pytest shows it with the failure
        instances = self.stack.instances.values()
        ready = await asyncio.gather(*(each.is_ready() for each in instances))
        await self.load.close()
        await self.observer.finish()
        folder = await collect(
            self.stack,
            canaries=self.load.canaries,
            injected=self.injected,
            pauses=self.pauses,
            interrupted=self._interrupted,
            meta={
                "faults_ended": faults_ended,
                "drained": drained,
                "drain_limit": drain_seconds,
                "deadline": drain_seconds,
                "health": dict(zip(self.stack.instances, ready, strict=True)),
                "model_retries": self.model_retries,
            },
        )
        return self._judge(folder)

    def _judge(self, folder: Path) -> tuple[list[Violation], Figures]:
        evidence = load_evidence(folder)
        violations, counts, kills = check(evidence), summary(evidence), self.kills()
        return violations, Figures(
            faults=1,
            kills=kills.total(),
            accepted=counts.accepted,
            terminal=counts.terminal,
            lost=counts.lost,
            duplicated=counts.duplicated,
            violations=len(violations),
            points=dict(kills),
        )


class Verdict(Protocol):
    """Check a run, add its figures to the last line, and fail the test on a violation."""

    async def __call__(self, run: Run, /, *, drain_seconds: float = DRAIN_SECONDS) -> Figures: ...


@asynccontextmanager
async def chaos_run(
    stack: ChaosStack,
    *,
    request_apis: int = 1,
    analyzers: int = 1,
    results_apis: int = 1,
    environment: Mapping[str, str] | None = None,
    **load: Any,
) -> AsyncIterator[Run]:
    """Reset the stack, start these instances with extra `environment`, and run a `load` (see Load)."""
    await stop_services(stack)
    await start_servers(stack)
    stack.arrange(
        request_apis=request_apis, analyzers=analyzers, results_apis=results_apis, environment=environment
    )
    await reset_stack(stack)
    await start_services(stack)
    async with new_run(stack, **load) as run:
        run.load.start()
        yield run


@asynccontextmanager
async def new_run(stack: ChaosStack, **load_options: Any) -> AsyncIterator[Run]:
    """Prepare a run on a running stack: upload resumes without starting the load (options: see Load)."""
    load = Load(
        request_api_urls=stack.request_api_urls,
        results_api_urls=stack.results_api_urls,
        token=stack.token(),
        history=stack.evidence / "history.jsonl",
        **load_options,
    )
    await load.upload()
    run = Run(stack=stack, load=load)
    run.observer.start()
    try:
        yield run
    finally:
        await run.load.abort()
        await run.observer.stop()
        run.observer.close()
