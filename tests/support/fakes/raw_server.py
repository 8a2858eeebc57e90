"""A server on loopback that answers every request with exactly the bytes a test chooses."""

import asyncio
import zlib
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Final

_MEGABYTE: Final = bytes(1 << 20)


@dataclass(frozen=True, slots=True, kw_only=True)
class RawResponse:
    """A head (status line and headers) and a `piece` of body, sent `times` times, `pause` seconds apart."""

    head: tuple[str, ...] = ("HTTP/1.1 200 OK",)
    piece: bytes = b""
    times: int = 1
    pause: float = 0


def gzip_bomb(megabytes: int) -> RawResponse:
    """Return a gzip body that is a thousandth of the size it decompresses to."""
    packer = zlib.compressobj(wbits=zlib.MAX_WBITS | 16)
    packed = b"".join(packer.compress(_MEGABYTE) for _ in range(megabytes)) + packer.flush()
    head = ("HTTP/1.1 200 OK", "content-encoding: gzip", f"content-length: {len(packed)}")
    return RawResponse(head=head, piece=packed)


def chunked_body(megabytes: int) -> RawResponse:
    """Return a chunked body without an announced length."""
    chunk = b"%x\r\n%b\r\n" % (len(_MEGABYTE), _MEGABYTE)
    return RawResponse(head=("HTTP/1.1 200 OK", "transfer-encoding: chunked"), piece=chunk, times=megabytes)


@dataclass(slots=True)
class FakeRawServer:
    """Give the same answer to every request and keep the requests."""

    answer: RawResponse
    url: str = ""
    requests: list[bytes] = field(default_factory=list)
    bytes_sent: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection."""
        try:
            head = await reader.readuntil(b"\r\n\r\n")
            length = head.lower().partition(b"content-length:")[2].split(b"\r\n")[0]
            self.requests.append(head + await reader.readexactly(int(length or b"0")))
            for piece in self._pieces():
                writer.write(piece)
                await writer.drain()
                self.bytes_sent += len(piece)
                await asyncio.sleep(self.answer.pause)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # The client has closed the connection, as some tests intend.
        finally:
            writer.close()

    def _pieces(self) -> Iterator[bytes]:
        yield ("\r\n".join(self.answer.head) + "\r\n\r\n").encode()
        for _ in range(self.answer.times):
            yield self.answer.piece


@asynccontextmanager
async def fake_raw_server(answer: RawResponse) -> AsyncIterator[FakeRawServer]:
    """Run the server and yield it; its `url` has no path."""
    raw = FakeRawServer(answer)
    server = await asyncio.start_server(raw.serve, "127.0.0.1", 0)
    host, port = server.sockets[0].getsockname()
    raw.url = f"http://{host}:{port}"
    try:
        yield raw
    finally:
        server.close()
