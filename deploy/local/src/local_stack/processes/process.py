"""A child process that cannot outlive its parent, with its output line by line."""

import asyncio
import contextlib
import os
import signal
import sys
from collections import deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from sandbox.process import die_with_parent

from local_stack.errors import PartFailed, StackError
from local_stack.processes.log import Log

# Lines shown of a part that failed.
TAIL_LINES = 30
_LINE_LIMIT = 1_000_000


class Process:
    """Runs `command` in its own process group. It can be started again after it ended."""

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
        # A file that receives the output instead of the log and `tail`, for a process that writes a lot.
        self.output: Path | None = None
        # Called with this process when it ends without `stop` or `kill`.
        self.on_crash: Callable[[Process], None] | None = None

    @property
    def pid(self) -> int | None:
        """Process id of the running child."""
        return self._child.pid if self._child is not None and self.running else None

    @property
    def running(self) -> bool:
        """True while the child runs."""
        return self._child is not None and self._child.returncode is None

    @property
    def returncode(self) -> int | None:
        """Exit code of the last child; a negative number is the signal that ended it."""
        return self._child.returncode if self._child is not None else None

    async def start(self) -> None:
        """Start the child without waiting until it is ready.

        Raises:
            StackError: this is not Linux; only Linux ends a child together with its parent.
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
                start_new_session=True,  # Ctrl-C reaches this process only, which stops the parts in order
                preexec_fn=before_exec,
            )
        self._watching = asyncio.create_task(self._watch(self._child), name=f"watch {self.name}")

    async def stop(self) -> None:
        """Send the stop signal, and kill the child if it does not end in time."""
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
        """Send SIGKILL to the child and its process group."""
        self._wanted = False
        if self._child is None:
            return
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self._child.pid, signal.SIGKILL)
        await self._child.wait()
        if self._watching is not None:
            await self._watching

    async def wait(self) -> int:
        """Wait until the child ends by itself, and return its exit code."""
        if self._child is None:
            raise RuntimeError(f"{self.name} was never started")
        code = await self._child.wait()
        if self._watching is not None:
            await self._watching
        return code

    async def wait_until(self, ready: Callable[[], Awaitable[bool]], *, seconds: float) -> None:
        """Poll `ready` until it returns True.

        Raises:
            PartFailed: the process ended, or was not ready in time.
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
        """Return an error about this process with its last lines."""
        code = "" if self.returncode is None else f" (exit {self.returncode})"
        return PartFailed(f"{self.name} {what}{code}", tail=list(self.tail))

    async def _watch(self, child: asyncio.subprocess.Process) -> None:
        while child.stdout is not None:
            try:
                raw = await child.stdout.readline()
            except ValueError:  # the reader dropped a line above the limit
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
    """Run a command to its end.

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
