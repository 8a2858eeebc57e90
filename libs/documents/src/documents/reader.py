"""Read uploaded files, each in a sandboxed process that is killed if it takes too long.

PDFium is not thread-safe and parses untrusted input. A process can be limited and killed.
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
    EmptyFile,
    FileTooLarge,
    ReaderBusy,
    TooComplex,
    TooManyOwnFiles,
)
from documents.fair_queue import FairQueue
from documents.limits import Limits

MAX_FILE_BYTES: Final = Limits().file_bytes

# Four bytes per character, as much again for the signals, and room to spare.
_MAX_ANSWER_BYTES: Final = 4_000_000
# Signals of a process that crashed on a damaged file, unlike those of a process over its limits.
_CRASH_SIGNALS: Final = frozenset({signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE})

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """The content of a file. `sha256` is the hexadecimal digest of its bytes."""

    text: str
    signals: DocumentSignals
    sha256: str


class DocumentReader:
    """Reads at most `concurrency` files at a time.

    Users take turns. Nobody waits for longer than `limits.wait_seconds`.
    """

    def __init__(self, *, concurrency: int, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._queue = FairQueue[asyncio.Event](places=concurrency)

    async def read(self, file: BinaryIO, *, user_id: UUID, seconds: float | None = None) -> Document:
        """Return the content of a user's file, which must be on disk.

        Args:
            file: the file; its position is ignored
            user_id: the user who takes a turn
            seconds: the time allowed, at most `limits.total_seconds`, which is the default. With less time
                the wait for a turn is proportionally shorter.

        Raises:
            DocumentError: the file cannot be read, or cannot be read now.
        """
        limits, clock = self._limits, asyncio.get_running_loop().time
        total = limits.total_seconds if seconds is None else min(seconds, limits.total_seconds)
        deadline = clock() + total
        async with self._turn(user_id, wait_seconds=limits.wait_seconds * total / limits.total_seconds):
            left = deadline - clock()
            try:
                return await read_document(file, limits=replace(limits, total_seconds=left))
            except TooComplex:
                # The file had less time than others, so it is not necessarily too complex.
                if clock() >= deadline and left < limits.total_seconds - limits.wait_seconds:
                    raise ReaderBusy from None
                raise

    @asynccontextmanager
    async def _turn(self, user_id: UUID, *, wait_seconds: float) -> AsyncIterator[None]:
        """Wait for a turn, and release it afterwards.

        Raises:
            ReaderBusy: other users' files take up the time.
            TooManyOwnFiles: the user's own files take up the time.
        """
        turn = asyncio.Event()
        self._queue.put(user_id, turn)
        self._start_next()
        try:
            async with asyncio.timeout(wait_seconds):
                await turn.wait()
        except TimeoutError:
            raise (TooManyOwnFiles if self._queue.is_at_limit(user_id) else ReaderBusy) from None
        else:
            yield
        finally:
            # The turn may have come at the same moment as the timeout or the cancellation.
            if turn.is_set():
                self._queue.finish(user_id)
            else:
                self._queue.withdraw(user_id, turn)
            self._start_next()

    def _start_next(self) -> None:
        while (turn := self._queue.start()) is not None:
            turn.set()


async def read_document(file: BinaryIO, *, limits: Limits) -> Document:
    """Read one file in a new process, which is killed after `limits.total_seconds` or on cancellation.

    The process inherits the file descriptor. The bytes of the file never pass through the current process.

    Raises:
        DocumentError: the file cannot be read.
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
        "-I",  # isolated: neither the environment nor the working directory affects the imports
        "-m",
        "documents.worker",
        json.dumps(asdict(limits)),
        stdin=descriptor,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # may quote the resume
        env={"LC_ALL": "C.UTF-8"},  # without the secrets of the service
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
    assert process.stdout  # noqa: S101 - set because of PIPE
    received = bytearray()
    while chunk := await process.stdout.read(65_536):
        received += chunk
        if len(received) > _MAX_ANSWER_BYTES:
            raise TooComplex
    return bytes(received)


def _sha256(descriptor: int) -> str:
    """Hash a file in pieces, without moving the file position."""
    digest, offset = hashlib.sha256(), 0
    while piece := os.pread(descriptor, 1_048_576, offset):
        digest.update(piece)
        offset += len(piece)
    return digest.hexdigest()


def _content(return_code: int, answer: bytes) -> tuple[str, DocumentSignals]:
    if return_code:
        _log.warning("document worker exited with code %d", return_code)
        raise CorruptFile if -return_code in _CRASH_SIGNALS else TooComplex
    try:
        content: dict[str, Any] = json.loads(answer)
        if (code := content.get("error")) is not None:
            raise BY_CODE.get(code, CorruptFile)(content.get("detail"))
        if (crash := content.get("crash")) is not None:
            _log.error("document worker raised an unexpected exception: %s", crash)
            raise CorruptFile
        return str(content["text"]), DocumentSignals.model_validate(content["signals"])
    except (ValueError, KeyError, ValidationError) as error:
        # The traceback is omitted because it would quote the resume.
        _log.error("document worker returned an invalid answer: %s", type(error).__name__)
        raise CorruptFile from None
