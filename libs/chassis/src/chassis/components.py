"""The parts of a service: registered once, started in order, stopped in reverse order."""

from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Protocol

from chassis.deadline import Deadline
from chassis.telemetry.metrics import Collector

Check = Callable[[], Awaitable[str | None]]
"""A readiness check: returns None when all is well, else one short sentence for on-call."""

Start = Callable[[], Awaitable[None]]
Stop = Callable[[], Awaitable[None]]


class Drain(Protocol):
    """Finishes running work until the deadline and stops."""

    def __call__(self, *, deadline: Deadline) -> Awaitable[None]: ...


async def _nothing() -> None:
    """Do nothing; the default of parts without a start or a stop."""


class Components:
    """Collects the life cycle, readiness checks and metrics of every part of a service."""

    def __init__(self, *, stop_seconds: float) -> None:
        """Create an empty collection whose parts share `stop_seconds` to stop."""
        self.checks: dict[str, Check] = {}
        """Checks of the process itself, by name."""
        self.shared_checks: dict[str, Check] = {}
        """Checks of dependencies that all replicas share, by name."""
        self.collectors: list[Collector] = []
        self._stop_seconds = stop_seconds
        self._parts: list[tuple[Start, Drain]] = []

    def add(
        self,
        *,
        start: Start = _nothing,
        stop: Stop = _nothing,
        drain: Drain | None = None,
        checks: Mapping[str, Check] | None = None,
        shared_checks: Mapping[str, Check] | None = None,
        collectors: Iterable[Collector] = (),
    ) -> None:
        """Register a part.

        Args:
            start: awaited when the service starts, after the parts that were added before.
            stop: awaited when the service stops, also if `start` failed.
            drain: the same as `stop`, for parts that finish work until the shared deadline.
            checks: readiness checks of this process.
            shared_checks: readiness checks of dependencies that all replicas share.
            collectors: metrics of the part.
        """

        async def stop_at_once(*, deadline: Deadline) -> None:  # noqa: ARG001 - needs no time
            await stop()

        self._parts.append((start, drain or stop_at_once))
        self.checks.update(checks or {})
        self.shared_checks.update(shared_checks or {})
        self.collectors.extend(collectors)

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Start every part, and stop those that were started, in reverse order, at the end of the block."""
        drains: list[Drain] = []
        try:
            for start, drain in self._parts:
                drains.append(drain)
                await start()
            yield
        finally:
            deadline = Deadline(seconds=self._stop_seconds)
            async with AsyncExitStack() as stack:
                for drain in drains:
                    stack.push_async_callback(drain, deadline=deadline)
