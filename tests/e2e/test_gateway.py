"""Decisions of the gateway."""

import asyncio
from uuid import uuid4

import httpx2
import pytest
from local_stack.stack import Stack

from tests.support.auth.tokens import FakeIssuer, bearer, unsigned_token
from tests.support.http.api_client import ApiClient
from tests.support.http.operations import operations
from tests.support.http.raw_request import raw_request


@pytest.mark.parametrize("token", ["none", "forged", "unsigned"])
async def test_request_without_a_valid_token_is_rejected(stack: Stack, token: str) -> None:
    user = uuid4()
    headers = {
        "none": {},
        "forged": bearer(FakeIssuer().token(user)),
        "unsigned": bearer(unsigned_token(user)),
    }[token]
    async with httpx2.AsyncClient(base_url=stack.url, headers=headers, trust_env=False) as http:
        for operation in (one for one in operations() if one.needs_token):
            path = operation.address({name: str(uuid4()) for name in operation.ids})
            answer = await http.request(operation.method, path)
            assert answer.status_code == 401, str(operation)
            assert answer.headers["content-type"] == "application/problem+json"
            assert answer.json()["detail"] == "The bearer token is missing, expired or not valid."


async def test_unknown_path_or_method_is_a_problem_response(consultant: ApiClient) -> None:
    for method, path, status in [
        ("GET", "/nowhere", 404),
        ("GET", "/api/v1/nowhere", 404),
        ("PATCH", "/api/v1/candidates", 405),
        ("GET", "/api/v1/analysis/analysis/not-an-id/status", 422),
    ]:
        answer = await consultant.http.request(method, path)
        assert answer.status_code == status, path
        assert answer.headers["content-type"] == "application/problem+json"
        assert isinstance(answer.json()["detail"], str)


async def test_too_large_body_is_rejected(consultant: ApiClient, stack: Stack) -> None:
    body = b'{"first_name": "' + b"a" * 70_000 + b'"}'
    answer = await consultant.http.post(
        "/api/v1/candidates", content=body, headers={"content-type": "application/json"}
    )
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")
    candidate_id = await consultant.new_candidate()
    # Rejected by its Content-Length before it is sent.
    reader, writer = await asyncio.open_connection("127.0.0.1", stack.ports.gateway)
    path = f"/api/v1/resume_upload/candidates/{candidate_id}/resumes"
    form = ["content-type: multipart/form-data; boundary=x", f"content-length: {32 * 1024 * 1024}"]
    writer.write(raw_request("POST", path, token=stack.token(user_id=uuid4()), headers=form).encode())
    async with asyncio.timeout(10):
        assert b" 413 " in await reader.readline()
    writer.close()


async def test_frontend_origin_is_allowed_by_cors(stack: Stack) -> None:
    headers = {
        "Origin": "http://localhost:3000",
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "authorization,content-type,idempotency-key",
    }
    async with httpx2.AsyncClient(base_url=stack.url, trust_env=False) as http:
        allowed = await http.options("/api/v1/candidates", headers=headers)
        assert allowed.headers["access-control-allow-origin"] == "http://localhost:3000"
        assert "idempotency-key" in allowed.headers["access-control-allow-headers"]
        foreign = await http.options("/api/v1/candidates", headers={**headers, "Origin": "https://evil.test"})
        assert "access-control-allow-origin" not in foreign.headers


async def test_identity_headers_are_ignored(consultant: ApiClient, stack: Stack) -> None:
    await consultant.new_candidate()
    headers = {"x-user-id": str(uuid4()), "x-user-role": "admin", "x-jwt-sub": str(uuid4())}
    answer = await consultant.http.get("/api/v1/candidates", headers=headers)
    assert answer.json()["total_count"] == 1


async def test_paths_of_the_legacy_backend_are_routed_to_it(consultant: ApiClient) -> None:
    # This stack has no legacy backend, so the gateway answers itself.
    answer = await consultant.http.post("/api/v1/auth/login", json={})
    assert answer.status_code == 503
    assert answer.headers["content-type"] == "application/problem+json"
    assert "retry-after" in answer.headers


async def test_rate_limit_applies_per_caller(consultant: ApiClient, stranger: ApiClient) -> None:
    slowed: list[httpx2.Response] = []
    # Concurrent requests in a loop, because the allowance refills on a slow machine.
    for _ in range(50):
        answers = await asyncio.gather(*(consultant.http.get("/api/v1/nowhere") for _ in range(100)))
        slowed = [answer for answer in answers if answer.status_code == 429]
        if slowed:
            break
    assert slowed
    assert slowed[0].headers["retry-after"] == "1"
    assert slowed[0].headers["content-type"] == "application/problem+json"
    assert (await stranger.http.get("/api/v1/candidates")).status_code == 200
