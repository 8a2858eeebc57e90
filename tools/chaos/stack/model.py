"""A fake model for the fault tests, which outlives the services and records every call."""

import asyncio
import json
import random
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from local_stack.ports import LOOPBACK

from tests.support.fakes.labels import is_about_topics, is_about_writing
from tests.support.fakes.model import FakeModel, FakeReply, Json
from tests.support.fakes.model_behaviour import FakeModelBehaviour
from tools.chaos.evidence.rows import QuestionName

# The canary of an analysis stands in its focus areas, and that of a resume in one of its bullets.
_ANALYSIS_CODE: Final = re.compile(r"CANARY-A\d+")
_RESUME_CODE: Final = re.compile(r"CANARY-R\d+")
# An analyzer's API key is its own name.
_KEY = re.compile(r"(?i)authorization: bearer (\S+)")
_LATENCY_SECONDS: Final = (0.05, 0.15)
# An answer that is never cached, because its analysis was cancelled or its analyzer killed, counts as open
# this long.
_OPEN_SECONDS: Final = 10.0


@dataclass(slots=True, kw_only=True)
class Call:
    """One call of an `analyzer`; it has no `answered_at` if the client disconnected first.

    `resume` and `analysis` are the canaries in the prompt: every question has that of the resume, and only
    the one about the writing has that of the analysis. `seed` tells calls with the same question apart.
    `name` is the model's name in the answer, which is also in the cached answer.
    """

    at: float
    analyzer: str
    question: QuestionName
    seed: int
    resume: str
    analysis: str | None
    name: str
    answered_at: float | None = None
    status: int = 200

    def was_open_during(self, interruption: "Interruption", remembered: Mapping[str, float]) -> bool:
        """Return True if the analyzer was interrupted between the request and caching the answer."""
        assert self.answered_at is not None
        until = remembered.get(self.name, self.answered_at + _OPEN_SECONDS)
        return (
            self.analyzer == interruption.analyzer
            and self.at <= interruption.until
            and interruption.since <= until
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption:
    """A period in which an `analyzer` could not work."""

    analyzer: str
    since: float
    until: float


class FakeRecordingModel(FakeModel):
    """Answer sensibly after a time drawn from `latency` (seconds), unless `steps` say otherwise."""

    def __init__(self, *, port: int) -> None:
        super().__init__()
        self.port = port
        self._random = random.Random(1)  # noqa: S311 - reproducible
        self._server: asyncio.Server | None = None
        self.reset()

    def reset(self) -> None:
        """Restore latency and answers, and forget the recorded calls."""
        self.latency = _LATENCY_SECONDS
        self.replies = FakeModelBehaviour("sensible")
        self.calls: list[Call] = []

    async def start(self) -> None:
        """Start listening."""
        self._server = await asyncio.start_server(self.serve, LOOPBACK, self.port)

    async def stop(self) -> None:
        """Stop listening."""
        if self._server is not None:
            self._server.close()

    @property
    def base_url(self) -> str:
        """Return the URL, the same for all analyzers because it is part of the key of a cached answer."""
        return f"http://{LOOPBACK}:{self.port}/v1"

    def reply_to(self, request: dict[str, object]) -> FakeReply:
        """Return the step for a request, without keeping the request."""
        assert callable(self.replies)
        reply = self.replies(request)
        return reply(request) if callable(reply) else reply

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one call."""
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            length = int(head.lower().partition("content-length:")[2].split("\r\n")[0])
            body = (await reader.readexactly(length)).decode()
            request: Json = json.loads(body)
            call = Call(
                at=time.monotonic(),
                analyzer=key[1] if (key := _KEY.search(head)) else "unknown",
                question=(question := _question_of(request)),
                seed=request["seed"],
                resume=_find(_RESUME_CODE, body),
                analysis=_find(_ANALYSIS_CODE, body) if question == "writing" else None,
                name=f"fake-model-{len(self.calls)}",
            )
            self.calls.append(call)
            step = self.reply_to(request)
            if isinstance(step.body, dict) and "model" in step.body:
                step = replace(step, body={**step.body, "model": call.name})
            call.status = step.status
            await asyncio.sleep(step.wait or self._random.uniform(*self.latency))
            if not step.hang_up and not reader.at_eof():
                await self._send(step, writer)
                call.answered_at = time.monotonic()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # The analyzer was killed.
        finally:
            writer.close()

    def count_discarded(
        self, interruptions: Sequence[Interruption], *, remembered: Mapping[str, float]
    ) -> int:
        """Count calls whose answer was not read or that were open while their analyzer was interrupted.

        `remembered` is when each answer was cached, by the model's name in it.
        """
        return sum(
            call.answered_at is None or any(call.was_open_during(each, remembered) for each in interruptions)
            for call in self.calls
        )


def _question_of(request: Json) -> QuestionName:
    if is_about_writing(request):
        return "writing"
    return "topics" if is_about_topics(request) else "labels"


def _find(code: re.Pattern[str], body: str) -> str:
    found = code.search(body)
    return found[0] if found else "unknown"
