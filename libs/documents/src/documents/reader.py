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
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict, dataclass, replace
from typing import Any, BinaryIO, Final
from uuid import UUID

from contracts.document import DocumentSignals
from pydantic import ValidationError

from documents.errors import (
    BY_CODE,
    CorruptFile,
    DocumentError,
    EmptyFile,
    FileTooLarge,
    OwnFilesFirst,
    ReaderBusy,
    TooComplex,
)
from documents.limits import Limits
from documents.turns import FairQueue

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
    """Reads at most `concurrency` files at once. Users take turns, and nobody waits for longer than
    `limits.wait_seconds`."""

    def __init__(self, *, concurrency: int, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._queue = FairQueue[asyncio.Event](places=concurrency)

    async def read(self, file: BinaryIO, *, user_id: UUID, seconds: float | None = None) -> Document:
        """Return what is kept of a user's file, which is on disk, within `seconds`.

        The default and the most is `limits.total_seconds`. With less, the wait for a turn is shorter, too.

        Raises:
            DocumentError: the file cannot be read, or not now
        """
        limits, clock = self._limits, asyncio.get_running_loop().time
        total = limits.total_seconds if seconds is None else min(seconds, limits.total_seconds)
        ends = clock() + total
        async with self._turn(user_id, wait_seconds=limits.wait_seconds * total / limits.total_seconds):
            left = ends - clock()
            try:
                return await read_document(file, limits=replace(limits, total_seconds=left))
            except TooComplex:
                # The file had less time than others, so this does not show that it is too complex.
                if clock() >= ends and left < limits.total_seconds - limits.wait_seconds:
                    raise ReaderBusy from None
                raise

    @asynccontextmanager
    async def _turn(self, user_id: UUID, *, wait_seconds: float) -> AsyncIterator[None]:
        """Raises ReaderBusy, OwnFilesFirst."""
        turn = asyncio.Event()
        self._queue.put(user_id, turn)
        self._start_waiting()
        try:
            async with asyncio.timeout(wait_seconds):
                await turn.wait()
        except TimeoutError:
            raise (OwnFilesFirst if self._queue.is_at_limit(user_id) else ReaderBusy) from None
        else:
            yield
        finally:
            # A turn may come in the very moment in which its file is given up.
            if turn.is_set():
                self._queue.finish(user_id)
            else:
                self._queue.withdraw(user_id, turn)
            self._start_waiting()

    def _start_waiting(self) -> None:
        while (turn := self._queue.start()) is not None:
            turn.set()


async def read_document(file: BinaryIO, *, limits: Limits) -> Document:
    """Read one file in a new process, ended after `limits.total_seconds` or when the caller is cancelled.

    The process gets the file itself, from its beginning: its bytes never pass through this one.

    Raises:
        DocumentError: with the status and the sentence to answer with
    """
    descriptor = file.fileno()
    size = os.fstat(descriptor).st_size
    if not size:
        raise EmptyFile
    if size > limits.file_bytes:
        raise FileTooLarge
    os.lseek(descriptor, 0, os.SEEK_SET)
    try:
        async with asyncio.timeout(limits.total_seconds):
            return_code, answer = await _run_worker(descriptor, limits)
    except TimeoutError:
        raise TooComplex from None
    text, signals = _content(return_code, answer)
    return Document(text=text, signals=signals, sha256=await asyncio.to_thread(_sha256, descriptor))


async def _run_worker(descriptor: int, limits: Limits) -> tuple[int, bytes]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",  # no variable of the environment and no file of the folder changes what is run
        "-m",
        "documents.worker",
        json.dumps(asdict(limits)),
        stdin=descriptor,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # may quote the resume
        env={"LC_ALL": "C.UTF-8"},  # none of the service's secrets
        cwd="/",
        start_new_session=True,
    )
    try:
        answer = await _receive(process)
        return await process.wait(), answer
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


async def _receive(process: asyncio.subprocess.Process) -> bytes:
    assert process.stdout  # noqa: S101 - given by PIPE
    received = bytearray()
    while chunk := await process.stdout.read(65_536):
        received += chunk
        if len(received) > _MAX_ANSWER_BYTES:
            raise TooComplex
    return bytes(received)


def _sha256(descriptor: int) -> str:
    """In pieces, and without moving the position that the descriptor shares with the worker."""
    digest, offset = hashlib.sha256(), 0
    while piece := os.pread(descriptor, 1_048_576, offset):
        digest.update(piece)
        offset += len(piece)
    return digest.hexdigest()


def _content(return_code: int, answer: bytes) -> tuple[str, DocumentSignals]:
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
        return str(content["text"]), DocumentSignals.model_validate(content["signals"])
    except (ValueError, KeyError, ValidationError) as error:
        # Without the trace, which would quote the resume.
        _log.error("document worker answered badly: %s", type(error).__name__)
        raise CorruptFile from None


def _error(code: str, detail: str | None) -> DocumentError:
    return BY_CODE.get(code, CorruptFile)(detail)
