"""uvicorn's HTTP protocol with a limit on the line and the headers of a request, which httptools lacks.

Only methods of asyncio's protocols and callbacks that httptools documents for its parser are overridden. An
ASGI middleware would come too late: it sees headers that were read and kept.
"""

from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from chassis.http.problems import headers_too_large

# As h11 has it; the gateway takes less.
MAX_HEAD_BYTES: Final = 64 * 1024
# Colon, space and the end of the line.
_AROUND_A_HEADER: Final = 4


class LimitedHeadProtocol(HttpToolsProtocol):
    """Answers a larger head with 431, and closes the connection.

    Trailers and extensions of chunks are limited too, but one read more of them may pass: 256 kB.
    """

    # Received since the last bytes of a body, or since the end of a request.
    _pending_bytes = 0

    def data_received(self, data: bytes) -> None:
        """Refuse what goes on beyond the limit without an end: the parser would keep all of it."""
        self._pending_bytes += len(data)
        super().data_received(data)
        if self._pending_bytes > MAX_HEAD_BYTES:
            self._refuse()

    def on_headers_complete(self) -> None:
        """Refuse what came in one read, and ended beyond the limit."""
        size = len(self.url) + sum(len(name) + len(value) + _AROUND_A_HEADER for name, value in self.headers)
        if size > MAX_HEAD_BYTES:
            self._refuse()
        else:
            super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._pending_bytes = 0
        if not self.transport.is_closing():
            super().on_body(body)

    def on_message_complete(self) -> None:
        self._pending_bytes = 0
        if not self.transport.is_closing():
            super().on_message_complete()

    def _refuse(self) -> None:
        if self.transport.is_closing():
            return
        answer = headers_too_large()
        head = [b"HTTP/1.1 431 Request Header Fields Too Large"]
        head += (name + b": " + value for name, value in answer.raw_headers)
        self.transport.write(b"\r\n".join([*head, b"", bytes(answer.body)]))
        self.transport.close()
