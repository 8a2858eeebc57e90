"""Read uploaded files, each in a sandboxed process that is killed if it takes too long.

PDFium is not thread-safe and parses untrusted input. A process can be limited and killed.
"""

import asyncio
import hashlib
import json
import logging
import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass, replace
from typing import Any, BinaryIO, Final
from uuid import UUID

from contracts.document import DocumentSignals
from pydantic import ValidationError
from sandbox.errors import Crashed, NotStarted, Refused, WorkerError
from sandbox.limits import Limits as SandboxLimits
from sandbox.runner import run

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
    text, signals = _content(await _parse(descriptor, limits))
    return Document(text=text, signals=signals, sha256=await asyncio.to_thread(_sha256, descriptor))


async def _parse(descriptor: int, limits: Limits) -> bytes:
    sandbox = SandboxLimits(
        seconds=limits.total_seconds,
        cpu_seconds=limits.cpu_seconds,
        memory_bytes=limits.memory_bytes,
        output_bytes=_MAX_ANSWER_BYTES,
    )
    try:
        return await run("documents.worker", descriptor, limits=sandbox, options=asdict(limits))
    except Refused as refused:
        raise BY_CODE.get(refused.code, CorruptFile)(refused.detail) from None
    except Crashed:
        raise CorruptFile from None
    except NotStarted:
        raise ReaderBusy from None
    except WorkerError:
        raise TooComplex from None


def _sha256(descriptor: int) -> str:
    """Hash a file in pieces, without moving the file position."""
    digest, offset = hashlib.sha256(), 0
    while piece := os.pread(descriptor, 1_048_576, offset):
        digest.update(piece)
        offset += len(piece)
    return digest.hexdigest()


def _content(answer: bytes) -> tuple[str, DocumentSignals]:
    try:
        content: dict[str, Any] = json.loads(answer)
        return str(content["text"]), DocumentSignals.model_validate(content["signals"])
    except (ValueError, KeyError, ValidationError) as error:
        # The traceback is omitted because it would quote the resume.
        _log.error("document worker returned an invalid answer: %s", type(error).__name__)
        raise CorruptFile from None
