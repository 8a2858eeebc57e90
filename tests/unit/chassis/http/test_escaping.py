"""Responses contain no markup, and forbid browsers to guess their content type."""

import json
from collections.abc import AsyncIterator

import pytest
from chassis.components import Components
from chassis.errors import NotFound
from chassis.http.app import create_http_app
from fastapi import Response
from fastapi.responses import JSONResponse, StreamingResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent
from pydantic import BaseModel
from starlette.testclient import TestClient

from tests.support.telemetry.logs import configured_logs

TEXT = '</script><script>alert(1)</script> <5 ms & "quoted" it\'s \u2028\u2029 \\u003c 職務 𠮷'


class Message(BaseModel):
    text: str


async def model() -> Message:
    return Message(text=TEXT)


async def anything() -> dict[str, str]:
    return {TEXT: TEXT}


async def ready_made() -> Response:
    return Response(Message(text=TEXT).model_dump_json(), media_type="application/json; charset=utf-8")


async def parts() -> StreamingResponse:
    body = json.dumps({"text": TEXT}, ensure_ascii=False).encode()

    async def bytes_of_body() -> AsyncIterator[bytes]:
        for at in range(len(body)):
            yield body[at : at + 1]

    return StreamingResponse(bytes_of_body(), media_type="application/json")


async def events() -> AsyncIterator[ServerSentEvent]:
    yield ServerSentEvent(event="status", id="1.pending", data=Message(text=TEXT))


async def problem() -> None:
    raise NotFound(TEXT)


async def broken() -> None:
    raise RuntimeError


async def plain() -> Response:
    return Response(TEXT, media_type="text/plain")


async def post(said: Message) -> Message:
    return said


async def nothing() -> None:
    """Return a response without a body."""


@pytest.fixture
def client() -> TestClient:
    app = create_http_app(title="t", version="1", components=Components(stop_seconds=1))
    app.get("/model")(model)
    app.get("/dict", response_class=JSONResponse)(anything)
    app.get("/bytes")(ready_made)
    app.get("/parts")(parts)
    app.get("/events", response_class=EventSourceResponse)(events)
    app.get("/problem")(problem)
    app.get("/broken")(broken)
    app.get("/text")(plain)
    app.post("/post")(post)
    app.get("/nothing", status_code=204)(nothing)
    return TestClient(app, raise_server_exceptions=False)


@pytest.mark.parametrize("path", ["/model", "/dict", "/bytes", "/parts", "/problem"])
def test_json_is_escaped_and_equivalent(client: TestClient, path: str) -> None:
    answer = client.get(path)
    for character in "<>&\u2028\u2029":
        assert character not in answer.text
    said = answer.json()
    assert TEXT in (said.get("text"), said.get("detail"), said.get(TEXT))
    assert answer.headers["content-length"] == str(len(answer.content))
    assert len(answer.headers.get_list("content-length")) == 1


def test_data_of_server_sent_events_is_escaped_and_equivalent(client: TestClient) -> None:
    answer = client.get("/events")
    for character in "<>&\u2028\u2029":
        assert character not in answer.text
    (data,) = [line for line in answer.text.split("\n") if line.startswith("data: ")]
    assert json.loads(data.removeprefix("data: ")) == {"text": TEXT}
    assert "event: status" in answer.text
    assert "id: 1.pending" in answer.text


def test_other_content_types_are_not_escaped(client: TestClient) -> None:
    assert client.get("/text").text == TEXT


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", "/model", 200),
        ("GET", "/events", 200),
        ("GET", "/text", 200),
        ("GET", "/nothing", 204),
        ("GET", "/problem", 404),
        ("GET", "/nowhere", 404),
        ("PUT", "/model", 405),
        ("POST", "/post", 422),
        ("GET", "/broken", 500),
        ("GET", "/health/live", 200),
        ("GET", "/health/ready", 200),
        ("GET", "/metrics", 200),
        ("GET", "/docs", 200),
        ("GET", "/docs/assets/swagger-ui.css", 200),
        ("GET", "/openapi.json", 200),
    ],
)
def test_every_response_has_nosniff(client: TestClient, method: str, path: str, status: int) -> None:
    answer = client.request(method, path, json={})
    assert answer.status_code == status
    assert answer.headers.get_list("x-content-type-options") == ["nosniff"]


def test_body_over_the_limit_is_answered_in_the_same_way(client: TestClient) -> None:
    answer = client.post("/post", content=b" " * 70_000, headers={"content-type": "application/json"})
    assert answer.status_code == 413
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.json()["status"] == 413


def test_control_characters_of_a_request_id_are_not_logged(
    client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    with configured_logs(service="tests", log_format="json"):
        client.get("/model", headers=[(b"x-request-id", b"a\x9b31m\xe9b" + b"c" * 200)])
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    (logged,) = [line["request_id"] for line in lines if line["event"] == "request"]
    assert logged == "a31mb" + "c" * 95
