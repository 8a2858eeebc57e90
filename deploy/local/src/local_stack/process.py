"""A child process that cannot outlive us, with its output line by line."""

import asyncio
import contextlib
import os
import signal
import sys
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from chassis.process import die_with_parent

from local_stack.errors import PartFailed, StackError
from local_stack.log import Log

# What is shown of a part that failed.
TAIL_LINES = 30
_LINE_LIMIT = 1_000_000


class Process:
    """Runs `command` in a process group of its own; may be started again after it ended."""

    def __init__(
        self,
        *,
        name: str,
        command: Sequence[str | Path],
        env: Mapping[str, str] | None = None,
        cwd: Path | None = None,
        log: Log | None = None,
        stop_signal: signal.Signals = signal.SIGTERM,
        stop_seconds: float = 20,
        before_exec: Callable[[], None] | None = None,
    ) -> None:
        self.name = name
        self.command = [str(word) for word in command]
        self._env = env
        self._cwd = cwd
        self._log = log or Log()
        self._stop_signal = stop_signal
        self._stop_seconds = stop_seconds
        self._before_exec = before_exec
        self._child: asyncio.subprocess.Process | None = None
        self._watching: asyncio.Task[None] | None = None
        self._wanted = False
        self.tail: deque[str] = deque(maxlen=TAIL_LINES)
        # A file that takes its output, instead of the log and `tail`: nobody has to keep up with reading it.
        self.output: Path | None = None
        # Called with this process when it ends although nobody stopped it.
        self.on_crash: Callable[[Process], None] | None = None

    @property
    def pid(self) -> int | None:
        """Of the running child."""
        return self._child.pid if self._child is not None and self.running else None

    @property
    def running(self) -> bool:
        """Started, and not ended."""
        return self._child is not None and self._child.returncode is None

    @property
    def returncode(self) -> int | None:
        """Of the last child that ended; negative is the signal that ended it."""
        return self._child.returncode if self._child is not None else None

    async def start(self) -> None:
        """Start the child; whether it is ready is another question.

        Raises:
            StackError: this is not Linux, whose kernel alone ends a child together with its parent.
        """
        if sys.platform != "linux":
            raise StackError("the local stack runs on Linux only (on Windows: in WSL)")
        if self.running:
            return
        parent = os.getpid()

        def before_exec() -> None:
            if self._before_exec is not None:
                self._before_exec()
            die_with_parent(parent)

        self.tail.clear()
        self._wanted = True
        with contextlib.ExitStack() as opened:
            output = opened.enter_context(self.output.open("ab")) if self.output else asyncio.subprocess.PIPE
            self._child = await asyncio.create_subprocess_exec(
                *self.command,
                env=dict(self._env) if self._env is not None else None,
                cwd=self._cwd,
                stdin=asyncio.subprocess.DEVNULL,
                stdout=output,
                stderr=asyncio.subprocess.STDOUT,
                limit=_LINE_LIMIT,
                start_new_session=True,  # Ctrl-C in the terminal is ours alone: we stop the parts in order
                preexec_fn=before_exec,
            )
        self._watching = asyncio.create_task(self._watch(self._child), name=f"watch {self.name}")

    async def stop(self) -> None:
        """Ask it to end, and kill it when it does not in time."""
        self._wanted = False
        if self._child is None:
            return
        if self.running:
            with contextlib.suppress(ProcessLookupError):
                self._child.send_signal(self._stop_signal)
            try:
                async with asyncio.timeout(self._stop_seconds):
                    await self._child.wait()
            except TimeoutError:
                self._log.write(self.name, f"did not stop within {self._stop_seconds:.0f} s, killing it")
        await self.kill()

    async def kill(self) -> None:
        """SIGKILL to the child and everything in its group."""
        self._wanted = False
        if self._child is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child.pid, signal.SIGKILL)
        await self._child.wait()
        if self._watching is not None:
            await self._watching

    async def wait(self) -> int:
        """Wait for its own end."""
        if self._child is None:
            raise RuntimeError(f"{self.name} was never started")
        code = await self._child.wait()
        if self._watching is not None:
            await self._watching
        return code

    async def wait_until(self, ready: Callable[[], Awaitable[bool]], *, seconds: float) -> None:
        """Poll `ready` until it says yes.

        Raises:
            PartFailed: the process ended, or the time is up.
        """
        try:
            async with asyncio.timeout(seconds):
                while not await ready():
                    if not self.running:
                        raise self.failure("ended before it was ready")
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise self.failure(f"was not ready within {seconds:.0f} s") from None

    def failure(self, what: str) -> PartFailed:
        """An error that says what happened to this process and shows its last lines."""
        code = "" if self.returncode is None else f" (exit {self.returncode})"
        return PartFailed(f"{self.name} {what}{code}", tail=list(self.tail))

    async def _watch(self, child: asyncio.subprocess.Process) -> None:
        while child.stdout is not None:
            try:
                raw = await child.stdout.readline()
            except ValueError:  # a line over the limit; the reader has dropped it
                continue
            if not raw:
                break
            line = raw.decode(errors="replace").rstrip()
            if line:
                self.tail.append(line)
                self._log.write(self.name, line)
        await child.wait()
        if self._wanted and self._child is child and self.on_crash is not None:
            self.on_crash(self)


async def run_to_end(process: Process, *, seconds: float) -> None:
    """Run a command that ends by itself.

    Raises:
        PartFailed: it failed or took too long.
    """
    process.on_crash = None
    await process.start()
    try:
        async with asyncio.timeout(seconds):
            code = await process.wait()
    except TimeoutError:
        raise process.failure(f"was not done within {seconds:.0f} s") from None
    finally:
        await process.kill()
    if code != 0:
        raise process.failure("failed")
