"""Answers that are not sent again to whoever has them already."""

import hashlib
from typing import Annotated, Any

from fastapi import Header, Response

from results_api.http.responses import ResultView, StatusView

# Long enough for a few tags, each of 34 characters.
IfNoneMatch = Annotated[str | None, Header(max_length=1_000)]

NOT_MODIFIED: dict[int | str, dict[str, Any]] = {
    304: {"description": "Not Modified: what If-None-Match names is what would be sent"}
}


def unless_known(answer: StatusView | ResultView, if_none_match: str | None) -> Response:
    """The answer with its ETag, or 304 without a body where `if_none_match` names it.

    The tag is of the body, so that whatever an answer is made of, a changed one has another.
    """
    body = answer.to_json().encode()
    tag = f'"{hashlib.sha256(body).hexdigest()[:32]}"'
    # A proxy may have made the tag a weak one.
    known = {each.strip().removeprefix("W/") for each in (if_none_match or "").split(",")}
    headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
    if tag in known or "*" in known:
        return Response(status_code=304, headers=headers)
    return Response(body, media_type="application/json", headers=headers)
