"""uvicorn's HTTP/1.1, with the head of an answer and its body in one packet.

uvicorn writes the two one after the other, which is a system call and a packet more for each answer.
"""

import asyncio
from typing import Any, cast

from uvicorn.protocols.http.h11_impl import H11Protocol


class Joining:
    """A transport that holds what is written until more is, or until the loop's next turn."""

    def __init__(self, transport: asyncio.Transport) -> None:
        self._transport = transport
        self._held = b""
        self._loop = asyncio.get_running_loop()

    def write(self, data: bytes) -> None:
        """Send it with what is held, or hold it."""
        if not data:
            return
        if self._held:
            data, self._held = self._held + data, b""
            self._transport.write(data)
        else:
            self._held = data
            self._loop.call_soon(self._flush)

    def close(self) -> None:
        """Send what is held, and close."""
        self._flush()
        self._transport.close()

    def _flush(self) -> None:
        if self._held:
            held, self._held = self._held, b""
            self._transport.write(held)

    def __getattr__(self, name: str) -> Any:  # noqa: ANN401 - whatever it has
        """All else is the transport's own."""
        return getattr(self._transport, name)


class OnePacketProtocol(H11Protocol):
    """For `uvicorn.run(http=...)`."""

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override] # as uvicorn's
        """Write through what joins."""
        super().connection_made(cast("asyncio.Transport", Joining(transport)))
