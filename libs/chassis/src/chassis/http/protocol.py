"""uvicorn's HTTP protocol with a limit on the request line and headers, which httptools lacks.

Only methods of asyncio's protocols and callbacks that httptools documents for its parser are overridden. An
ASGI middleware would be too late, because the headers are in memory by then.
"""

from typing import Final

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from chassis.http.problems import headers_too_large

# The limit of h11; the gateway's is lower.
MAX_HEAD_BYTES: Final = 64 * 1024
# Colon, space and line end.
_AROUND_A_HEADER: Final = 4


class LimitedHeadProtocol(HttpToolsProtocol):
    """Answers a larger head with 431 and closes the connection.

    Trailers and chunk extensions are limited too, up to one more read of 256 kB.
    """

    # Bytes received since the last part of a body, or since the end of a request.
    _pending_bytes = 0

    def data_received(self, data: bytes) -> None:
        """Refuse a head that exceeds the limit before its end, which the parser would keep in memory."""
        self._pending_bytes += len(data)
        super().data_received(data)
        if self._pending_bytes > MAX_HEAD_BYTES:
            self._refuse()

    def on_headers_complete(self) -> None:
        """Refuse a head that came in one read and exceeds the limit."""
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
