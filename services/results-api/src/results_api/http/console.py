"""The console: the static files of `results_api/console`, served at `/console/` without a token.

The files hold no data. The page calls the same routes as any other client, with the token of its user.
"""

from dataclasses import dataclass
from importlib import resources
from importlib.resources.abc import Traversable
from typing import Final

from chassis.errors import NotFound
from fastapi import APIRouter, Response
from fastapi.responses import RedirectResponse

from results_api.http.etags import IfNoneMatch, is_known, tag_of

CONSOLE_PATH: Final = "/console/"
_INDEX: Final = "index.html"

_MEDIA_TYPES: Final = {
    ".html": "text/html; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".svg": "image/svg+xml",
}
# Scripts, styles and requests of this origin alone, and nothing inline: text of a resume that got into the
# page as markup could load and send nothing.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS: Final = {
    "Content-Security-Policy": _POLICY,
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # Revalidated on each use: after an upgrade, modules of two versions must not meet.
    "Cache-Control": "no-cache",
}


@dataclass(frozen=True, slots=True)
class _File:
    body: bytes
    media_type: str
    tag: str


def console_router() -> APIRouter:
    """Read the files, and return the router that serves them.

    A request only looks up a name among these, so no path leads to another file.
    """
    files = _read(resources.files("results_api") / "console")
    router = APIRouter(include_in_schema=False)

    @router.api_route("/console", methods=["GET", "HEAD"])
    async def to_index() -> Response:
        return RedirectResponse(CONSOLE_PATH, headers=_HEADERS)

    @router.api_route(CONSOLE_PATH + "{path:path}", methods=["GET", "HEAD"])
    async def serve(path: str, if_none_match: IfNoneMatch = None) -> Response:
        file = files.get(path or _INDEX)
        if file is None:
            raise NotFound("There is nothing at this address.")
        headers = {**_HEADERS, "ETag": file.tag}
        if is_known(file.tag, if_none_match):
            return Response(status_code=304, headers=headers)
        return Response(file.body, media_type=file.media_type, headers=headers)

    return router


def _read(folder: Traversable, prefix: str = "") -> dict[str, _File]:
    """Return the files of a folder and its subfolders by their path."""
    found: dict[str, _File] = {}
    for entry in folder.iterdir():
        name = prefix + entry.name
        if entry.is_dir():
            found |= _read(entry, f"{name}/")
            continue
        media_type = _MEDIA_TYPES.get("." + entry.name.rpartition(".")[2])
        if media_type is not None:
            body = entry.read_bytes()
            found[name] = _File(body, media_type, tag_of(body))
    return found
