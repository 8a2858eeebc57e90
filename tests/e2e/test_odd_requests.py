"""Unusual requests: each gets a problem response with a sentence, and none a 5xx."""

import base64
from datetime import datetime
from typing import Any
from uuid import UUID

import httpx2
import pytest
from results_api.domain.listing import Filters, Order, Position
from results_api.http.lists.cursors import encode_cursor

from tests.support.http.api_client import ApiClient

CANDIDATES = "/api/v1/candidates"
ANALYSES = "/api/v1/analysis/"
# A constant: the names of parametrized tests must be the same in each process.
UNKNOWN_ID = UUID("0d9f4a52-6c1b-4f6e-9d1e-7a3b1c2d4e5f")
STATUS = f"/api/v1/analysis/analysis/{UNKNOWN_ID}/status"
UPLOAD = f"/api/v1/resume_upload/candidates/{UNKNOWN_ID}/resumes"
ANALYZE = f"/api/v1/analysis/resumes/{UNKNOWN_ID}/analyze"
JSON = {"content-type": "application/json"}
PERSON = '"first_name": "A", "last_name": "B"'


def other_cursor(text: str) -> str:
    return ANALYSES + "?cursor=" + base64.urlsafe_b64encode(text.encode()).decode()


def cursor(time: str) -> str:
    position = Position(key=datetime.fromisoformat(time), analysis_id=UNKNOWN_ID)
    return ANALYSES + "?cursor=" + encode_cursor(position, Filters(), Order())


def form(boundary: str, *, length: int = 1) -> dict[str, Any]:
    part = f'--x\r\ncontent-disposition: form-data; name="file"\r\n\r\n{"a" * length}\r\n'
    return {"content": part.encode(), "headers": {"content-type": f"multipart/form-data{boundary}"}}


QUERIES = [
    (CANDIDATES + "?limit=%00", 422),
    (CANDIDATES + "?limit=" + "9" * 5_000, 422),
    (CANDIDATES + "?limit=1e1", 422),
    (CANDIDATES + "?limit=1&limit=1000", 422),
    (CANDIDATES + "?offset=-1", 422),
    (CANDIDATES + "?unknown=1&limit=2", 200),
    (CANDIDATES + "?&&&=", 200),
    (ANALYSES + "?industry=%00", 422),
    (ANALYSES + "?industry=%ED%A0%80", 422),
    (ANALYSES + "?industry=" + "a" * 101, 422),
    (ANALYSES + "?status=%F0%9F%98%80", 422),
    (ANALYSES + "?status=&industry=&candidate_id=", 200),
    (ANALYSES + "?page=10001", 422),
    (ANALYSES + "?cursor=%00", 422),
    (ANALYSES + "?cursor=%ED%A0%80", 422),
    (other_cursor("2026-01-01T00:00:00+00:00 " + str(UNKNOWN_ID)), 422),
    (other_cursor("\x00 \x00"), 422),
    (cursor("2026-01-01T00:00:00"), 422),
    (cursor("0001-01-01T00:00:00+14:00"), 422),
    (cursor("9999-12-31T23:59:59-14:00"), 422),
    (cursor("0001-01-01T00:00:00+00:00"), 200),
    (cursor("9999-12-31T23:59:59.999999+00:00"), 200),
    ("/api/v1/analysis/analysis/%00/status", 400),
    ("/api/v1/analysis/analysis/%ED%A0%80/status", 422),
    ("/api/v1/analysis/analysis/" + "9" * 4_000 + "/status", 422),
    ("/api/v1/analysis/analysis/" + "%20" + "/status", 422),
    (STATUS + "/", 404),
    ("/api/v1/analysis/config/limits/", 404),
]


@pytest.mark.parametrize(("path", "status"), QUERIES, ids=[path[:70] for path, _ in QUERIES])
async def test_unusual_path_or_query(consultant: ApiClient, path: str, status: int) -> None:
    url = consultant.http.base_url.copy_with(raw_path=path.encode())
    check(await consultant.http.get(url), status)


HEADERS = [
    ("GET", STATUS, {"if-none-match": "a" * 1_001}, 422),
    ("GET", STATUS, {"if-none-match": "*, , W/"}, 404),
    ("GET", STATUS.replace("status", "events"), {"last-event-id": "1" * 51}, 404),
    ("GET", CANDIDATES, {"traceparent": "00-zz-zz-zz"}, 200),
    ("GET", CANDIDATES, {"x_user": "1"}, 400),
    ("GET", CANDIDATES, {"x-big": "a" * 70_000}, 431),
    ("GET", CANDIDATES, {f"x-{number}": "1" for number in range(150)}, 431),
    ("GET", CANDIDATES, {"accept": "image/png"}, 200),
    ("HEAD", CANDIDATES, {}, 405),
    ("OPTIONS", CANDIDATES, {}, 405),
    ("TRACE", CANDIDATES, {}, 405),
    ("PROPFIND", CANDIDATES, {}, 405),
    ("GET", ANALYZE, {}, 404),
    *(
        ("POST", ANALYZE, {"idempotency-key": key}, status)
        for key, status in (("", 422), ("two words", 422), ("k" * 256, 422), ("k" * 255, 404), ("~!@#", 404))
    ),
]


@pytest.mark.parametrize(("method", "path", "headers", "status"), HEADERS)
async def test_unusual_method_or_header(
    consultant: ApiClient, method: str, path: str, headers: dict[str, str], status: int
) -> None:
    sends: dict[str, Any] = {"json": {"industry": "general"}} if method == "POST" else {}
    check(await consultant.http.request(method, path, headers=headers, **sends), status)


BODIES: list[tuple[str, dict[str, Any], int]] = [
    (CANDIDATES, {"content": b"[" * 60_000, "headers": JSON}, 400),
    (CANDIDATES, {"content": b'{"a":' * 12_000, "headers": JSON}, 400),
    (CANDIDATES, {"content": b"\xff\xfe\xfd", "headers": JSON}, 400),
    (CANDIDATES, {"content": b"", "headers": JSON}, 422),
    (CANDIDATES, {"content": b"null", "headers": JSON}, 422),
    (CANDIDATES, {"content": b"[]", "headers": JSON}, 422),
    (CANDIDATES, {"content": f'{{{PERSON}, "years_experience": NaN}}'.encode(), "headers": JSON}, 422),
    (CANDIDATES, {"content": f'{{{PERSON}, "years_experience": 1e400}}'.encode(), "headers": JSON}, 422),
    (CANDIDATES, {"content": f'{{{PERSON}, "phone": "\\u0000"}}'.encode(), "headers": JSON}, 422),
    (CANDIDATES, {"content": f'{{{PERSON}, "phone": "\\ud800"}}'.encode(), "headers": JSON}, 422),
    (CANDIDATES, {"content": f'{{{PERSON}, "first_name": "C"}}'.encode(), "headers": JSON}, 201),
    (CANDIDATES, {"content": f"{{{PERSON}}}".encode("utf-16"), "headers": JSON}, 201),
    (CANDIDATES, {"content": f"{{{PERSON}}}".encode(), "headers": {"content-type": "text/plain"}}, 415),
    (CANDIDATES, {"content": f"{{{PERSON}}}".encode()}, 415),
    (CANDIDATES, {"content": b"a" * 64, "headers": {**JSON, "content-encoding": "gzip"}}, 422),
    (CANDIDATES, {"content": b"a" * 65_537, "headers": JSON}, 413),
    (UPLOAD, {"files": {"other": ("cv.txt", b"a")}}, 422),
    (UPLOAD, {"data": {"file": "a"}}, 422),
    (UPLOAD, {"json": {"file": "a"}}, 422),
    (UPLOAD, form(""), 400),
    (UPLOAD, form("; boundary=x"), 422),
    (UPLOAD, form("; boundary=y"), 400),
    (UPLOAD, form("; boundary=" + "x" * 5_000), 400),
    (UPLOAD, {"files": [("file", ("cv.txt", b"a"))] * 1_001}, 400),
    (UPLOAD, {"files": {"file": ("\ud800".encode("utf-8", "surrogatepass").decode("latin-1"), b"a")}}, 404),
]


@pytest.mark.parametrize(("path", "sends", "status"), BODIES, ids=[f"body {n}" for n in range(len(BODIES))])
async def test_unusual_body(consultant: ApiClient, path: str, sends: dict[str, Any], status: int) -> None:
    check(await consultant.http.post(path, **sends), status)


def check(answer: httpx2.Response, status: int) -> None:
    assert answer.status_code == status, answer.text[:300]
    if status >= 400 and answer.request.method != "HEAD":
        assert answer.headers["content-type"] == "application/problem+json"
        problem = answer.json()
        assert problem["status"] == status
        assert problem["detail"].endswith((".", "!"))
        assert problem["title"]
