"""Read the rest of a request body before the response is sent.

Many HTTP/1.1 clients read the response only after they have sent the whole request, and the gateway closes a
connection on which it answered early. Such a client would see a closed connection and no response.
"""

import asyncio
from collections import Counter
from contextlib import suppress
from typing import Final
from uuid import UUID

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.errors import RequestTimeout

# The gateway rejects a longer Content-Length by itself.
_MAX_BYTES: Final = 100_000_000
# Together with the 4 s that an upload waits for a slot, less than the gateway's timeout of 8 s.
_SECONDS: Final = 3
# As many as the default number of concurrent uploads. Each costs a connection and no memory.
_AT_ONCE: Final = 32
# Limit for one user, so that repeated refusals of one do not keep those of others from being read.
_AT_ONCE_PER_USER: Final = 8


class DiscardUnreadBody:
    """Reads and discards the rest of authenticated requests, within limits, before the response is sent."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._discarding: Counter[UUID] = Counter()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["method"] != "POST":
            await self._app(scope, receive, send)
            return
        is_read = False

        async def watch() -> Message:
            nonlocal is_read
            message = await receive()
            is_read = not message.get("more_body", False)
            return message

        async def discard_and_send(message: Message) -> None:
            if (
                message["type"] == "http.response.start"
                and not is_read
                and "caller" in scope.get("state", {})
                # A sender that was too slow gets no more time.
                and message["status"] != RequestTimeout.status
            ):
                await self._discard_for(scope["state"]["caller"].user_id, receive)
            await send(message)

        await self._app(scope, watch, discard_and_send)

    async def _discard_for(self, user_id: UUID, receive: Receive) -> None:
        if self._discarding.total() >= _AT_ONCE or self._discarding[user_id] >= _AT_ONCE_PER_USER:
            return
        self._discarding[user_id] += 1
        try:
            await _discard(receive)
        finally:
            self._discarding[user_id] -= 1
            self._discarding += Counter()  # drops entries that are 0


async def _discard(receive: Receive) -> None:
    discarded = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(_SECONDS):
            while discarded <= _MAX_BYTES:
                message = await receive()
                discarded += len(message.get("body", b""))
                if not message.get("more_body", False):
                    return
