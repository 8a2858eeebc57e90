"""Routes of the page. FastAPI's own page loads its assets from a CDN and runs an inline script."""

from html import escape
from importlib.resources import files
from typing import Final

from fastapi import FastAPI, Request
from fastapi.responses import FileResponse, HTMLResponse
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

_FILES: Final = files("chassis.http.api_page")
# Swagger UI embeds its icons as data URLs.
_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)


def api_page_routes() -> list[BaseRoute]:
    """Return the routes of `/docs`."""
    return [
        Route("/docs", _page),
        Route("/docs/start.js", _start_script),
        # fastapi-offline repackages Swagger UI's distribution.
        Mount("/docs/assets", StaticFiles(packages=[("fastapi_offline", "static")])),
    ]


async def _page(request: Request) -> HTMLResponse:
    app: FastAPI = request.app
    page = _FILES.joinpath("page.html").read_text(encoding="utf-8").replace("{title}", escape(app.title))
    return HTMLResponse(page, headers={"Content-Security-Policy": _POLICY})


async def _start_script(_request: Request) -> FileResponse:
    return FileResponse(str(_FILES.joinpath("start.js")), media_type="text/javascript")
