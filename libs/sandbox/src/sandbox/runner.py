"""The parent's side: start a worker, send its input, and kill it when it exceeds a limit."""

import asyncio
import json
import logging
import os
import signal
import sys
from contextlib import suppress
from dataclasses import asdict
from typing import Any, Final

from sandbox.errors import Crashed, NotStarted, OverLimit, Refused, TimedOut, WorkerError
from sandbox.limits import Limits
from sandbox.worker import CRASHED, NOT_LOADED, OVER_LIMIT, REFUSED

_LIMIT_SIGNALS: Final = frozenset(
    {
        signal.SIGXCPU,  # the limit on processor time
        signal.SIGABRT,  # a library without memory
        signal.SIGTRAP,  # GLib, and so Pango, without memory
    }
)
_CRASH_SIGNALS: Final = frozenset({signal.SIGSEGV, signal.SIGBUS, signal.SIGILL, signal.SIGFPE})

_log = logging.getLogger(__name__)


async def run(module: str, stdin: bytes | int, *, limits: Limits, options: Any = None) -> bytes:  # noqa: ANN401 - any JSON
    """Return the output of a worker, which is killed after `limits.seconds` or on cancellation.

    Args:
        module: the worker's module
        stdin: its input, or the descriptor of a file that it reads, whose bytes then never pass through here
        limits: what it may use
        options: passed to the worker as JSON

    Raises:
        WorkerError: there is no output; its subclasses say why.
    """
    try:
        async with asyncio.timeout(limits.seconds):
            return_code, output = await _run_process(module, stdin, limits, options)
    except TimeoutError:
        raise TimedOut from None
    if not return_code:
        return output
    if return_code == REFUSED:
        raise Refused(*json.loads(output))
    if return_code in (CRASHED, NOT_LOADED):
        _log.error("%s raised an unexpected exception: %s", module, output.decode(errors="replace"))
        raise Crashed if return_code == CRASHED else WorkerError
    _log.warning("%s exited with code %d", module, return_code)
    if return_code == OVER_LIMIT or -return_code in _LIMIT_SIGNALS:
        raise OverLimit
    if return_code == -signal.SIGALRM:
        raise TimedOut
    raise Crashed if -return_code in _CRASH_SIGNALS else WorkerError


async def _run_process(module: str, stdin: bytes | int, limits: Limits, options: Any) -> tuple[int, bytes]:  # noqa: ANN401 - any JSON
    process = await _start(module, stdin, limits, options)
    try:
        if process.stdin and isinstance(stdin, bytes):
            await _send(process.stdin, stdin)
        output = await _receive(process, at_most=limits.output_bytes)
        return await process.wait(), output
    finally:
        if process.returncode is None:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            await process.wait()


async def _start(module: str, stdin: bytes | int, limits: Limits, options: Any) -> asyncio.subprocess.Process:  # noqa: ANN401 - any JSON
    try:
        return await asyncio.create_subprocess_exec(
            sys.executable,
            "-I",  # isolated: neither the environment nor the working directory affects the imports
            "-m",
            module,
            json.dumps([asdict(limits), options]),
            str(os.getpid()),
            stdin=stdin if isinstance(stdin, int) else asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,  # may quote the input
            env={"LC_ALL": "C.UTF-8"},  # without the secrets of the service
            cwd="/",
            start_new_session=True,
        )
    except OSError as error:
        _log.error("%s could not be started: %s", module, error.strerror)
        raise NotStarted from None


async def _send(stream: asyncio.StreamWriter, data: bytes) -> None:
    # A worker that ends early says why by its exit code.
    with suppress(BrokenPipeError, ConnectionResetError):
        stream.write(data)
        await stream.drain()
        stream.close()


async def _receive(process: asyncio.subprocess.Process, *, at_most: int) -> bytes:
    assert process.stdout  # noqa: S101 - set because of PIPE
    received = bytearray()
    while chunk := await process.stdout.read(65_536):
        received += chunk
        if len(received) > at_most:
            raise OverLimit
    return bytes(received)
