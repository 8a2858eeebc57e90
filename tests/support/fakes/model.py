"""A fake server with OpenAI's chat completions API on loopback, which replies as a test tells it."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class FakeReply:
    """The reply to one request.

    The server waits `wait` seconds, then sends the body, with `drip` seconds after each byte, or closes the
    connection without a reply (`hang_up`).
    """

    body: Json | str = ""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    wait: float = 0
    drip: float = 0
    hang_up: bool = False


def completion(
    content: Any,
    *,
    model: str | None = "fake-model-2026",
    finish_reason: str = "stop",
    refusal: str | None = None,
    **reply: Any,
) -> FakeReply:
    """Build a completion; `content` is text, None or a value to serialize as JSON."""
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
    return FakeReply(body=body, **reply)


def rejection(message: str, *, param: str | None = None, status: int = 400) -> FakeReply:
    """Build an error response in OpenAI's format."""
    error = {"message": message, "type": "invalid_request_error", "param": param, "code": None}
    return FakeReply(status=status, body={"error": error})


Reply = FakeReply | Callable[[Json], FakeReply]


class FakeModel:
    """Sends `replies` in order, the last one repeatedly, or calls `replies` with each request.

    A reply that is a function is called with the request. Requests to which `aside` has a reply get that, and
    are kept in `requests_aside`.
    """

    def __init__(self) -> None:
        self.url = ""
        self.requests: list[Json] = []
        self.replies: Sequence[Reply] | Callable[[Json], Reply] = ()
        self.aside: Callable[[Json], FakeReply | None] = lambda _: None
        self.requests_aside: list[Json] = []

    def reply_to(self, request: Json) -> FakeReply:
        if reply_aside := self.aside(request):
            self.requests_aside.append(request)
            return reply_aside
        self.requests.append(request)
        if callable(self.replies):
            reply = self.replies(request)
        else:
            reply = self.replies[min(len(self.requests), len(self.replies)) - 1]
        return reply(request) if callable(reply) else reply

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode().lower()
            length = int(head.partition("content-length:")[2].split("\r\n")[0])
            reply = self.reply_to(json.loads(await reader.readexactly(length)))
            await asyncio.sleep(reply.wait)
            if not reply.hang_up:
                await self._send(reply, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # Some tests let the client give up.
        finally:
            writer.close()

    async def _send(self, reply: FakeReply, writer: asyncio.StreamWriter) -> None:
        body = (reply.body if isinstance(reply.body, str) else json.dumps(reply.body)).encode()
        headers = {
            "content-type": "application/json",
            "content-length": str(len(body)),
            "connection": "close",
            **reply.headers,
        }
        lines = [f"HTTP/1.1 {reply.status} Fake", *(f"{name}: {value}" for name, value in headers.items())]
        writer.write(("\r\n".join(lines) + "\r\n\r\n").encode())
        for piece in [body[at : at + 1] for at in range(len(body))] if reply.drip else [body]:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(reply.drip)


@asynccontextmanager
async def fake_model() -> AsyncIterator[FakeModel]:
    """Start a fake server; its `url` is the base URL for a client."""
    model = FakeModel()
    server = await asyncio.start_server(model.serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    model.url = f"http://{host}:{port}/v1"
    try:
        yield model
    finally:
        server.close()
