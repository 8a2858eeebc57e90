"""Reads what is left of a request before it is answered.

Over HTTP/1.1 many clients send first and read later, and the gateway closes a connection on which it has
answered before the end of the request. Such a client would see a closed connection and no answer.
"""

import asyncio
from collections import Counter
from contextlib import suppress
from typing import Final
from uuid import UUID

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.errors import RequestTimeout

# The gateway refuses by itself what says that it is longer.
_MAX_BYTES: Final = 100_000_000
# With the 4 s that an upload may wait for its slot: less than the 8 s after which the gateway answers itself.
_SECONDS: Final = 3
# As many as there are uploads at once by default. They cost a connection each, and no memory.
_AT_ONCE: Final = 32
# Of one user: so that others' are read while one is refused again and again.
_AT_ONCE_PER_USER: Final = 8


class DiscardUnreadBody:
    """Throws away the unread rest of what authenticated callers send, within limits, and answers then."""

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
                # That sender had its time.
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
            self._discarding += Counter()  # without those that are 0


async def _discard(receive: Receive) -> None:
    discarded = 0
    with suppress(TimeoutError):
        async with asyncio.timeout(_SECONDS):
            while discarded <= _MAX_BYTES:
                message = await receive()
                discarded += len(message.get("body", b""))
                if not message.get("more_body", False):
                    return
