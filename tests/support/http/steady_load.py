"""A steady load of analyses, and the figures that say if any was lost or refused.

ROLLING_BUSY=1 adds a process that only burns a core.
"""

import asyncio
import itertools
import os
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from uuid import uuid4

import httpx2

from tests.support.http.api_client import ApiClient

IS_BUSY = os.environ.get("ROLLING_BUSY") == "1"
_ACCEPTED = 202
_SERVER_ERROR = 500
_EXPECTED = (f"POST {_ACCEPTED}", "GET 200")


@asynccontextmanager
async def busy_core() -> AsyncIterator[None]:
    """Keep a core busy, if ROLLING_BUSY asks for it."""
    if not IS_BUSY:
        yield
        return
    process = await asyncio.create_subprocess_exec(sys.executable, "-c", "while True: pass")
    try:
        yield
    finally:
        process.kill()
        await process.wait()


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """Outcomes and latencies of a load."""

    accepted: int
    completed: int
    # Responses by method and status, and errors without a response by type.
    outcomes: Counter[str] = field(default_factory=Counter)
    # Latencies of the POSTs, sorted.
    seconds: tuple[float, ...] = ()

    @property
    def lost(self) -> int:
        """Accepted analyses that were not completed."""
        return self.accepted - self.completed

    @property
    def unavailable(self) -> int:
        """Requests without a response, or with one of 5xx."""
        return sum(
            count
            for outcome, count in self.outcomes.items()
            if not (status := outcome.rpartition(" ")[2]).isdigit() or int(status) >= _SERVER_ERROR
        )

    @property
    def unexpected(self) -> int:
        """Requests with any other outcome than the one that the load is for, unavailable ones included."""
        return self.outcomes.total() - sum(self.outcomes[expected] for expected in _EXPECTED)

    def percentile(self, percent: int) -> float:
        """Return a percentile of the POSTs' latencies in milliseconds."""
        if not self.seconds:
            return 0.0
        return self.seconds[min(len(self.seconds) - 1, len(self.seconds) * percent // 100)] * 1000

    def line(self, name: str) -> str:
        """Return the figures as one line."""
        return (
            f"{name}: accepted={self.accepted} completed={self.completed} "
            f"lost={self.lost} unavailable={self.unavailable}"
        )

    def details(self) -> str:
        """Return outcomes and latencies as one line."""
        latencies = " ".join(f"p{percent}={self.percentile(percent):.0f}" for percent in (50, 99, 100))
        return f"outcomes={dict(self.outcomes)}, POST in ms: {latencies}"


async def under_load(
    caller: ApiClient, resume_id: str, events: Awaitable[object], *, per_second: float = 10
) -> Figures:
    """Send requests while `events` go on, wait for the end of what was accepted, and return the figures."""
    load, stop = SteadyLoad(caller, resume_id, per_second=per_second), asyncio.Event()
    async with asyncio.TaskGroup() as group:
        group.create_task(load.run(stop))
        await events
        stop.set()
    return await load.judge()


class SteadyLoad:
    """Request analyses at a steady rate, each with an idempotency key, and read the status of each once."""

    def __init__(self, caller: ApiClient, resume_id: str, *, per_second: float) -> None:
        self._caller = caller
        self._url = f"/api/v1/analysis/resumes/{resume_id}/analyze"
        self._per_second = per_second
        self._accepted: list[str] = []
        self._outcomes: Counter[str] = Counter()
        self._seconds: list[float] = []

    async def run(self, until: asyncio.Event) -> None:
        """Send requests until the event is set, and wait for all responses."""
        started = time.monotonic()
        async with asyncio.TaskGroup() as group:
            for number in itertools.count():
                if until.is_set():
                    return
                group.create_task(self._request())
                await asyncio.sleep(max(0, started + number / self._per_second - time.monotonic()))

    async def judge(self, *, deadline_seconds: float = 60) -> Figures:
        """Wait for the end of each accepted analysis and return the figures."""
        completed = 0
        for analysis_id in self._accepted:
            try:
                ended = await self._caller.ended(analysis_id, deadline_seconds=deadline_seconds)
            except AssertionError as error:
                print(f"lost: {analysis_id}: {error}")  # noqa: T201 - names it for the log of the run
                continue
            completed += ended["status"] == "completed"
        return Figures(
            accepted=len(self._accepted),
            completed=completed,
            outcomes=self._outcomes,
            seconds=tuple(sorted(self._seconds)),
        )

    async def _request(self) -> None:
        body = {"industry": "strategy_tech", "analysis_depth": "quick"}
        begun = time.monotonic()
        try:
            answer = await self._caller.http.post(
                self._url, json=body, headers={"Idempotency-Key": str(uuid4())}
            )
            self._seconds.append(time.monotonic() - begun)
            self._count(f"POST {answer.status_code}", answer.text, begun)
            if answer.status_code == _ACCEPTED:
                self._accepted.append(answer.json()["analysis_id"])
                begun = time.monotonic()
                status = await self._caller.http.get(answer.headers["location"])
                self._count(f"GET {status.status_code}", status.text, begun)
        except httpx2.HTTPError as error:
            self._count(type(error).__name__, str(error), begun)

    def _count(self, outcome: str, text: str, begun: float) -> None:
        self._outcomes[outcome] += 1
        if outcome not in _EXPECTED:
            # Each of these has to be explained.
            took = time.monotonic() - begun
            print(f"{time.strftime('%X')} {outcome} after {took:.2f} s: {text[:300].strip()}")  # noqa: T201
