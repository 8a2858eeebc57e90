"""Attacks on the gateway, one function each; `tools.bench.flood` runs them in a separate process.

The process reads a `Target` from standard input and prints counts. Each attack is limited in connections, new
connections per second, and time.
"""

import asyncio
import itertools
import json
import sys
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass, field
from typing import Final

from tests.support.documents import rejected_files
from tests.support.http.raw_request import raw_request

# The limit of new connections per second, which a test machine can open while it measures.
_PER_SECOND: Final = 1000
_UPLOAD_BYTES: Final = 29_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """The target of an attack, with its source address and the attacking user."""

    scenario: str
    host: str
    port: int
    source: str
    seconds: float
    token: str
    """A valid token of the attacking user."""
    candidate_id: str
    """A candidate of that user."""
    resume_id: str = ""
    """A resume of that user."""
    analysis_id: str = ""
    """A running analysis of that user, if the attack needs one."""


@dataclass(slots=True)
class Counts:
    """Numbers of connections and responses of an attack."""

    opened: int = 0
    refused: int = 0
    held: int = 0
    most_held: int = 0
    answers: dict[str, int] = field(default_factory=dict)

    @contextmanager
    def holding(self) -> Iterator[None]:
        """Count a connection while it is open."""
        self.opened += 1
        self.held += 1
        self.most_held = max(self.most_held, self.held)
        try:
            yield
        finally:
            self.held -= 1


async def unfinished_bodies(target: Target, counts: Counts) -> None:
    """Send logins without a token whose 64 kB body never ends."""
    body = "content-length: 65536"
    login = (raw_request("POST", "/api/v1/auth/login", headers=[body]) + "a" * 65_000).encode()
    await _hold(target, counts, connections=4_214, content=lambda _: login)


async def idle_connections(target: Target, counts: Counts) -> None:
    """Open connections without a token that send nothing, or stay open after one request."""
    kinds = itertools.cycle(
        (
            b"",
            raw_request("GET", "/health").encode(),
            raw_request("GET", "/api/v1/candidates", token="forged").encode(),
        )
    )
    await _hold(target, counts, connections=11_000, content=lambda _: next(kinds))


async def unfinished_uploads(target: Target, counts: Counts) -> None:
    """Send 20 concurrent uploads with a token that stop just before their end."""
    sent = upload(
        target.candidate_id, b"%PDF-1.7\n" + bytes(_UPLOAD_BYTES), token=target.token, name="cv.pdf"
    )
    await _hold(target, counts, connections=20, content=lambda _: sent[:-1])


async def hostile_files(target: Target, counts: Counts) -> None:
    """Upload two small PDFs with a token, again and again, that take 7 s each to read."""
    sent = upload(
        target.candidate_id, rejected_files.endless_stripes_pdf(), token=target.token, name="cv.pdf"
    )
    await _hold(target, counts, connections=2, content=lambda _: sent)


async def live_streams(target: Target, counts: Counts) -> None:
    """Open 1,061 live streams of one analysis with a token, about as fast as one user may."""
    path = f"/api/v1/analysis/analysis/{target.analysis_id}/events"
    sent = raw_request("GET", path, token=target.token).encode()
    await _hold(target, counts, connections=1_061, content=lambda _: sent, per_second=100)


async def daily_limit(target: Target, counts: Counts) -> None:
    """Request analyses with a token, 40 at once, as fast as one user may."""
    path = f"/api/v1/analysis/resumes/{target.resume_id}/analyze"
    body = {"industry": "strategy_tech"}
    sent = raw_request("POST", path, token=target.token, body=body, headers=["connection: close"]).encode()
    await _hold(target, counts, connections=80, content=lambda _: sent, per_second=60, at_once=40)


SCENARIOS: Final[Mapping[str, Callable[[Target, Counts], Awaitable[None]]]] = {
    "unfinished-bodies": unfinished_bodies,
    "idle-connections": idle_connections,
    "unfinished-uploads": unfinished_uploads,
    "hostile-files": hostile_files,
    "live-streams": live_streams,
    "daily-limit": daily_limit,
}


def upload(candidate_id: str, data: bytes, *, token: str, name: str) -> bytes:
    """Return the raw upload of a file, which closes its connection."""
    form = f'--x\r\ncontent-disposition: form-data; name="file"; filename="{name}"\r\n\r\n'.encode()
    form += data + b"\r\n--x--\r\n"
    headers = [
        "connection: close",
        "content-type: multipart/form-data; boundary=x",
        f"content-length: {len(form)}",
    ]
    path = f"/api/v1/resume_upload/candidates/{candidate_id}/resumes"
    return raw_request("POST", path, token=token, headers=headers).encode() + form


async def _hold(
    target: Target,
    counts: Counts,
    *,
    connections: int,
    content: Callable[[int], bytes],
    per_second: int | None = None,
    at_once: int = 1,
) -> None:
    """Keep a number of connections open, each with `content` sent; replace those that are closed.

    New connections are opened `at_once` at a time.
    """
    per_second = per_second or _PER_SECOND
    free = asyncio.Semaphore(connections)
    loop = asyncio.get_running_loop()

    async def one(number: int) -> None:
        with suppress(OSError):
            try:
                reader, writer = await asyncio.open_connection(
                    target.host, target.port, local_addr=(target.source, 0)
                )
            except OSError:
                counts.refused += 1
                raise
            with counts.holding():
                try:
                    writer.write(content(number))
                    line = await reader.readline()
                    status = line[9:12].decode() or "closed"
                    counts.answers[status] = counts.answers.get(status, 0) + 1
                    while await reader.read(65_536):
                        pass
                finally:
                    writer.close()

    async with asyncio.TaskGroup() as tasks:
        began = loop.time()
        for number in itertools.count():
            await free.acquire()
            due = (number - number % at_once) / per_second
            await asyncio.sleep(max(0, began + due - loop.time()))
            # After a delay the pace restarts instead of catching up.
            began = max(began, loop.time() - due)
            tasks.create_task(one(number)).add_done_callback(lambda _: free.release())


async def attack(target: Target) -> Counts:
    """Run the attack for the seconds of its target."""
    counts = Counts()
    with suppress(TimeoutError):
        async with asyncio.timeout(target.seconds):
            await SCENARIOS[target.scenario](target, counts)
    return counts


if __name__ == "__main__":
    print(json.dumps(asdict(asyncio.run(attack(Target(**json.load(sys.stdin)))))))
