"""The other users during a flood: their requests, and what they see."""

import asyncio
import random
import time
import uuid
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from local_stack.ports import LOOPBACK
from local_stack.stack import Stack

from tests.support.http.api_client import ApiClient
from tests.support.http.raw_request import raw_request
from tools.bench.flood.attacks import upload
from tools.bench.statistics import percentile

_REQUESTS_PER_SECOND: Final = 30
_UPLOADS_PER_SECOND: Final = 0.5
# The frontend also gives up after this time.
_DEADLINE_SECONDS: Final = 10
RESUME: Final = (
    b"Mina Example\nSoftware engineer\nExperience\n2019-2024 Example Ltd: built services in Python.\n"
)


@dataclass(frozen=True, slots=True)
class Requests:
    """Raw requests of the other users, each for its own connection."""

    ordinary: list[bytes] = field(default_factory=list)
    uploads: list[bytes] = field(default_factory=list)


@dataclass(slots=True)
class Outcomes:
    """The outcomes of requests: seconds of successful ones, and numbers of failures by status."""

    seconds: list[float] = field(default_factory=list)
    failures: dict[str, int] = field(default_factory=dict)

    @property
    def success(self) -> float:
        """Return the percentage of successful requests."""
        total = len(self.seconds) + sum(self.failures.values())
        return 100 * len(self.seconds) / total

    def __add__(self, other: "Outcomes") -> "Outcomes":
        failures = dict(self.failures)
        for status, number in other.failures.items():
            failures[status] = failures.get(status, 0) + number
        return Outcomes(seconds=self.seconds + other.seconds, failures=failures)

    def milliseconds(self, percent: float) -> float:
        """Return a percentile of the latencies in milliseconds."""
        return percentile(self.seconds, percent) * 1000 if self.seconds else float("inf")


async def measure(
    port: int, requests: Sequence[bytes], *, seconds: float, per_second: float = _REQUESTS_PER_SECOND
) -> Outcomes:
    """Send requests at random times, independent of responses, each on its own connection."""
    seen, gaps = Outcomes(), random.Random(1)  # noqa: S311 - reproducible
    end = time.monotonic() + seconds
    async with asyncio.TaskGroup() as tasks:
        while time.monotonic() < end:
            tasks.create_task(ask(port, gaps.choice(requests), seen))
            await asyncio.sleep(gaps.expovariate(per_second))
    return seen


async def measure_all(port: int, requests: Requests, *, seconds: float) -> tuple[Outcomes, Outcomes]:
    """Measure ordinary requests, and uploads if there are any, at the same time."""
    ordinary = measure(port, requests.ordinary, seconds=seconds)
    if not requests.uploads:
        return await ordinary, Outcomes()
    uploads = measure(port, requests.uploads, seconds=seconds, per_second=_UPLOADS_PER_SECOND)
    return await asyncio.gather(ordinary, uploads)


async def ask(port: int, content: bytes, seen: Outcomes) -> None:
    """Send one request and add its outcome to `seen`."""
    began = time.monotonic()
    try:
        async with asyncio.timeout(_DEADLINE_SECONDS):
            reader, writer = await asyncio.open_connection(LOOPBACK, port)
            try:
                writer.write(content)
                answer = await reader.read(-1)
            finally:
                writer.close()
    except (OSError, TimeoutError) as error:
        answer = type(error).__name__.encode()
    status = answer[9:12].decode() if answer.startswith(b"HTTP/1.1 ") else answer.decode() or "closed"
    if status.startswith("2"):
        seen.seconds.append(time.monotonic() - began)
    else:
        seen.failures[status] = seen.failures.get(status, 0) + 1


async def create_user(stack: Stack) -> Requests:
    """Create a user with an analysis, and return the requests of this user."""
    token = stack.token(user_id=uuid.uuid4())
    client = ApiClient(url=stack.url, token=token)
    candidate_id = await client.new_candidate()
    resume_id = (await client.upload(candidate_id, "cv.txt", RESUME)).json()["id"]
    analysis_id = (await client.analyze(resume_id)).json()["analysis_id"]
    await client.ended(analysis_id)
    await client.close()
    close = ["connection: close"]
    return Requests(
        ordinary=[
            raw_request(
                "GET", f"/api/v1/analysis/analysis/{analysis_id}/status", token=token, headers=close
            ).encode(),
            raw_request("GET", "/api/v1/analysis/", token=token, headers=close).encode(),
            raw_request(
                "POST",
                f"/api/v1/analysis/resumes/{resume_id}/analyze",
                token=token,
                body={"industry": "strategy_tech"},
                headers=close,
            ).encode(),
        ],
        uploads=[upload(candidate_id, RESUME, token=token, name="cv.txt")],
    )
