"""A pool of worker processes for the steps that need the processor.

Each worker runs one step at a time, so a worker that dies or hangs costs only this step. Decision 12 compares
this with libraries.
"""

import asyncio
import os
import pickle
import sys
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import suppress
from typing import Any, Final, Protocol, TypeVar, cast

from chassis.telemetry.logs import get_logger
from prometheus_client.metrics_core import CounterMetricFamily, GaugeMetricFamily, Metric

from analyzer.pipeline.worker import HEADER_BYTES

log = get_logger(__name__)

Result = TypeVar("Result")

# The longest text takes a second, on a busy machine several.
STEP_SECONDS: Final = 30.0
# Python, the imports and the data take a second of the processor.
START_SECONDS: Final = 60.0
# Time from a worker's closed output to its exit.
EXIT_SECONDS: Final = 1.0
# Pause before the next attempt to start a worker.
BACKOFF_SECONDS: Final = 1.0
# How long a step waits while there is no worker; a busy machine takes seconds to start one.
PATIENCE_SECONDS: Final = 10.0
# An outcome takes about 30 kB; with twice this buffered, the pipe stalls until it is read.
_BUFFER_BYTES: Final = 256 * 1024


class RunStep(Protocol):
    """Runs a function of `steps` or `match_step` in this package and returns its result."""

    async def __call__(self, step: Callable[..., Result], /, *arguments: object) -> Result: ...


class StepHung(TimeoutError):
    """A step exceeded its time limit and was killed with its worker."""


class WorkerDied(Exception):
    """A worker died during a step, and so did the worker that repeated the step."""


class NoWorkers(Exception):
    """There is no worker and none starts: a problem of this machine, not of the step."""


class WorkerPool:
    """Keeps `size` workers alive and gives each step to an idle one."""

    def __init__(
        self, *, size: int, step_seconds: float = STEP_SECONDS, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        self._size = size
        self._step_seconds = step_seconds
        self._patience_seconds = patience_seconds
        # Last in, first out: the worker used last has the warmest caches.
        self._idle: asyncio.LifoQueue[_Worker] = asyncio.LifoQueue()
        self._supervisors: list[asyncio.Task[None]] = []
        self._workers: set[_Worker] = set()
        self._running: set[asyncio.Task[Any]] = set()
        self._ended: Counter[str] = Counter(died=0, hung=0)

    async def start(self) -> None:
        """Start all workers and return once each is ready."""
        ready = [asyncio.Event() for _ in range(self._size)]
        self._supervisors = [
            asyncio.create_task(self._supervise(each), name=f"worker {number}")
            for number, each in enumerate(ready)
        ]
        for each in ready:
            await each.wait()

    async def stop(self) -> None:
        """Kill the workers."""
        for supervisor in self._supervisors:
            supervisor.cancel()
        await asyncio.gather(*self._supervisors, return_exceptions=True)

    async def check(self) -> str | None:
        """Report for readiness that there is no worker; one that remains does the work of the others."""
        return None if self._workers else "no worker process is running; see the log for the cause"

    def collect(self) -> Iterable[Metric]:
        """Yield the metrics for Prometheus."""
        yield GaugeMetricFamily(
            "worker_processes", "Running worker processes.", value=float(len(self._workers))
        )
        ended = CounterMetricFamily(
            "worker_processes_ended",
            "Worker processes that died or hung and were replaced.",
            labels=["reason"],
        )
        for reason, count in self._ended.items():
            ended.add_metric([reason], float(count))
        yield ended

    async def __call__(self, step: Callable[..., Result], /, *arguments: object) -> Result:
        """Run a step in a worker and return its result.

        Raises:
            NotAssessable: The step raised it.
            StepFailed: The step raised another error.
            StepHung: The step exceeded its time limit.
            WorkerDied: The worker died, and so did a second one.
            NoWorkers: There is no worker and none starts.
        """
        request = pickle.dumps((step, arguments), pickle.HIGHEST_PROTOCOL)
        try:
            succeeded, value = await self._attempt(request)
        except WorkerDied:
            # The step may not be the cause: the kernel kills a process when memory is short.
            log.warning("worker died, repeating its step", step=step.__name__)
            succeeded, value = await self._attempt(request)
        if not succeeded:
            raise value
        return cast("Result", value)

    async def _attempt(self, request: bytes) -> tuple[bool, Any]:
        worker = await self._next_idle()
        # A cancelled caller stops waiting, but the worker stays busy until the step has ended.
        running = asyncio.create_task(self._run(worker, request))
        self._running.add(running)
        running.add_done_callback(self._running.discard)
        outcome = await asyncio.shield(running)
        if isinstance(outcome, Exception):
            raise outcome
        return outcome

    async def _next_idle(self) -> "_Worker":
        while True:
            try:
                async with asyncio.timeout(self._patience_seconds):
                    worker = await self._idle.get()
            except TimeoutError:
                if not self._workers:
                    raise NoWorkers from None
            else:
                if worker.is_alive:
                    return worker

    async def _run(self, worker: "_Worker", request: bytes) -> tuple[bool, Any] | StepHung | WorkerDied:
        """Run a step; errors are returned, because a cancelled caller would not retrieve them."""
        try:
            async with asyncio.timeout(self._step_seconds):
                outcome = await worker.run(request)
        except TimeoutError:
            worker.hung = True
            log.error("step hung, killing its worker", seconds=self._step_seconds)  # noqa: TRY400 - nothing to trace
            worker.kill()
            return StepHung()
        except (EOFError, OSError):
            # The worker is exiting. A signal at once would replace the exit code that the supervisor logs.
            asyncio.get_running_loop().call_later(EXIT_SECONDS, worker.kill)
            return WorkerDied()
        self._idle.put_nowait(worker)
        return outcome

    async def _supervise(self, ready: asyncio.Event) -> None:
        """Keep one worker of the pool alive: start it and replace it whenever it ends."""
        while True:
            try:
                worker = await _Worker.start()
            except (OSError, EOFError, TimeoutError) as error:
                log.error("worker did not start, retrying", error=type(error).__name__)  # noqa: TRY400 - the log has the worker's own message
                await asyncio.sleep(BACKOFF_SECONDS)
                continue
            self._workers.add(worker)
            self._idle.put_nowait(worker)
            ready.set()
            try:
                code = await worker.wait()
            finally:
                self._workers.discard(worker)
                worker.kill()
                await worker.wait()
            self._ended["hung" if worker.hung else "died"] += 1
            log.warning("worker ended, starting another", pid=worker.pid, code=code)


class _Worker:
    """One worker process."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        *,
        requests: asyncio.StreamWriter,
        outcomes: asyncio.StreamReader,
    ) -> None:
        self.pid = process.pid
        self.hung = False
        self._process = process
        self._requests = requests
        self._outcomes = outcomes

    @classmethod
    async def start(cls) -> "_Worker":
        """Start a process and return once it is ready.

        Raises:
            OSError: The process cannot be started.
            EOFError: The process ended at once.
            TimeoutError: The process took too long.
        """
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "analyzer.pipeline.worker", str(os.getpid())),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=_BUFFER_BYTES,
        )
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("a requested pipe is missing")
        worker = cls(process, requests=process.stdin, outcomes=process.stdout)
        try:
            async with asyncio.timeout(START_SECONDS):
                await worker._receive()
        except BaseException:
            worker.kill()
            await worker.wait()
            raise
        return worker

    @property
    def is_alive(self) -> bool:
        return self._process.returncode is None and not self._outcomes.at_eof()

    async def run(self, request: bytes) -> tuple[bool, Any]:
        """Run a pickled step and return whether it succeeded, and its result or error.

        Raises:
            EOFError: The process ended.
            OSError: The process ended.
        """
        self._requests.write(request)
        await self._requests.drain()
        return await self._receive()

    async def _receive(self) -> tuple[bool, Any]:
        length = int.from_bytes(await self._outcomes.readexactly(HEADER_BYTES), "big")
        # The worker process runs the same code, so its pickles are trusted.
        outcome: tuple[bool, Any] = pickle.loads(await self._outcomes.readexactly(length))  # noqa: S301 - see above
        return outcome

    async def wait(self) -> int:
        """Wait for the end and return the exit code, negative for a signal."""
        return await self._process.wait()

    def kill(self) -> None:
        """Kill the process, which holds nothing to clean up."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()
