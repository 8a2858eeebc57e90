"""Send uploads to an application piece by piece."""

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
from fastapi import FastAPI
from starlette.types import Message

from tests.integration.conftest import User

PIECE = 65_536
SECONDS = 10


class UploadSender:
    """A connection to an ASGI application that sends a form in several steps."""

    def __init__(self, app: FastAPI, user: User, candidate_id: str, data: bytes) -> None:
        form = httpx2.Request(
            "POST", "http://service.test", files={"file": ("cv.pdf", data)}, headers=user.headers
        )
        self._body = form.read()
        self._messages: asyncio.Queue[Message] = asyncio.Queue()
        self._sent: list[Message] = []
        self.pieces_read = 0
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": f"/api/v1/resume_upload/candidates/{candidate_id}/resumes",
            "raw_path": b"",
            "query_string": b"",
            "root_path": "",
            "headers": [(name.lower(), value) for name, value in form.headers.raw],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        }
        self._handling = asyncio.create_task(app(scope, self._receive, self._send))

    async def _receive(self) -> Message:
        message = await self._messages.get()
        self.pieces_read += 1
        return message

    async def _send(self, message: Message) -> None:
        self._sent.append(message)

    def send(self, *, without_last: int = 0) -> None:
        """Send the rest of the form, except for the last `without_last` bytes."""
        end = len(self._body) - without_last
        while piece := self._body[: min(PIECE, end)]:
            self._body = self._body[len(piece) :]
            end -= len(piece)
            self._messages.put_nowait({"type": "http.request", "body": piece, "more_body": bool(self._body)})

    def disconnect(self) -> None:
        self._messages.put_nowait({"type": "http.disconnect"})

    async def wait_until_read(self) -> None:
        """Wait until the application has read everything that was sent."""
        deadline = time.monotonic() + SECONDS
        while not self._messages.empty() or not self.pieces_read:
            assert time.monotonic() < deadline, "the application did not read the form"
            await asyncio.sleep(0.01)

    async def response(self) -> tuple[int, dict[str, Any], dict[str, str]]:
        async with asyncio.timeout(SECONDS):
            await self._handling
        start, *bodies = self._sent
        headers = {name.decode(): value.decode() for name, value in start["headers"]}
        body = b"".join(message.get("body", b"") for message in bodies)
        return start["status"], json.loads(body), headers


@asynccontextmanager
async def unfinished_upload(app: FastAPI, user: User, candidate_id: str) -> AsyncIterator[UploadSender]:
    """Provide an upload of which everything but the end was sent."""
    sender = UploadSender(app, user, candidate_id, b"%PDF-1.7" + bytes(2_000_000))
    sender.send(without_last=100)
    await sender.wait_until_read()
    try:
        yield sender
    finally:
        sender.disconnect()
        await sender.response()
