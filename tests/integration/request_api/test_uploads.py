"""Senders of files cannot cost more than their share, and what they sent is gone when they are."""

import asyncio
import json
import os
import tempfile
import time
import tracemalloc
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx2
import pytest
import pytest_asyncio
from fastapi import FastAPI
from starlette.types import Message

from tests.integration.conftest import User
from tests.integration.request_api.conftest import PER_USER, MakeApp
from tests.integration.request_api.test_requests import new_candidate, upload
from tests.support import files
from tests.support.auth.tokens import FakeIssuer
from tests.support.documents import rejected_files
from tests.support.http.in_process import run_app
from tests.support.servers.databases import Database
from tests.support.telemetry.logs import CapturedLogs

PIECE = 65_536
SECONDS = 10


@pytest_asyncio.fixture
async def app(make_app: MakeApp) -> AsyncIterator[FastAPI]:
    app = make_app()
    async with run_app(app):
        yield app


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary files go."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def _client(app: FastAPI) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx2.AsyncClient(transport=transport, base_url="http://service.test", timeout=20)


class Sender:
    """A connection to the application that sends a form as slowly as a test likes."""

    def __init__(self, app: FastAPI, user: User, candidate_id: str, data: bytes) -> None:
        form = httpx2.Request(
            "POST", "http://service.test", files={"file": ("cv.pdf", data)}, headers=user.headers
        )
        self._body = form.read()
        self._messages: asyncio.Queue[Message] = asyncio.Queue()
        self._sent: list[Message] = []
        self.pieces_read = 0
        scope = {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": "POST",
            "scheme": "http",
            "path": f"/api/v1/resume_upload/candidates/{candidate_id}/resumes",
            "raw_path": b"",
            "query_string": b"",
            "root_path": "",
            "headers": [(name.lower(), value) for name, value in form.headers.raw],
            "client": ("127.0.0.1", 1),
            "server": ("127.0.0.1", 80),
        }
        self._handling = asyncio.create_task(app(scope, self._receive, self._send))

    async def _receive(self) -> Message:
        message = await self._messages.get()
        self.pieces_read += 1
        return message

    async def _send(self, message: Message) -> None:
        self._sent.append(message)

    def send(self, *, without_last: int = 0) -> None:
        """Send the rest of the form, or all but the last bytes of it."""
        end = len(self._body) - without_last
        while piece := self._body[: min(PIECE, end)]:
            self._body = self._body[len(piece) :]
            end -= len(piece)
            self._messages.put_nowait({"type": "http.request", "body": piece, "more_body": bool(self._body)})

    def disconnect(self) -> None:
        self._messages.put_nowait({"type": "http.disconnect"})

    async def until_read(self) -> None:
        """Wait until the application has read all that was sent, and wants more."""
        deadline = time.monotonic() + SECONDS
        while not self._messages.empty() or not self.pieces_read:
            assert time.monotonic() < deadline, "not read"
            await asyncio.sleep(0.01)

    async def answer(self) -> tuple[int, dict[str, Any], dict[str, str]]:
        async with asyncio.timeout(SECONDS):
            await self._handling
        start, *bodies = self._sent
        headers = {name.decode(): value.decode() for name, value in start["headers"]}
        body = b"".join(message.get("body", b"") for message in bodies)
        return start["status"], json.loads(body), headers


def _names(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def _open_files(folder: Path) -> list[str]:
    """Files of a folder that this process holds open, with a name or without."""
    found = []
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            target = os.readlink(descriptor)  # noqa: PTH115 - Path.readlink raises in the same way
        except OSError:
            continue
        if target.startswith(str(folder)):
            found.append(target)
    return found


async def _until_gone(folder: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while left := _open_files(folder):
        assert time.monotonic() < deadline, left
        await asyncio.sleep(0.01)


@asynccontextmanager
async def unfinished(app: FastAPI, user: User, candidate_id: str) -> AsyncIterator[Sender]:
    """An upload of which all but the end has arrived."""
    sender = Sender(app, user, candidate_id, b"%PDF-1.7" + bytes(2_000_000))
    sender.send(without_last=100)
    await sender.until_read()
    try:
        yield sender
    finally:
        sender.disconnect()
        await sender.answer()


async def test_unfinished_uploads_take_the_place_of_nobody_else(
    app: FastAPI, issuer: FakeIssuer, user: User, other: User
) -> None:
    async with _client(app) as api:
        one, two = await new_candidate(api, user), await new_candidate(api, other)
        async with unfinished(app, user, one), unfinished(app, user, one):
            refused = Sender(app, user, one, files.strong_resume_txt())
            refused.send()
            status, problem, headers = await refused.answer()
            assert (status, problem["code"]) == (429, "too_many_uploads")
            assert int(headers["retry-after"]) > 0
            assert (await upload(api, other, two, files.strong_resume_txt())).status_code == 201
            async with unfinished(app, other, two):
                third = User(issuer)
                refused = Sender(app, third, two, files.strong_resume_txt())
                refused.send()
                status, problem, headers = await refused.answer()
                assert (status, problem["code"]) == (503, "uploads_busy")
                assert int(headers["retry-after"]) > 0
        # All have disconnected, and freed their slots.
        assert (await upload(api, user, one, files.strong_resume_txt())).status_code == 201


async def test_nothing_is_read_of_who_has_no_token(app: FastAPI, user: User) -> None:
    async with _client(app) as api:
        candidate_id = await new_candidate(api, user)
    user.headers = {}
    sender = Sender(app, user, candidate_id, files.strong_resume_txt())
    sender.send()
    assert ((await sender.answer())[0], sender.pieces_read) == (401, 0)


async def test_a_body_that_does_not_arrive_in_time_is_given_up(
    make_app: MakeApp, folder: Path, user: User
) -> None:
    app = make_app(upload_seconds=0.5, uploads_per_user=1)
    async with run_app(app), _client(app) as api:
        candidate_id = await new_candidate(api, user)
        sender = Sender(app, user, candidate_id, b"%PDF-1.7" + bytes(2_000_000))
        sender.send(without_last=100)
        await sender.until_read()
        assert len(_open_files(folder)) == 1
        assert _names(folder) == []
        status, problem, _ = await sender.answer()
        assert (status, problem["code"]) == (408, "upload_too_slow")
        assert _open_files(folder) == []
        assert (await upload(api, user, candidate_id, files.strong_resume_txt())).status_code == 201


async def test_a_client_that_disconnects_leaves_no_file_and_no_name_of_one(
    app: FastAPI, folder: Path, user: User
) -> None:
    async with _client(app) as api:
        candidate_id = await new_candidate(api, user)
    async with unfinished(app, user, candidate_id):
        assert len(_open_files(folder)) == 1
        # A crash could leave behind only what has a name.
        assert _names(folder) == []
    await _until_gone(folder)


async def test_a_client_that_disconnects_while_its_file_is_read_frees_the_reader(
    make_app: MakeApp, folder: Path, request_database: Database, user: User
) -> None:
    app = make_app(uploads_per_user=1, document_readers=1)
    async with run_app(app), _client(app) as api:
        candidate_id = await new_candidate(api, user)
        before = await request_database.counts()
        sender = Sender(app, user, candidate_id, rejected_files.endless_stripes_pdf())
        sender.send()
        await asyncio.sleep(1)  # most of the 7 s that the file takes are left
        began = time.monotonic()
        sender.disconnect()
        status, problem, _ = await sender.answer()
        assert (status, problem["code"]) == (400, "upload_aborted")
        assert (await upload(api, user, candidate_id, rejected_files.corrupt_pdf())).status_code == 422
        assert time.monotonic() - began < 3
        assert await request_database.counts() == before
        await _until_gone(folder)


async def test_a_large_file_passes_through_little_memory(app: FastAPI, folder: Path, user: User) -> None:
    data = b"%PDF-1.7" + bytes(29_000_000)
    async with _client(app) as api:
        candidate_id = await new_candidate(api, user)
    sender = Sender(app, user, candidate_id, data)
    tracemalloc.start()
    try:
        sender.send()
        sent, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        status, problem, _ = await sender.answer()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (status, problem["code"]) == (422, "corrupt_file")
    assert peak - sent < 4_000_000
    assert _open_files(folder) == []


async def test_a_form_with_two_files_is_refused(app: FastAPI, folder: Path, user: User) -> None:
    async with _client(app) as api:
        candidate_id = await new_candidate(api, user)
        answer = await api.post(
            f"/api/v1/resume_upload/candidates/{candidate_id}/resumes",
            files=[("file", ("a.txt", b"a" * 2_000_000)), ("file", ("b.txt", b"b"))],
            headers=user.headers,
        )
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_form")
    assert _open_files(folder) == []


_DISK = "the temporary disk cannot be written"


async def _assert_is_ours(
    api: httpx2.AsyncClient, user: User, candidate_id: str, data: bytes, captured_logs: CapturedLogs
) -> None:
    said = captured_logs.text.count(_DISK)
    answer = await upload(api, user, candidate_id, data)
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
    assert int(answer.headers["retry-after"]) > 0
    assert captured_logs.text.count(_DISK) == said + 1


@pytest.mark.parametrize("size", [2_000, 2_000_000])
async def test_a_disk_that_cannot_be_written_is_our_fault(
    app: FastAPI,
    user: User,
    folder: Path,
    size: int,
    monkeypatch: pytest.MonkeyPatch,
    captured_logs: CapturedLogs,
) -> None:
    async with _client(app) as api:
        candidate_id = await new_candidate(api, user)
        monkeypatch.setattr(tempfile, "tempdir", str(folder / "missing"))
        await _assert_is_ours(api, user, candidate_id, b"word " * (size // 5), captured_logs)
        monkeypatch.setattr(tempfile, "tempdir", str(folder))
        for _ in range(PER_USER + 1):
            assert (await upload(api, user, candidate_id, files.strong_resume_txt())).status_code == 201


async def test_a_full_disk_is_our_fault(
    app: FastAPI, user: User, folder: Path, captured_logs: CapturedLogs
) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root may mount a disk")
    mount = await asyncio.create_subprocess_exec(
        "mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", str(folder)
    )
    if await mount.wait() != 0:
        pytest.skip("nothing may be mounted here")
    try:
        async with _client(app) as api:
            candidate_id = await new_candidate(api, user)
            await _assert_is_ours(api, user, candidate_id, bytes(3_000_000), captured_logs)
            # The room is free again.
            assert _open_files(folder) == []
            assert (await upload(api, user, candidate_id, files.strong_resume_txt())).status_code == 201
            (folder / "filler").write_bytes(bytes(os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize))
            await _assert_is_ours(api, user, candidate_id, files.strong_resume_txt(), captured_logs)
    finally:
        unmount = await asyncio.create_subprocess_exec("umount", str(folder))
        assert await unmount.wait() == 0
