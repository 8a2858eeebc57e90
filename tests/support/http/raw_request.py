"""Requests as text, for tests and tools that write to a socket themselves."""

import json
from collections.abc import Sequence


def raw_request(
    method: str, path: str, *, token: str | None = None, body: object = None, headers: Sequence[str] = ()
) -> str:
    """Return one HTTP/1.1 request; `body` becomes JSON, `headers` are whole lines."""
    content = "" if body is None else json.dumps(body)
    lines = [f"{method} {path} HTTP/1.1", "host: bench", *headers]
    if token:
        lines.append(f"authorization: Bearer {token}")
    if content:
        lines += ["content-type: application/json", f"content-length: {len(content)}"]
    return "\r\n".join(lines) + "\r\n\r\n" + content
