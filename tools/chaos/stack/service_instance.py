"""Starts, signals and kills service instances, which are children of a fork server."""

import asyncio
import contextlib
import json
import os
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import asdict
from pathlib import Path

from local_stack.errors import StackError
from local_stack.gateway.envoy import OK, http_status
from local_stack.paths import ROOT

from tools.chaos.injection.failpoints import Arming
from tools.chaos.injection.network import group_of
from tools.chaos.stack.fork_server import Start

READY_SECONDS = 40
STOP_SECONDS = 40


class ForkServer:
    """The fork server of one service, which can have many children at the same time."""

    def __init__(self, *, package: str, log: Path, environment: Mapping[str, str] | None = None) -> None:
        """Describe a fork server; `environment` is what has to be set before Python starts."""
        self._package = package
        self._environment = dict(environment or {})
        self._log = log
        self._process: asyncio.subprocess.Process | None = None
        self._reading: asyncio.Task[None] | None = None
        self._pids: dict[int, asyncio.Future[int]] = {}
        self._codes: dict[int, asyncio.Future[int]] = {}
        self._ready = asyncio.Event()
        self._starts = 0

    async def start(self) -> None:
        """Start the process and return once it has imported the service."""
        with self._log.open("ab") as log:
            self._process = await asyncio.create_subprocess_exec(
                sys.executable,
                *("-m", "tools.chaos.stack.fork_server", self._package, str(os.getpid())),
                cwd=ROOT,
                env={**os.environ, "PYTHONPATH": str(ROOT), **self._environment},
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )
        self._reading = asyncio.create_task(self._read(self._process), name=f"fork server {self._package}")
        async with asyncio.timeout(READY_SECONDS):
            await self._ready.wait()

    async def stop(self) -> None:
        """Kill the process and with it all its children."""
        if self._process is not None and self._reading is not None:
            with contextlib.suppress(ProcessLookupError):
                self._process.kill()
            await self._process.wait()
            await self._reading

    async def fork(
        self,
        *,
        environment: Mapping[str, str],
        log: Path,
        failpoint: Arming | None,
        variant: str | None,
        group: int | None,
    ) -> tuple[int, "asyncio.Future[int]"]:
        """Start an instance; return its pid and a future of its exit code."""
        assert self._process is not None, "the fork server was not started"
        assert self._process.stdin is not None, "it was started with a pipe"
        loop = asyncio.get_running_loop()
        self._starts += 1
        number = self._starts
        pid = self._pids[number] = loop.create_future()
        code = self._codes[number] = loop.create_future()
        start = Start(
            start=number,
            environment=environment,
            log=str(log),
            failpoint=None if failpoint is None else asdict(failpoint),
            variant=variant,
            group=group,
        )
        self._process.stdin.write(json.dumps(asdict(start)).encode() + b"\n")
        return await pid, code

    async def _read(self, process: asyncio.subprocess.Process) -> None:
        assert process.stdout is not None, "it was started with a pipe"
        async for line in process.stdout:
            message = json.loads(line)
            if "pid" in message:
                self._pids.pop(message["start"]).set_result(message["pid"])
            elif "code" in message:
                self._codes.pop(message["start"]).set_result(message["code"])
            else:
                self._ready.set()
        for future in (*self._pids.values(), *self._codes.values()):
            future.cancel()


class ServiceInstance:
    """One instance of a service, as a part of the stack."""

    def __init__(
        self,
        *,
        name: str,
        fork_server: ForkServer,
        port: int,
        environment: Mapping[str, str],
        logs: Path,
        kills: Path,
    ) -> None:
        self.name = name
        self.port = port
        self.variant: str | None = None
        self._fork_server = fork_server
        self._environment = environment
        self._logs = logs
        self._kills = kills
        self._pid: int | None = None
        self._code: asyncio.Future[int] | None = None

    @property
    def service(self) -> str:
        """Return the service of the instance, such as `analyzer` of `analyzer-2`."""
        return self.name.rstrip("-0123456789")

    @property
    def pid(self) -> int | None:
        """Return the pid, or None if the instance is not running."""
        return self._pid if self.running else None

    @property
    def running(self) -> bool:
        """Return True if the instance was started and has not ended."""
        return self._code is not None and not self._code.done()

    async def launch(self, *, point: str | None = None, passage: int = 1) -> None:
        """Start without waiting for readiness; with a failpoint, die at its `passage`-th passage."""
        assert not self.running, f"{self.name} is already running"
        arming = point and Arming(point=point, passage=passage, kills=str(self._kills), service=self.name)
        self._pid, self._code = await self._fork_server.fork(
            environment=self._environment,
            log=self._logs / f"{self.name}.log",
            failpoint=arming or None,
            variant=self.variant,
            group=group_of(self.port),
        )

    async def start(self) -> None:
        """Start and wait for readiness.

        Raises:
            StackError: The instance ended or did not become ready in time.
        """
        await self.launch()
        try:
            async with asyncio.timeout(READY_SECONDS):
                while not await self.is_ready():
                    if not self.running:
                        raise StackError(
                            f"{self.name} ended before it was ready; see its log in {self._logs}"
                        )
                    await asyncio.sleep(0.05)
        except TimeoutError:
            raise StackError(f"{self.name} was not ready within {READY_SECONDS} s") from None

    async def is_ready(self) -> bool:
        """Return True if the readiness check succeeds."""
        return await http_status(self.port, "/health/ready") == OK

    async def ended(self) -> int:
        """Wait for the end; return the exit code, which is negative for a signal."""
        assert self._code is not None, f"{self.name} was never started"
        return await asyncio.shield(self._code)

    async def stop(self) -> None:
        """Send SIGTERM, and SIGKILL if the instance does not end in time."""
        if not self.running:
            return
        self.signal(signal.SIGTERM)
        try:
            async with asyncio.timeout(STOP_SECONDS):
                await self.ended()
        except TimeoutError:
            await self.kill()

    async def kill(self) -> None:
        """Send SIGKILL and record it as a fault."""
        if not self.running:
            return
        line = {"at": time.monotonic(), "service": self.name, "point": None}
        with self._kills.open("a") as kills:
            kills.write(json.dumps(line) + "\n")
        self.signal(signal.SIGKILL)
        await self.ended()

    def signal(self, number: signal.Signals) -> None:
        """Send a signal to the main process of the instance."""
        if self._pid is not None and self.running:
            with contextlib.suppress(ProcessLookupError):
                os.kill(self._pid, number)
