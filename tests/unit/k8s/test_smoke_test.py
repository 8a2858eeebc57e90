"""The script of `helm test` against APIs that fail."""

import importlib.util
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import httpx2
import pytest

from tools.k8s.render import CHARTS

SCRIPT = CHARTS / "resume-review/files/smoke_test.py"
Handler = Callable[[httpx2.Request], httpx2.Response]


def _script(path: Path = SCRIPT) -> ModuleType:
    spec = importlib.util.spec_from_file_location("smoke_test", path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def _api(handler: Handler) -> httpx2.Client:
    return httpx2.Client(base_url="http://api", transport=httpx2.MockTransport(handler))


def test_candidate_of_an_earlier_run_is_found_behind_the_first_page() -> None:
    others = [{"id": str(number), "first_name": "A", "last_name": "B"} for number in range(130)]
    everyone = [*others, {"id": "wanted", "first_name": "Smoke", "last_name": "Test"}]

    def handle(request: httpx2.Request) -> httpx2.Response:
        assert request.method == "GET", "it must not be registered again"
        offset = int(request.url.params["offset"])
        return httpx2.Response(200, json={"candidates": everyone[offset : offset + 100]})

    with _api(handle) as api:
        assert _script().find_candidate(api) == "wanted"


def test_failed_erasure_does_not_hide_the_failure_before_it() -> None:
    script = _script()

    def handle(request: httpx2.Request) -> httpx2.Response:
        path = request.url.path
        if path == "/api/v1/candidates" and request.method == "GET":
            return httpx2.Response(200, json={"candidates": []})
        if path == "/api/v1/candidates":
            return httpx2.Response(201, json={"candidate": {"id": "1"}})
        if path.endswith("/resumes"):
            return httpx2.Response(201, json={"id": "2"})
        return httpx2.Response(503 if path.endswith("/analyze") else 500)

    with _api(handle) as api, pytest.raises(script.Failed) as failed:
        script.run(api, api)

    assert [line.split(" ", 2)[:2] for line in str(failed.value).splitlines()] == [
        ["analyse:", "503"],
        ["erase:", "500"],
    ]
