"""A server that speaks OpenAI's chat completions, on loopback, and does as a test tells it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What to do with one request: wait, then answer, in `drip` seconds a byte if given; or hang up."""

    body: Json | str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0
    drip: float = 0
    hang_up: bool = False


def says(
    content: Any,
    *,
    model: str | None = "fake-model-2026",
    finish_reason: str = "stop",
    refusal: str | None = None,
    **step: Any,
) -> Step:
    """A completion; `content` is text, None, or what is made JSON."""
    text = content if content is None or isinstance(content, str) else json.dumps(content, ensure_ascii=False)
    body = {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": model,
        "choices": [
            {
                "index": 0,
                "finish_reason": finish_reason,
                "message": {"role": "assistant", "content": text, "refusal": refusal},
            }
        ],
        "usage": {"prompt_tokens": 1000, "completion_tokens": 200, "total_tokens": 1200},
    }
    return Step(body=body, **step)


def refuses(message: str, *, param: str | None = None, status: int = 400) -> Step:
    """An error as OpenAI words it."""
    error = {"message": message, "type": "invalid_request_error", "param": param, "code": None}
    return Step(status=status, body={"error": error})


class FakeModel:
    """Takes the steps one request after another, and the last one ever after."""

    def __init__(self) -> None:
        self.url = ""
        self.requests: list[Json] = []
        self.steps: Sequence[Step] | Callable[[Json], Step] = ()

    def step_for(self, request: Json) -> Step:
        self.requests.append(request)
        if callable(self.steps):
            return self.steps(request)
        return self.steps[min(len(self.requests), len(self.steps)) - 1]

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            length = int(head.partition("content-length:")[2].split("\r\n")[0])
            step = self.step_for(json.loads(await reader.readexactly(length)))
            await asyncio.sleep(step.wait)
            if not step.hang_up:
                await self._answer(step, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # The client went away: that is what some tests are about.
        finally:
            writer.close()

    async def _answer(self, step: Step, writer: asyncio.StreamWriter) -> None:
        body = (step.body if isinstance(step.body, str) else json.dumps(step.body)).encode()
        headers = {
            "content-type": "application/json",
            "content-length": str(len(body)),
            "connection": "close",
            **step.headers,
        }
        lines = [f"HTTP/1.1 {step.status} Played", *(f"{name}: {value}" for name, value in headers.items())]
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        for piece in [body[at : at + 1] for at in range(len(body))] if step.drip else [body]:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(step.drip)


@asynccontextmanager
async def fake_model() -> AsyncIterator[FakeModel]:
    """Started; its `url` is the base URL for a client."""
    model = FakeModel()
    server = await asyncio.start_server(model.serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    model.url = f"http://{host}:{port}/v1"
    try:
        yield model
    finally:
        server.close()
