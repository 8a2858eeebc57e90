"""The way in: reads an uploaded file in a process of its own, which is ended when it takes too long.

PDFium is not safe with threads and parses what strangers send; a process can be limited and killed.
"""

import asyncio
import hashlib
import json
import logging
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from typing import Any, Final

from contracts.document import DocumentSignals
from pydantic import ValidationError

from request_api.documents.errors import (
    BY_CODE,
    CorruptFile,
    DocumentError,
    EmptyFile,
    FileTooLarge,
    ReaderBusy,
    TooComplex,
)
from request_api.documents.limits import Limits

MAX_FILE_BYTES: Final = Limits().file_bytes

# Four bytes for every character and as much again for the signals, with room; more is no answer of ours.
_MAX_ANSWER_BYTES: Final = 4_000_000
# How the kernel ends a process that a damaged file led astray, as opposed to one over its limits.
_FAULTS: Final = frozenset({signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE})

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What is kept of a file; `sha256` in hexadecimal, of its bytes."""

    text: str
    signals: DocumentSignals
    sha256: str


class DocumentReader:
    """Reads at most `concurrency` files at once; others wait for `limits.wait_seconds` at most."""

    def __init__(self, *, concurrency: int, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._turns = asyncio.Semaphore(concurrency)

    async def read(self, load: Callable[[], Awaitable[bytes]]) -> Document:
        """Return what is kept of a file, within `limits.total_seconds`. Raises DocumentError.

        `load` is called when it is this file's turn, so that those that wait are not held in memory.
        """
        clock = asyncio.get_running_loop().time
        began = clock()
        try:
            async with asyncio.timeout(self._limits.wait_seconds):
                await self._turns.acquire()
        except TimeoutError:
            raise ReaderBusy from None
        try:
            data = await load()
            left = self._limits.total_seconds - (clock() - began)
            return await read_document(data, limits=replace(self._limits, total_seconds=left))
        finally:
            self._turns.release()


async def read_document(data: bytes, *, limits: Limits) -> Document:
    """Read one file in a new process, ended after `limits.total_seconds` or when the caller is cancelled.

    Raises:
        DocumentError: with the status and the sentence to answer with
    """
    if not data:
        raise EmptyFile
    if len(data) > limits.file_bytes:
        raise FileTooLarge
    try:
        async with asyncio.timeout(limits.total_seconds):
            return_code, answer = await _run_worker(data, limits)
    except TimeoutError:
        raise TooComplex from None
    return _document(data, return_code, answer)


async def _run_worker(data: bytes, limits: Limits) -> tuple[int, bytes]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",  # no variable of the environment and no file of the folder changes what is run
        "-m",
        "request_api.documents.worker",
        json.dumps(asdict(limits)),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # may quote the resume
        env={"LC_ALL": "C.UTF-8"},  # none of the service's secrets
        cwd="/",
        start_new_session=True,
    )
    try:
        _, answer = await asyncio.gather(_send(process, data), _receive(process))
        return await process.wait(), answer
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


async def _send(process: asyncio.subprocess.Process, data: bytes) -> None:
    assert process.stdin  # noqa: S101 - given by PIPE
    # A worker that is over its limits stops reading.
    with suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(data)
        await process.stdin.drain()
    process.stdin.close()


async def _receive(process: asyncio.subprocess.Process) -> bytes:
    assert process.stdout  # noqa: S101 - given by PIPE
    received = bytearray()
    while chunk := await process.stdout.read(65_536):
        received += chunk
        if len(received) > _MAX_ANSWER_BYTES:
            raise TooComplex
    return bytes(received)


def _document(data: bytes, return_code: int, answer: bytes) -> Document:
    if return_code:
        _log.warning("document worker ended with %d", return_code)
        raise CorruptFile if -return_code in _FAULTS else TooComplex
    try:
        content: dict[str, Any] = json.loads(answer)
        if (code := content.get("error")) is not None:
            raise _error(code, content.get("detail"))
        if (crash := content.get("crash")) is not None:
            _log.error("document worker failed: %s", crash)
            raise CorruptFile
        return Document(
            text=content["text"],
            signals=DocumentSignals.model_validate(content["signals"]),
            sha256=hashlib.sha256(data).hexdigest(),
        )
    except (ValueError, KeyError, ValidationError) as error:
        # Without the trace, which would quote the resume.
        _log.error("document worker answered badly: %s", type(error).__name__)
        raise CorruptFile from None


def _error(code: str, detail: str | None) -> DocumentError:
    return BY_CODE.get(code, CorruptFile)(detail)
