"""Uploads are limited in number, time and memory, and leave no files behind."""

import asyncio
import os
import tempfile
import time
import tracemalloc
from collections.abc import AsyncIterator
from pathlib import Path

import httpx2
import pytest
import pytest_asyncio
from fastapi import FastAPI

from tests.integration.conftest import User
from tests.integration.request_api.calls import new_candidate, upload
from tests.integration.request_api.conftest import PER_USER, MakeApp
from tests.integration.request_api.uploads.upload_sender import UploadSender, unfinished_upload
from tests.support import files
from tests.support.auth.tokens import FakeIssuer
from tests.support.documents import rejected_files
from tests.support.http.in_process import run_app
from tests.support.servers.databases import Database
from tests.support.telemetry.logs import CapturedLogs

SECONDS = 10


@pytest_asyncio.fixture
async def app(make_app: MakeApp) -> AsyncIterator[FastAPI]:
    app = make_app()
    async with run_app(app):
        yield app


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Provide the folder for temporary files."""
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    return tmp_path


def _client(app: FastAPI) -> httpx2.AsyncClient:
    transport = httpx2.ASGITransport(app=app, raise_app_exceptions=False)
    return httpx2.AsyncClient(transport=transport, base_url="http://service.test", timeout=20)


def _named_files(folder: Path) -> list[Path]:
    return list(folder.iterdir())


def _open_files(folder: Path) -> list[str]:
    """Return the files of a folder that this process holds open, even if they have no name."""
    found = []
    for descriptor in Path("/proc/self/fd").iterdir():
        try:
            target = os.readlink(descriptor)  # noqa: PTH115 - Path.readlink raises in the same way
        except OSError:
            continue
        if target.startswith(str(folder)):
            found.append(target)
    return found


async def _wait_until_closed(folder: Path) -> None:
    deadline = time.monotonic() + SECONDS
    while left := _open_files(folder):
        assert time.monotonic() < deadline, left
        await asyncio.sleep(0.01)


async def test_unfinished_uploads_of_one_user_do_not_block_others(
    app: FastAPI, issuer: FakeIssuer, user: User, other: User
) -> None:
    async with _client(app) as api:
        one, two = await new_candidate(api, user), await new_candidate(api, other)
        async with unfinished_upload(app, user, one), unfinished_upload(app, user, one):
            refused = UploadSender(app, user, one, files.strong_resume_txt())
            refused.send()
            status, problem, headers = await refused.response()
            assert (status, problem["code"]) == (429, "too_many_uploads")
            assert int(headers["retry-after"]) > 0
            assert (await upload(api, other, two, files.strong_resume_txt())).status_code == 201
            async with unfinished_upload(app, other, two):
                third = User(issuer)
                refused = UploadSender(app, third, two, files.strong_resume_txt())
                refused.send()
                status, problem, headers = await refused.response()
                assert (status, problem["code"]) == (503, "uploads_busy")
                assert int(headers["retry-after"]) > 0
        # All clients have disconnected and freed their places.
        assert (await upload(api, user, one, files.strong_resume_txt())).status_code == 201


async def test_body_is_not_read_without_a_token(app: FastAPI, user: User) -> None:
    async with _client(app) as api:
        candidate_id = await new_candidate(api, user)
    user.headers = {}
    sender = UploadSender(app, user, candidate_id, files.strong_resume_txt())
    sender.send()
    assert ((await sender.response())[0], sender.pieces_read) == (401, 0)


async def test_slow_body_is_aborted(make_app: MakeApp, folder: Path, user: User) -> None:
    app = make_app(upload_seconds=0.5, uploads_per_user=1)
    async with run_app(app), _client(app) as api:
        candidate_id = await new_candidate(api, user)
        sender = UploadSender(app, user, candidate_id, b"%PDF-1.7" + bytes(2_000_000))
        sender.send(without_last=100)
        await sender.wait_until_read()
        assert len(_open_files(folder)) == 1
        assert _named_files(folder) == []
        status, problem, _ = await sender.response()
        assert (status, problem["code"]) == (408, "upload_too_slow")
        assert _open_files(folder) == []
        assert (await upload(api, user, candidate_id, files.strong_resume_txt())).status_code == 201


async def test_disconnected_client_leaves_no_file(app: FastAPI, folder: Path, user: User) -> None:
    async with _client(app) as api:
        candidate_id = await new_candidate(api, user)
    async with unfinished_upload(app, user, candidate_id):
        assert len(_open_files(folder)) == 1
        # A crash could only leave behind files with names.
        assert _named_files(folder) == []
    await _wait_until_closed(folder)


async def test_disconnect_while_the_file_is_read_frees_the_reader(
    make_app: MakeApp, folder: Path, request_database: Database, user: User
) -> None:
    app = make_app(uploads_per_user=1, document_readers=1)
    async with run_app(app), _client(app) as api:
        candidate_id = await new_candidate(api, user)
        before = await request_database.counts()
        sender = UploadSender(app, user, candidate_id, rejected_files.endless_stripes_pdf())
        sender.send()
        await asyncio.sleep(1)  # the file takes 7 s
        began = time.monotonic()
        sender.disconnect()
        status, problem, _ = await sender.response()
        assert (status, problem["code"]) == (400, "upload_aborted")
        assert (await upload(api, user, candidate_id, rejected_files.corrupt_pdf())).status_code == 422
        assert time.monotonic() - began < 3
        assert await request_database.counts() == before
        await _wait_until_closed(folder)


async def test_large_file_uses_little_memory(app: FastAPI, folder: Path, user: User) -> None:
    data = b"%PDF-1.7" + bytes(29_000_000)
    async with _client(app) as api:
        candidate_id = await new_candidate(api, user)
    sender = UploadSender(app, user, candidate_id, data)
    tracemalloc.start()
    try:
        sender.send()
        sent, _ = tracemalloc.get_traced_memory()
        tracemalloc.reset_peak()
        status, problem, _ = await sender.response()
        _, peak = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert (status, problem["code"]) == (422, "corrupt_file")
    assert peak - sent < 4_000_000
    assert _open_files(folder) == []


async def test_form_with_two_files_is_rejected(app: FastAPI, folder: Path, user: User) -> None:
    async with _client(app) as api:
        candidate_id = await new_candidate(api, user)
        answer = await api.post(
            f"/api/v1/resume_upload/candidates/{candidate_id}/resumes",
            files=[("file", ("a.txt", b"a" * 2_000_000)), ("file", ("b.txt", b"b"))],
            headers=user.headers,
        )
    assert (answer.status_code, answer.json()["code"]) == (400, "bad_form")
    assert _open_files(folder) == []


_LOG_MESSAGE = "the temporary disk cannot be written"


async def _assert_storage_error(
    api: httpx2.AsyncClient, user: User, candidate_id: str, data: bytes, captured_logs: CapturedLogs
) -> None:
    logged_before = captured_logs.text.count(_LOG_MESSAGE)
    answer = await upload(api, user, candidate_id, data)
    assert (answer.status_code, answer.json()["code"]) == (503, "storage_unavailable")
    assert int(answer.headers["retry-after"]) > 0
    assert captured_logs.text.count(_LOG_MESSAGE) == logged_before + 1


@pytest.mark.parametrize("size", [2_000, 2_000_000])
async def test_missing_temporary_folder_is_a_storage_error(
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
        await _assert_storage_error(api, user, candidate_id, b"word " * (size // 5), captured_logs)
        monkeypatch.setattr(tempfile, "tempdir", str(folder))
        for _ in range(PER_USER + 1):
            assert (await upload(api, user, candidate_id, files.strong_resume_txt())).status_code == 201


async def test_full_disk_is_a_storage_error(
    app: FastAPI, user: User, folder: Path, captured_logs: CapturedLogs
) -> None:
    if os.geteuid() != 0:
        pytest.skip("only root can mount a file system")
    mount = await asyncio.create_subprocess_exec(
        "mount", "-t", "tmpfs", "-o", "size=1m,mode=0700", "tmpfs", str(folder)
    )
    if await mount.wait() != 0:
        pytest.skip("file systems cannot be mounted here")
    try:
        async with _client(app) as api:
            candidate_id = await new_candidate(api, user)
            await _assert_storage_error(api, user, candidate_id, bytes(3_000_000), captured_logs)
            # The space was freed.
            assert _open_files(folder) == []
            assert (await upload(api, user, candidate_id, files.strong_resume_txt())).status_code == 201
            (folder / "filler").write_bytes(bytes(os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize))
            await _assert_storage_error(api, user, candidate_id, files.strong_resume_txt(), captured_logs)
    finally:
        unmount = await asyncio.create_subprocess_exec("umount", str(folder))
        assert await unmount.wait() == 0
