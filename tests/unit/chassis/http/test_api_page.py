"""The page that describes the API loads everything from its own service."""

import re
from collections.abc import Iterator

import pytest
from chassis.components import Components
from chassis.http.app import create_http_app
from fastapi.testclient import TestClient


@pytest.fixture
def client() -> Iterator[TestClient]:
    app = create_http_app(title="A <title>", version="1", components=Components(stop_seconds=1))
    with TestClient(app) as client:
        yield client


def test_every_file_of_the_page_comes_from_the_service(client: TestClient) -> None:
    page = client.get("/docs")
    links = re.findall(r'(?:src|href)="([^"]+)"', page.text)
    assert len(links) == 4
    assert not [each for each in links if "//" in each]
    for link in links:
        assert client.get(f"/{link}").status_code == 200
    script = client.get("/docs/start.js")
    assert script.headers["content-type"].startswith("text/javascript")
    assert "validatorUrl: null" in script.text
    assert client.get("/openapi.json").json()["info"]["title"] == "A <title>"


def test_page_forbids_other_origins_and_inline_scripts(client: TestClient) -> None:
    page = client.get("/docs")
    policy = page.headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self'; style-src 'self';")
    assert "unsafe" not in policy
    assert "<script>" not in page.text
    assert "A &lt;title&gt;" in page.text


@pytest.mark.parametrize("path", ["/redoc", "/docs/assets/../__init__.py", "/docs/assets/missing.js"])
def test_nothing_else_is_served(client: TestClient, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"
