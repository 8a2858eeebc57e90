"""Render HTML documents as PDF, each in a sandboxed process that is killed if it takes too long.

WeasyPrint takes half a second to load and holds 50 to 200 MB, which a process per document returns.
"""

import asyncio
import json
import logging
import os
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import asdict
from typing import Final

from printing.errors import PrintingError, RendererBusy, RendererMissing, TooLongToPrint
from printing.limits import Limits
from printing.worker import CRASHED, MISSING_LIBRARY, TOO_LARGE

# Signals of a process that crashed, unlike those of a process over its limits.
_CRASH_SIGNALS: Final = frozenset({signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE})

_log = logging.getLogger(__name__)


class PdfRenderer:
    """Renders at most `concurrency` documents at a time. Further ones wait in the order of their arrival."""

    def __init__(self, *, concurrency: int, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()
        self._places = asyncio.Semaphore(concurrency)
        self._waiting = 0

    async def render(self, html: str) -> bytes:
        """Return a self-contained HTML document as tagged PDF (PDF/UA).

        The document needs a title and a language. Anything it refers to is ignored, except for `data:` URLs.

        Raises:
            PrintingError: the document cannot be printed, or cannot be printed now.
        """
        document = html.encode(errors="replace")
        if len(document) > self._limits.html_bytes:
            raise TooLongToPrint
        async with self._place():
            return await _print(document, self._limits)

    @asynccontextmanager
    async def _place(self) -> AsyncIterator[None]:
        if self._places.locked() and self._waiting >= self._limits.waiting:
            raise RendererBusy
        self._waiting += 1
        try:
            async with asyncio.timeout(self._limits.wait_seconds):
                await self._places.acquire()
        except TimeoutError:
            raise RendererBusy from None
        finally:
            self._waiting -= 1
        try:
            yield
        finally:
            self._places.release()


async def _print(document: bytes, limits: Limits) -> bytes:
    """Print one document in a new process, which is killed after `limits.seconds` or on cancellation."""
    try:
        async with asyncio.timeout(limits.seconds):
            return_code, answer = await _run_worker(document, limits)
    except TimeoutError:
        raise TooLongToPrint from None
    if not return_code:
        return answer
    if return_code == MISSING_LIBRARY:
        raise RendererMissing
    if return_code == CRASHED:
        _log.error("print worker raised an unexpected exception: %s", answer.decode(errors="replace"))
        raise PrintingError
    _log.warning("print worker exited with code %d", return_code)
    # Any other signal is that of a limit, or of a library (SIGABRT) or the kernel when memory is short.
    is_over_limit = return_code == TOO_LARGE or (return_code < 0 and -return_code not in _CRASH_SIGNALS)
    raise TooLongToPrint if is_over_limit else PrintingError


async def _run_worker(document: bytes, limits: Limits) -> tuple[int, bytes]:
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-I",  # isolated: neither the environment nor the working directory affects the imports
        "-m",
        "printing.worker",
        json.dumps(asdict(limits)),
        str(os.getpid()),
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.DEVNULL,  # may quote the document
        env={"LC_ALL": "C.UTF-8"},  # without the secrets of the service
        cwd="/",
        start_new_session=True,
    )
    try:
        await _send(process, document)
        answer = await _receive(process, max_bytes=limits.pdf_bytes)
        return await process.wait(), answer
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


async def _send(process: asyncio.subprocess.Process, document: bytes) -> None:
    assert process.stdin  # noqa: S101 - set because of PIPE
    # A worker that ends early says why by its return code.
    with suppress(BrokenPipeError, ConnectionResetError):
        process.stdin.write(document)
        await process.stdin.drain()
        process.stdin.close()


async def _receive(process: asyncio.subprocess.Process, *, max_bytes: int) -> bytes:
    assert process.stdout  # noqa: S101 - set because of PIPE
    received = bytearray()
    while chunk := await process.stdout.read(65_536):
        received += chunk
        if len(received) > max_bytes:
            raise TooLongToPrint
    return bytes(received)
