"""HTTP clients that a server can neither flood nor redirect.

A client reads a limited number of bytes of a response, decompresses nothing, follows no redirect, keeps no
cookies, and takes no proxy or password from the environment. h11 limits the headers to 100 kB.
"""

from collections.abc import AsyncIterator
from http.cookiejar import CookieJar, DefaultCookiePolicy

import httpx2


class AnswerRefused(httpx2.TransportError):
    """A response that is not read; the message quotes nothing of it."""


class AnswerTooLarge(AnswerRefused):
    """A response with more bytes than its client reads."""


class AnswerEncoded(AnswerRefused):
    """A compressed response that was not requested. A few bytes of it may expand to gigabytes."""


class _CountedStream(httpx2.AsyncByteStream):
    """A response stream that fails after a number of bytes."""

    def __init__(self, stream: httpx2.AsyncByteStream, *, most: int) -> None:
        self._stream = stream
        self._most = most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        count = 0
        async for piece in self._stream:
            count += len(piece)
            if count > self._most:
                raise _too_large(self._most)
            yield piece

    async def aclose(self) -> None:
        await self._stream.aclose()


class _BoundedTransport(httpx2.AsyncBaseTransport):
    """Refuses compressed responses and those over the limit, at once if Content-Length tells so."""

    def __init__(self, transport: httpx2.AsyncBaseTransport, *, max_answer_bytes: int) -> None:
        self._transport = transport
        self._most = max_answer_bytes

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        response = await self._transport.handle_async_request(request)
        assert isinstance(response.stream, httpx2.AsyncByteStream)  # noqa: S101 - as an async transport gives
        try:
            self._check(response.headers)
        except AnswerRefused:
            await response.aclose()
            raise
        return httpx2.Response(
            status_code=response.status_code,
            headers=response.headers,
            stream=_CountedStream(response.stream, most=self._most),
            extensions=response.extensions,
        )

    async def aclose(self) -> None:
        await self._transport.aclose()

    def _check(self, headers: httpx2.Headers) -> None:
        if headers.get("content-encoding", "").strip().lower() not in ("", "identity"):
            raise AnswerEncoded("the answer is compressed, which was not asked for")
        length = headers.get("content-length", "")
        if length.isdecimal() and int(length[:20]) > self._most:
            raise _too_large(self._most)


def _too_large(most: int) -> AnswerTooLarge:
    return AnswerTooLarge(f"the answer has more than {most} bytes")


def bounded_client(
    *,
    max_answer_bytes: int,
    timeout: float | httpx2.Timeout,
    base_url: str = "",
    max_connections: int = 100,
) -> httpx2.AsyncClient:
    """Return a client that raises `AnswerRefused` for a response of more than `max_answer_bytes`.

    `timeout` applies to each step of a request; the caller limits the whole. SSL_CERT_FILE and SSL_CERT_DIR
    override the trusted authorities.
    """
    limits = httpx2.Limits(max_connections=max_connections, max_keepalive_connections=100)
    transport = httpx2.AsyncHTTPTransport(limits=limits)
    return httpx2.AsyncClient(
        transport=_BoundedTransport(transport, max_answer_bytes=max_answer_bytes),
        base_url=base_url,
        timeout=timeout,
        headers={"Accept-Encoding": "identity"},
        follow_redirects=False,
        trust_env=False,
        cookies=CookieJar(policy=DefaultCookiePolicy(allowed_domains=[])),
    )
