"""The document reader is limited in time and memory, isolated from the service, and fair to users."""

import asyncio
import os
import time
from collections.abc import Callable
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from documents.errors import (
    CorruptFile,
    DocumentError,
    EmptyFile,
    EncryptedFile,
    FileTooLarge,
    LegacyWordFile,
    NoText,
    ReaderBusy,
    TooComplex,
    TooManyOwnFiles,
    TooManyPages,
    TooMuchText,
    UnsupportedFileType,
)
from documents.limits import Limits
from documents.reader import Document, DocumentReader

from tests.support import files
from tests.support.documents import raw_files, rejected_files
from tests.support.documents.reading import on_disk, read_bytes
from tests.support.documents.scans import scan_pdf
from tests.support.telemetry.logs import CapturedLogs

# The time within which an upload must be answered.
SECONDS = 8


async def test_all_file_types_yield_the_same_text_and_sections() -> None:
    documents = [
        await read_bytes(data, limits=Limits())
        for data in (files.strong_resume_pdf(), files.strong_resume_docx(), files.strong_resume_txt())
    ]
    assert [document.signals.file_type for document in documents] == ["pdf", "docx", "txt"]
    assert len({document.text.replace("\n- ", "\n• ") for document in documents}) == 1
    assert len({tuple(section.type for section in document.signals.sections) for document in documents}) == 1


@pytest.mark.parametrize(
    ("make", "error"),
    [
        (rejected_files.empty, EmptyFile),
        (lambda: b"x" * (Limits().file_bytes + 1), FileTooLarge),
        (lambda: b"word " * (Limits().file_bytes // 5), TooMuchText),
        (rejected_files.rtf, UnsupportedFileType),
        (rejected_files.legacy_doc, LegacyWordFile),
        (rejected_files.encrypted_pdf, EncryptedFile),
        (rejected_files.encrypted_docx, EncryptedFile),
        (rejected_files.image_only_pdf, NoText),
        (rejected_files.corrupt_pdf, CorruptFile),
        (rejected_files.many_pages_pdf, TooManyPages),
        (rejected_files.huge_page_pdf, CorruptFile),
        (rejected_files.overlong_pdf, TooMuchText),
        (rejected_files.exploding_pdf, TooComplex),
        (rejected_files.endless_stripes_pdf, TooComplex),
        (rejected_files.nested_groups_pdf, TooComplex),
        (rejected_files.huge_picture_pdf, TooComplex),
        (rejected_files.overprinted_pdf, TooComplex),
        (rejected_files.zip_bomb_docx, TooComplex),
        (rejected_files.crowded_docx, TooComplex),
        (rejected_files.billion_laughs_docx, CorruptFile),
        (rejected_files.external_entity_docx, CorruptFile),
    ],
)
async def test_unacceptable_file_is_rejected_in_time(
    make: Callable[[], bytes], error: type[DocumentError]
) -> None:
    data = make()
    began = time.monotonic()
    with pytest.raises(DocumentError) as caught:
        await read_bytes(data, limits=Limits())
    assert caught.type is error
    assert time.monotonic() - began < SECONDS


@pytest.mark.parametrize("under", [False, True])
async def test_recognised_text_of_a_scan_is_read(*, under: bool) -> None:
    printed = files.strong_resume_pdf()
    document = await read_bytes(scan_pdf(printed, under=under), limits=Limits())
    assert document.text.split() == (await read_bytes(printed, limits=Limits())).text.split()
    assert (document.signals.hidden_characters, document.signals.image_area) == (0, 1.0)


@pytest.mark.parametrize("under", [False, True])
async def test_invisible_text_that_the_picture_does_not_show_is_not_read(*, under: bool) -> None:
    other = files.one_column_pdf("Other Person", ("other@example.com",), [files.SKILLS, files.EXPERIENCE])
    with pytest.raises(NoText):
        await read_bytes(scan_pdf(other, under=under, words_of=files.strong_resume_pdf()), limits=Limits())


def _workers() -> list[Path]:
    """Return the /proc folders of this process's running workers."""
    found = []
    for process in Path("/proc").iterdir():
        try:
            command = (process / "cmdline").read_bytes()
            state, parent = (process / "stat").read_text().rpartition(")")[2].split()[:2]
        except OSError:
            continue
        is_worker = b"documents.worker" in command and int(parent) == os.getpid()
        if is_worker and state != "Z":
            found.append(process)
    return found


async def _wait_for_workers(count: int) -> None:
    deadline = time.monotonic() + SECONDS
    while len(_workers()) != count:
        assert time.monotonic() < deadline, f"expected {count} workers, found {len(_workers())}"
        await asyncio.sleep(0.01)


async def test_worker_is_killed_after_the_time_limit() -> None:
    began = time.monotonic()
    with pytest.raises(TooComplex):
        await read_bytes(rejected_files.exploding_pdf(), limits=Limits(total_seconds=0.5))
    assert time.monotonic() - began < 2
    assert _workers() == []


async def test_worker_is_killed_on_cancellation() -> None:
    reading = asyncio.create_task(read_bytes(rejected_files.exploding_pdf(), limits=Limits()))
    await _wait_for_workers(1)
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert _workers() == []


async def test_memory_is_limited() -> None:
    # Nine megabytes of empty paragraphs, whose XML tree takes many times as much.
    body = "".join(f'<w:p w:rsidR="{at:08X}"/>' for at in range(400_000))
    with pytest.raises(TooComplex):
        await read_bytes(raw_files.raw_docx(body), limits=Limits(memory_bytes=150_000_000))


async def test_worker_does_not_inherit_environment_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("REQUEST_API_DATABASE_URL", "postgresql://canary")
    reading = asyncio.create_task(read_bytes(rejected_files.exploding_pdf(), limits=Limits()))
    await _wait_for_workers(1)
    (worker,) = _workers()
    environment = (worker / "environ").read_bytes()
    reading.cancel()
    with pytest.raises(asyncio.CancelledError):
        await reading
    assert environment == b"LC_ALL=C.UTF-8\x00"


async def _read(reader: DocumentReader, data: bytes, user_id: UUID | None = None) -> Document:
    with on_disk(data) as file:
        return await reader.read(file, user_id=user_id or uuid4())


async def test_concurrency_and_waiting_time_are_limited() -> None:
    reader = DocumentReader(concurrency=1, limits=Limits(wait_seconds=0.3))
    first = asyncio.create_task(_read(reader, rejected_files.exploding_pdf()))
    await _wait_for_workers(1)
    with pytest.raises(ReaderBusy) as caught:
        await _read(reader, files.strong_resume_txt())
    assert caught.value.retry_after
    assert len(_workers()) == 1
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first
    # The place was freed.
    assert (await _read(reader, files.strong_resume_txt())).text


async def test_timeout_with_reduced_time_is_reported_as_busy() -> None:
    reader, began = DocumentReader(concurrency=1), time.monotonic()
    with on_disk(rejected_files.endless_stripes_pdf()) as file:
        with pytest.raises(ReaderBusy):
            await reader.read(file, user_id=uuid4(), seconds=1)
        assert time.monotonic() - began < 3
        # Errors of the file itself are reported as such.
        with pytest.raises(CorruptFile), on_disk(rejected_files.corrupt_pdf()) as corrupt:
            await reader.read(corrupt, user_id=uuid4(), seconds=1)
        # A longer time than the limit has no effect.
        began = time.monotonic()
        with pytest.raises(TooComplex):
            await reader.read(file, user_id=uuid4(), seconds=60)
        assert time.monotonic() - began < SECONDS


async def test_reduced_time_shortens_the_wait_for_a_turn() -> None:
    reader = DocumentReader(concurrency=1)
    first = asyncio.create_task(_read(reader, rejected_files.endless_stripes_pdf()))
    await _wait_for_workers(1)
    began = time.monotonic()
    with on_disk(files.strong_resume_txt()) as file, pytest.raises(ReaderBusy):
        await reader.read(file, user_id=uuid4(), seconds=0.7)
    assert time.monotonic() - began < 0.6
    first.cancel()
    with pytest.raises(asyncio.CancelledError):
        await first


async def test_many_files_are_all_read() -> None:
    reader, user_id = DocumentReader(concurrency=2, limits=Limits(wait_seconds=6)), uuid4()
    documents = await asyncio.gather(*(_read(reader, files.strong_resume_txt(), user_id) for _ in range(8)))
    assert len({document.text for document in documents}) == 1


async def test_slow_files_of_one_user_do_not_block_others() -> None:
    reader, attacker, slow_pdf = DocumentReader(concurrency=2), uuid4(), rejected_files.endless_stripes_pdf()
    began = time.monotonic()
    slow = [asyncio.create_task(_read(reader, slow_pdf, attacker)) for _ in range(3)]
    await _wait_for_workers(1)
    for _ in range(3):
        assert (await _read(reader, files.strong_resume_txt())).text
        assert len(_workers()) == 1
    errors = await asyncio.gather(*slow, return_exceptions=True)
    assert [type(error) for error in errors] == [TooComplex, TooManyOwnFiles, TooManyOwnFiles]
    assert time.monotonic() - began < SECONDS


async def test_file_content_is_not_logged(captured_logs: CapturedLogs) -> None:
    await read_bytes(files.strong_resume_pdf(), limits=Limits())
    for data in (rejected_files.damaged_docx(), rejected_files.corrupt_pdf(), rejected_files.exploding_pdf()):
        with pytest.raises(DocumentError):
            await read_bytes(data, limits=Limits(total_seconds=2))
    assert "Mirela" not in captured_logs.text
    assert "Okonjo" not in captured_logs.text
