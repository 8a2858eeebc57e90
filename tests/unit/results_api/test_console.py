"""The static files of the console, as results-api serves them."""

import re
from collections.abc import AsyncIterator
from importlib import resources

import httpx2
import pytest
import pytest_asyncio
from chassis.components import Components
from chassis.http.app import create_http_app
from results_api.http.console import console_router

from tests.support.http.in_process import run_app

FILES = resources.files("results_api") / "console"


@pytest_asyncio.fixture
async def http() -> AsyncIterator[httpx2.AsyncClient]:
    components = Components(stop_seconds=1)
    app = create_http_app(title="t", version="1", components=components, routers=(console_router(),))
    async with run_app(app) as client:
        yield client


@pytest.mark.parametrize(
    ("path", "media_type"),
    [
        ("", "text/html; charset=utf-8"),
        ("index.html", "text/html; charset=utf-8"),
        ("style/base.css", "text/css; charset=utf-8"),
        ("views/analysis.js", "text/javascript; charset=utf-8"),
        ("icon.svg", "image/svg+xml"),
    ],
    ids=["root", "page", "style", "script", "picture"],
)
async def test_file_is_served_with_its_type_and_a_strict_policy(
    http: httpx2.AsyncClient, path: str, media_type: str
) -> None:
    answer = await http.get(f"/console/{path}")
    assert answer.status_code == 200
    assert answer.text == (FILES / (path or "index.html")).read_text()
    assert answer.headers["content-type"] == media_type
    policy = answer.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'")
    assert "frame-ancestors 'none'" in policy
    assert "unsafe" not in policy
    assert answer.headers["referrer-policy"] == "no-referrer"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.headers["cache-control"] == "no-cache"


async def test_unchanged_file_is_not_sent_again(http: httpx2.AsyncClient) -> None:
    first = await http.get("/console/app.js")
    again = await http.get("/console/app.js", headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (await http.get("/console/app.js", headers={"If-None-Match": '"old"'})).status_code == 200
    assert (await http.get("/console/api.js")).headers["etag"] != first.headers["etag"]


async def test_head_has_the_headers_of_get(http: httpx2.AsyncClient) -> None:
    whole, head = await http.get("/console/"), await http.head("/console/")
    assert head.status_code == 200
    for name in ("content-type", "content-length", "etag", "content-security-policy"):
        assert head.headers[name] == whole.headers[name]


@pytest.mark.parametrize(
    "path",
    [
        "nothing.js",
        "../main.py",
        "%2e%2e/main.py",
        "..%2fmain.py",
        "/etc/passwd",
        "%00",
        "views",
        "a" * 999,
    ],
    ids=["unknown", "parent", "encoded", "slashes", "absolute", "nul", "folder", "long"],
)
async def test_no_other_file_is_served(http: httpx2.AsyncClient, path: str) -> None:
    url = httpx2.URL("http://service.test").copy_with(raw_path=f"/console/{path}".encode())
    answer = await http.get(url)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


async def test_address_without_slash_leads_to_the_page(http: httpx2.AsyncClient) -> None:
    answer = await http.get("/console")
    # Relative to the origin of the gateway, which this service does not know.
    assert (answer.status_code, answer.headers["location"]) == (307, "/console/")


async def test_other_methods_are_refused(http: httpx2.AsyncClient) -> None:
    answer = await http.post("/console/")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, HEAD")


async def test_console_is_not_in_the_openapi_document(http: httpx2.AsyncClient) -> None:
    assert not [path for path in (await http.get("/openapi.json")).json()["paths"] if "console" in path]


def test_page_has_nothing_inline_and_loads_nothing_from_elsewhere() -> None:
    page = (FILES / "index.html").read_text()
    assert not re.search(r"<style|\sstyle=|\son\w+=|https?://", page)
    assert re.findall(r"<script[^>]*>(.*?)</script>", page) == [""]


def test_no_script_parses_data_as_markup() -> None:
    scripts = {
        str(path): path.read_text()
        for folder in (FILES, FILES / "views", FILES / "report", FILES / "jobs")
        for path in folder.iterdir()
        if path.name.endswith(".js")
    }
    assert len(scripts) > 10
    parsers = r"(inner|outer|Adjacent)HTML|document\.write|DOMParser|\beval\(|new Function|localStorage[.[]\w"
    assert not [path for path, script in scripts.items() if re.search(parsers, script)]
