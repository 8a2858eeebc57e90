"""Escape JSON responses, so that they are never read as HTML, even by a page that forgets to escape.

JSON has `<`, `>`, `&` and the line separators only within strings, where an escape means the same. So they
are replaced in the bytes that are sent.
"""

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_NO_SNIFF = (b"x-content-type-options", b"nosniff")
_EVENTS = "text/event-stream"
_ESCAPES = ((b"<", b"\\u003c"), (b">", b"\\u003e"), (b"&", b"\\u0026"))
_SEPARATORS = ((b"\xe2\x80\xa8", b"\\u2028"), (b"\xe2\x80\xa9", b"\\u2029"))


def escape_json(text: bytes) -> bytes:
    """Return equivalent JSON without markup characters."""
    for character, escape in _ESCAPES:
        text = text.replace(character, escape)
    for character, escape in _SEPARATORS:
        # Searching one byte is 50 times as fast as searching three, and texts rarely contain both bytes.
        if character[:1] in text and character[2:] in text:
            text = text.replace(character, escape)
    return text


class EscapeJsonResponses:
    """Escapes JSON responses and the data of server-sent events, and adds `nosniff` to every response."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        # The start of a JSON response is held until the length of its body is known.
        held: Message | None = None
        is_events = False
        parts: list[bytes] = []

        async def send_plain(message: Message) -> None:
            nonlocal held, is_events
            if message["type"] == "http.response.start":
                message["headers"] = [*message["headers"], _NO_SNIFF]
                kind = Headers(raw=message["headers"]).get("content-type", "").partition(";")[0]
                if kind == "application/json" or kind.endswith("+json"):
                    held = message
                    return
                is_events = kind == _EVENTS
            elif message["type"] == "http.response.body":
                if held is not None:
                    parts.append(message.get("body", b""))
                    if message.get("more_body", False):
                        return
                    body = escape_json(parts[0] if len(parts) == 1 else b"".join(parts))
                    held["headers"] = [
                        *(each for each in held["headers"] if each[0] != b"content-length"),
                        (b"content-length", str(len(body)).encode()),
                    ]
                    await send(held)
                    message = {"type": "http.response.body", "body": body}
                elif is_events:
                    # Each message is one whole event, and only its data contains any of these characters.
                    message["body"] = escape_json(message.get("body", b""))
            await send(message)

        await self._app(scope, receive, send_plain)
