"""Generates HTTP load in a separate process, which reads a job from standard input and prints figures.

Without a rate, the load is a closed loop: each connection sends its next request after a response, which
finds the peak throughput. With a rate, it is an open loop: requests are due at random times, and a latency
counts from the due time, so that it includes queueing.
"""

import asyncio
import gc
import json
import random
import sys
import time
from collections import deque
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from typing import Final, cast
from uuid import uuid4

# A placeholder in a request that is replaced by a unique value.
UNIQUE: Final = "{unique}"
# Requests that are still running at the end get this long; then they are errors.
_GRACE_SECONDS: Final = 10
_END_OF_HEAD: Final = b"\r\n\r\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A load to generate; the raw `requests` are sent in turn."""

    host: str
    port: int
    requests: Sequence[str]
    expect: int
    seconds: float = 0
    """The duration of the measurement; ignored with `count`, a number of requests."""
    count: int = 0
    warm_up: float = 0
    connections: int = 32
    rate: float | None = None
    keep_bodies: bool = False


@dataclass(slots=True)
class Outcome:
    """The responses to requests due after the warm-up; times are on the monotonic clock."""

    seconds: float = 0
    errors: int = 0
    due: list[float] = field(default_factory=list)
    ended: list[float] = field(default_factory=list)
    bodies: list[str] = field(default_factory=list)

    @property
    def rate(self) -> float:
        """Return responses per second."""
        return len(self.ended) / self.seconds

    @property
    def milliseconds(self) -> list[float]:
        """Return the latencies in milliseconds."""
        return [(ended - due) * 1000 for due, ended in zip(self.due, self.ended, strict=True)]


def request(
    method: str, path: str, *, token: str | None = None, body: object = None, headers: Sequence[str] = ()
) -> str:
    """One request of HTTP/1.1 as text."""
    content = "" if body is None else json.dumps(body)
    lines = [f"{method} {path} HTTP/1.1", "host: bench", *headers]
    if token:
        lines.append(f"authorization: Bearer {token}")
    if content:
        lines += ["content-type: application/json", f"content-length: {len(content)}"]
    return "\r\n".join(lines) + "\r\n\r\n" + content


class _Connection(asyncio.Protocol):
    """A connection with one request at a time; it passes each response to the generator."""

    def __init__(self, generator: "_Generator") -> None:
        self._generator = generator
        self._buffer = bytearray()
        self._transport: asyncio.Transport | None = None
        self._due = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast("asyncio.Transport", transport)

    def connection_lost(self, exc: Exception | None) -> None:  # noqa: ARG002 - required by asyncio
        self._generator.lost()

    def send(self, content: bytes, due: float) -> None:
        assert self._transport is not None
        self._due = due
        self._buffer.clear()
        self._transport.write(content)

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        head_end = self._buffer.find(_END_OF_HEAD)
        if head_end < 0:
            return
        head = bytes(self._buffer[:head_end]).lower()
        at = head.find(b"content-length:")
        length = int(head[at + 15 :].split(b"\r\n", 1)[0]) if at >= 0 else 0
        body_start = head_end + len(_END_OF_HEAD)
        if len(self._buffer) >= body_start + length:
            body = bytes(self._buffer[body_start:])
            self._generator.answered(self, self._due, int(head[9:12]), body)


class _Generator:
    def __init__(self, job: Job) -> None:
        self._job = job
        self._outcome = Outcome()
        self._idle: list[_Connection] = []
        self._due: deque[float] = deque()
        self._sent = self._open = 0
        self._begin = self._end = 0.0
        self._over = asyncio.Event()
        self._requests = [one.encode() for one in job.requests]

    async def run(self) -> Outcome:
        job, loop = self._job, asyncio.get_running_loop()
        for _ in range(job.connections):
            _, connection = await loop.create_connection(lambda: _Connection(self), job.host, job.port)
            self._idle.append(connection)
        gc.collect()
        gc.disable()
        now = time.monotonic()
        self._begin = now + job.warm_up
        self._end = float("inf") if job.count else self._begin + job.seconds
        if job.rate is None:
            while self._idle and self._more(now):
                self._send(self._idle.pop(), now)
        else:
            loop.create_task(self._fall_due(job.rate))
        limit = None if job.count else job.warm_up + job.seconds + _GRACE_SECONDS
        try:
            async with asyncio.timeout(limit):
                await self._over.wait()
        except TimeoutError:
            self._outcome.errors += self._open + len(self._due)
        finally:
            gc.enable()
        ended = self._outcome.ended
        self._outcome.seconds = job.seconds or (max(ended) - self._begin if ended else 1)
        if job.rate is None and not job.count:
            self._cut()
        return self._outcome

    def _cut(self) -> None:
        """Discard responses after the end, which do not count for the rate of a closed loop."""
        kept = [n for n, at in enumerate(self._outcome.ended) if at <= self._end]
        self._outcome.due = [self._outcome.due[n] for n in kept]
        self._outcome.ended = [self._outcome.ended[n] for n in kept]

    async def _fall_due(self, rate: float) -> None:
        """Send requests at random times, as independent users do."""
        gaps, due = random.Random(1), time.monotonic()  # noqa: S311 - reproducible
        made = 0
        while due < self._end and (not self._job.count or made < self._job.count):
            due += gaps.expovariate(rate)
            made += 1
            if (pause := due - time.monotonic()) > 0:
                await asyncio.sleep(pause)
            if self._idle:
                self._send(self._idle.pop(), due)
            else:
                self._due.append(due)
        self._end = min(self._end, time.monotonic())
        self._check_over()

    def _more(self, now: float) -> bool:
        return self._sent < self._job.count if self._job.count else now < self._end

    def _send(self, connection: _Connection, due: float) -> None:
        content = self._requests[self._sent % len(self._requests)]
        self._sent += 1
        self._open += 1
        connection.send(content.replace(UNIQUE.encode(), uuid4().hex.encode()), due)

    def answered(self, connection: _Connection, due: float, status: int, body: bytes) -> None:
        now = time.monotonic()
        self._open -= 1
        if due >= self._begin:
            if status == self._job.expect:
                self._outcome.due.append(due)
                self._outcome.ended.append(now)
                if self._job.keep_bodies:
                    self._outcome.bodies.append(body.decode())
            else:
                self._outcome.errors += 1
        if self._due:
            self._send(connection, self._due.popleft())
        elif self._job.rate is None and self._more(now):
            self._send(connection, now)
        else:
            self._idle.append(connection)
        self._check_over()

    def lost(self) -> None:
        self._outcome.errors += 1
        self._over.set()

    def _check_over(self) -> None:
        ended = self._sent >= self._job.count if self._job.count else time.monotonic() >= self._end
        if ended and not self._open and not self._due:
            self._over.set()


async def generate(job: Job) -> Outcome:
    """Run a job in a separate process.

    Raises:
        RuntimeError: The process failed, or a response was not as expected.
    """
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tools.bench.load_generator",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
    )
    written, _ = await process.communicate(json.dumps(asdict(job)).encode())
    if process.returncode:
        raise RuntimeError("the load generator failed")
    outcome = Outcome(**json.loads(written))
    if outcome.errors:
        raise RuntimeError(
            f"{outcome.errors} requests were not answered as expected: {job.requests[0][:80]!r}"
        )
    return outcome


async def generate_here(job: Job) -> Outcome:
    """Run a job in this process."""
    return await _Generator(job).run()


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(generate_here(Job(**json.load(sys.stdin)))))))
