import json
from collections.abc import AsyncIterator
from typing import Annotated, Literal

import pytest
from asyncpg import CheckViolationError
from chassis.components import Components
from chassis.errors import NotFound, Unavailable
from chassis.http.app import create_http_app
from fastapi import Query
from fastapi.responses import StreamingResponse
from fastapi.testclient import TestClient
from pydantic import BaseModel, Field

from tests.support.telemetry.logs import configured_logs

TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


class Body(BaseModel):
    name: Annotated[str, Field(max_length=3)]


@pytest.fixture
def client() -> TestClient:
    state = {"answer": None}

    async def check() -> str | None:
        return state["answer"]

    components = Components(stop_seconds=1)
    components.add(checks={"thing": check})
    app = create_http_app(title="t", version="1", components=components)
    app.state.check = state

    @app.get("/missing")
    async def missing() -> None:
        raise NotFound("There is no such thing.", code="thing_not_found")

    @app.get("/unavailable")
    async def unavailable() -> None:
        raise Unavailable("Try again.", retry_after=7)

    @app.get("/broken")
    async def broken() -> None:
        raise RuntimeError("secret-of-a-resume")

    @app.post("/things")
    async def things(body: Body, n: Annotated[int, Query(ge=1)] = 1) -> str:
        return body.name * n

    @app.get("/things")
    async def list_things() -> None:
        """Answer another method of the same path."""

    @app.get("/refused")
    async def refused() -> None:
        raise CheckViolationError("secret-of-a-resume")

    @app.get("/half")
    async def half() -> StreamingResponse:
        async def parts() -> AsyncIterator[bytes]:
            yield b"half"
            raise RuntimeError("secret-of-a-resume")

        return StreamingResponse(parts())

    # TestClient raises errors that reach the server, after which it would close the connection.
    return TestClient(app)


@pytest.mark.parametrize(
    ("method", "url", "body", "status", "detail"),
    [
        ("GET", "/missing", None, 404, "There is no such thing."),
        ("GET", "/unavailable", None, 503, "Try again."),
        ("GET", "/broken", None, 500, "Something went wrong on our side; it has been logged."),
        ("GET", "/refused", None, 503, "This cannot be stored at the moment; try again later."),
        ("GET", "/nowhere", None, 404, "There is nothing at this address."),
        ("PUT", "/things", b"", 405, "This address does not support that method."),
        ("POST", "/things", b"{", 422, "The body is not valid JSON."),
        ("POST", "/things", b'{"name": "abcd"}', 422, "name: string should have at most 3 characters."),
        ("POST", "/things?n=0", b'{"name": "a"}', 422, "n: input should be greater than or equal to 1."),
        ("POST", "/things", b'{"name": "\xff"}', 400, "The body cannot be read."),
        ("POST", "/things", b"[" * 60_000, 400, "The body cannot be read."),
        ("POST", "/things", b'{"name": ' + b"9" * 5_000 + b"}", 400, "The body cannot be read."),
        (
            "POST",
            "/things",
            b'{"name": "\\ud800"}',
            422,
            "name: input should be a valid string, unable to parse raw data as a unicode string.",
        ),
        (
            "POST",
            "/things?n=" + "9" * 5_000,
            b'{"name": "a"}',
            422,
            "n: unable to parse input string as an integer, exceeded maximum size.",
        ),
        ("POST", "/things", b" " * 70_000, 413, "The body is too large for this address."),
    ],
)
def test_every_error_is_problem_details_with_one_sentence(
    client: TestClient, method: str, url: str, body: bytes | None, status: int, detail: str
) -> None:
    answer = client.request(method, url, content=body, headers={"content-type": "application/json"})
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert answer.json()["detail"] == detail
    assert answer.json()["status"] == status


def test_error_in_a_started_response_is_left_to_the_server(client: TestClient) -> None:
    """The server closes the connection, which tells the caller that the response is incomplete."""
    with pytest.raises(RuntimeError):
        client.get("/half")


@pytest.mark.parametrize("content_type", [None, "text/plain", "application/x-www-form-urlencoded", "json"])
def test_body_without_json_content_type_is_answered_415(client: TestClient, content_type: str | None) -> None:
    headers = {"content-type": content_type} if content_type else {}
    answer = client.post("/things", content=b'{"name": "a"}', headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (415, "application/problem+json")
    assert answer.json()["detail"] == "The body must be JSON, and its Content-Type application/json."


def test_wrong_method_is_answered_with_all_allowed_methods(client: TestClient) -> None:
    answer = client.patch("/things")
    assert (answer.status_code, answer.headers["allow"]) == (405, "GET, POST")


def test_every_operation_documents_common_errors(client: TestClient) -> None:
    document = client.app.openapi()  # type: ignore[attr-defined]
    answers = document["paths"]["/things"]["post"]["responses"]
    assert {"400", "408", "413", "415", "429", "431", "503", "504"} <= set(answers)
    assert answers["429"]["headers"]["Retry-After"]["required"]
    assert "415" not in document["paths"]["/things"]["get"]["responses"]


def test_retry_after_is_sent(client: TestClient) -> None:
    assert client.get("/unavailable").headers["retry-after"] == "7"


def test_readiness_reports_failed_checks_and_liveness_runs_none(client: TestClient) -> None:
    assert client.get("/health/ready").json() == {"status": "ready", "checks": {"thing": None}}
    client.app.state.check["answer"] = "it is unavailable"  # type: ignore[attr-defined]
    answer = client.get("/health/ready")
    assert (answer.status_code, answer.json()["checks"]) == (503, {"thing": "it is unavailable"})
    assert client.get("/health/live").status_code == 200


def probes(own: str | None, shared: str | None) -> tuple[TestClient, dict[str, str | None]]:
    answers = {"own": own, "shared": shared}

    async def check_own() -> str | None:
        return answers["own"]

    async def check_shared() -> str | None:
        return answers["shared"]

    components = Components(stop_seconds=1)
    components.add(checks={"own": check_own}, shared_checks={"shared": check_shared})
    return TestClient(create_http_app(title="t", version="1", components=components)), answers


def test_failed_shared_check_makes_unready_but_keeps_serving() -> None:
    client, answers = probes(None, None)
    assert client.get("/health/serving").json() == {
        "status": "ready",
        "checks": {"own": None, "shared": None},
    }
    answers["shared"] = "the database does not answer"
    assert client.get("/health/ready").status_code == 503
    assert client.get("/health/serving").json() == {"status": "serving", "checks": {"own": None}}
    answers["own"] = "the relay has died"
    answer = client.get("/health/serving")
    assert (answer.status_code, answer.json()["status"]) == (503, "not serving")


def test_process_that_was_never_ready_does_not_serve() -> None:
    client, answers = probes(None, "the database refuses the password")
    assert client.get("/health/serving").status_code == 503
    answers["shared"] = None
    assert client.get("/health/serving").status_code == 200


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_user_input_and_error_messages_are_not_logged(
    client: TestClient, capsys: pytest.CaptureFixture[str], log_format: Literal["json", "console"]
) -> None:
    with configured_logs(service="tests", log_format=log_format):
        client.post("/things?n=1", json={"name": "canary"}, headers={"traceparent": TRACE})
        client.get("/broken")
    printed = "".join(capsys.readouterr())
    assert "/things" in printed
    assert "RuntimeError" in printed
    assert "test_http.py" in printed
    assert "canary" not in printed
    assert "secret-of-a-resume" not in printed
    assert "Logging error" not in printed


def test_log_line_has_service_trace_route_and_status(
    client: TestClient, capsys: pytest.CaptureFixture[str]
) -> None:
    with configured_logs(service="tests"):
        client.post("/things?n=1", json={"name": "canary"}, headers={"traceparent": TRACE})
        client.get("/broken")
    printed = capsys.readouterr().out
    lines = [json.loads(line) for line in printed.splitlines()]
    request = next(line for line in lines if line["event"] == "request")
    assert request["trace_id"] == TRACE.split("-")[1]
    assert (request["service"], request["route"], request["status"]) == ("tests", "/things", 422)
    assert "canary" not in printed
    broken = next(line for line in lines if line["event"] == "request failed")
    assert broken["exception"][0]["type"] == "RuntimeError"
    assert "test_http.py" in broken["exception"][0]["places"][-1]
    assert "secret-of-a-resume" not in printed
