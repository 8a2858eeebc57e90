"""The model of these tests: it outlives the services, takes its time, and writes down every call."""

import asyncio
import json
import random
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from local_stack.ports import LOOPBACK

from tests.support.fake_judge import Judge
from tests.support.fake_model import FakeModel, Step

# Of one analysis, in what it asks to be looked at: load.py puts it there.
ANALYSIS_CODE = re.compile(r"CANARY-A\d+")
# What an analyzer is given as its key: its own name.
_KEY = re.compile(r"(?i)authorization: bearer (\S+)")
_LATENCY_SECONDS: Final = (0.05, 0.15)
# So long is an answer open that is never remembered: its analysis was cancelled, or its analyzer killed.
_OPEN_SECONDS: Final = 10.0


@dataclass(slots=True, kw_only=True)
class Call:
    """One call of one `analyzer`, which its key names; not answered where the client went away before.

    `name` is the model's name in its answer, under which the analyzer remembers it.
    """

    at: float
    analyzer: str
    analysis: str
    name: str
    answered_at: float | None = None
    status: int = 200

    def is_open_in(self, window: "Window", remembered: Mapping[str, float]) -> bool:
        """Whether its analyzer was kept from its work between the question and remembering the answer."""
        assert self.answered_at is not None
        until = remembered.get(self.name, self.answered_at + _OPEN_SECONDS)
        return self.analyzer == window.analyzer and self.at <= window.until and window.since <= until


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """When one `analyzer` was kept from its work."""

    analyzer: str
    since: float
    until: float


class RecordingModel(FakeModel):
    """Answers sensibly after a time drawn from `latency` (seconds); `steps` overrule that."""

    def __init__(self, *, port: int) -> None:
        super().__init__()
        self.port = port
        self._random = random.Random(1)  # noqa: S311 - to be repeated
        self._server: asyncio.Server | None = None
        self.reset()

    def reset(self) -> None:
        """As quick and sensible as at first, without what it was asked so far."""
        self.latency = _LATENCY_SECONDS
        self.steps = Judge("sensible")
        self.calls: list[Call] = []

    async def start(self) -> None:
        """Listen."""
        self._server = await asyncio.start_server(self.serve, LOOPBACK, self.port)

    async def stop(self) -> None:
        """Listen no more."""
        if self._server is not None:
            self._server.close()

    @property
    def base_url(self) -> str:
        """One for all analyzers: where an answer is from is part of what they remember it by."""
        return f"http://{LOOPBACK}:{self.port}/v1"

    def step_for(self, request: dict[str, object]) -> Step:
        """As the base, without keeping the requests."""
        assert callable(self.steps)
        return self.steps(request)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One call a connection."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = int(head.lower().partition("content-length:")[2].split("\r\n")[0])
            body = (await reader.readexactly(length)).decode()
            code = ANALYSIS_CODE.search(body)
            call = Call(
                at=time.monotonic(),
                analyzer=key[1] if (key := _KEY.search(head)) else "unknown",
                analysis=code[0] if code else "unknown",
                name=f"fake-model-{len(self.calls)}",
            )
            self.calls.append(call)
            step = self.step_for(json.loads(body))
            if isinstance(step.body, dict) and "model" in step.body:
                step = replace(step, body={**step.body, "model": call.name})
            call.status = step.status
            await asyncio.sleep(step.wait or self._random.uniform(*self.latency))
            if not step.hang_up and not reader.at_eof():
                await self._answer(step, writer)
                call.answered_at = time.monotonic()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # The analyzer was killed: that is what these tests are about.
        finally:
            writer.close()

    def thrown_away(self, windows: Sequence[Window], *, remembered: Mapping[str, float]) -> int:
        """Calls whose answer nobody took, or that were open when their analyzer was kept from its work.

        `remembered` is when an answer was, by the name in it.
        """
        return sum(
            call.answered_at is None or any(call.is_open_in(each, remembered) for each in windows)
            for call in self.calls
        )
