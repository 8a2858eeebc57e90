"""Conditional responses: 304 without a body if the client already has the current one."""

import hashlib
from typing import Annotated, Any

from fastapi import Header, Response

CACHE_CONTROL = "private, no-cache"

# Long enough for a few tags of 34 characters each.
IfNoneMatch = Annotated[str | None, Header(max_length=1_000)]

NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "Not Modified: If-None-Match contains the tag of the current response"}
}


def conditional_response(content: str, if_none_match: str | None) -> Response:
    """Return JSON with its ETag, or 304 if `if_none_match` contains this ETag.

    The tag is a hash of the body, so any change of the content changes the tag.
    """
    body = content.encode()
    tag = tag_of(body)
    headers = {"ETag": tag, "Cache-Control": CACHE_CONTROL}
    if is_known(tag, if_none_match):
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)


def tag_of(*parts: bytes) -> str:
    """Return the ETag of a content."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return f'"{digest.hexdigest()[:32]}"'


def is_known(tag: str, if_none_match: str | None) -> bool:
    """Return True if the client already has the content with this ETag."""
    # A proxy may have turned the tag into a weak one.
    known = {each.strip().removeprefix("W/") for each in (if_none_match or "").split(",")}
    return tag in known or "*" in known
