"""Worker processes for what takes the processor.

Why not `concurrent.futures`: there the death of one process fails the steps of all, and nobody knows which
one hangs. Here each worker has one step at a time, so that whoever dies or hangs costs this step alone.
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

from analyzer.pipeline.frames import HEADER_BYTES, Raised, frame

log = get_logger(__name__)

Result = TypeVar("Result")

# The longest text takes a second; a busy machine several.
STEP_SECONDS: Final = 30.0
# Python, its imports and the rubric take half a second.
START_SECONDS: Final = 60.0
# From its last word to its end.
ENDING_SECONDS: Final = 1.0
# Between two starts of a worker that does not come up.
BACKOFF_SECONDS: Final = 1.0
# How long a step waits while no worker lives: a busy machine takes several to start one.
PATIENCE_SECONDS: Final = 10.0
# What a worker answers is 30 kB; beyond twice this a pipe waits until it is read.
_BUFFER_BYTES: Final = 256 * 1024


class RunStep(Protocol):
    """Runs a function of `analyzer.pipeline.steps`, wherever that is, and returns what it returns."""

    async def __call__(self, step: Callable[..., Result], /, *arguments: object) -> Result: ...


class StepHung(TimeoutError):
    """A step took longer than any resume does, and was ended with its worker."""


class WorkerDied(Exception):
    """A worker ended in the midst of a step, and so did the one that was asked after it."""


class NoWorkers(Exception):
    """No worker lives, and none comes up: this machine's trouble, and no fault of any step."""


class WorkerPool:
    """`size` workers, each replaced when it ends; steps wait for one that is free."""

    def __init__(
        self, *, size: int, step_seconds: float = STEP_SECONDS, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        self._size = size
        self._step_seconds = step_seconds
        self._patience_seconds = patience_seconds
        # The last one first: it is warm.
        self._idle: asyncio.LifoQueue[_Worker] = asyncio.LifoQueue()
        self._keepers: list[asyncio.Task[None]] = []
        self._workers: set[_Worker] = set()
        self._asking: set[asyncio.Task[Any]] = set()
        self._ended: Counter[str] = Counter(died=0, hung=0)

    async def start(self) -> None:
        """Returns once every worker is there, and has loaded what it needs."""
        warm = [asyncio.Event() for _ in range(self._size)]
        self._keepers = [
            asyncio.create_task(self._keep(each), name=f"worker {number}") for number, each in enumerate(warm)
        ]
        for each in warm:
            await each.wait()

    async def stop(self) -> None:
        """End the workers, whatever they do."""
        for keeper in self._keepers:
            keeper.cancel()
        await asyncio.gather(*self._keepers, return_exceptions=True)

    async def check(self) -> str | None:
        """For readiness: while one is replaced the others do its work."""
        return None if self._workers else "no worker process lives; the log says why"

    def collect(self) -> Iterable[Metric]:
        """What Prometheus asks for."""
        yield GaugeMetricFamily(
            "worker_processes", "Worker processes that live.", value=float(len(self._workers))
        )
        ended = CounterMetricFamily(
            "worker_processes_ended",
            "Worker processes that died or hung, and were replaced.",
            labels=["reason"],
        )
        for reason, count in self._ended.items():
            ended.add_metric([reason], float(count))
        yield ended

    async def __call__(self, step: Callable[..., Result], /, *arguments: object) -> Result:
        """Raises NotAssessable, what else a step raises as StepFailed, StepHung, WorkerDied, NoWorkers."""
        request = pickle.dumps((step, arguments), pickle.HIGHEST_PROTOCOL)
        try:
            result = await self._once(request)
        except WorkerDied:
            # It may have had nothing to do with this step: the kernel ends somebody when memory is short.
            log.warning("a worker died, its step is begun anew", step=step.__name__)
            result = await self._once(request)
        if isinstance(result, Raised):
            raise result.error
        return cast("Result", result)

    async def _once(self, request: bytes) -> Any:  # noqa: ANN401 - whatever the step returns
        worker = await self._free()
        # Nobody waits for a step that was cancelled, but its worker has to be done with it before the next.
        asking = asyncio.create_task(self._ask(worker, request))
        self._asking.add(asking)
        asking.add_done_callback(self._asking.discard)
        outcome = await asyncio.shield(asking)
        if isinstance(outcome, StepHung | WorkerDied):
            raise outcome
        return outcome

    async def _free(self) -> "_Worker":
        while True:
            try:
                async with asyncio.timeout(self._patience_seconds):
                    worker = await self._idle.get()
            except TimeoutError:
                if not self._workers:
                    raise NoWorkers from None
            else:
                if worker.lives:
                    return worker

    async def _ask(self, worker: "_Worker", request: bytes) -> Any:  # noqa: ANN401 - as above, or an exception
        try:
            async with asyncio.timeout(self._step_seconds):
                answer = await worker.ask(request)
        except TimeoutError:
            worker.hung = True
            log.error("a step hung, and was ended with its worker", seconds=self._step_seconds)  # noqa: TRY400 - nothing to trace
            worker.kill()
            return StepHung()
        except (EOFError, OSError):
            # It ends by itself; a signal now would take its exit code from who waits for it.
            asyncio.get_running_loop().call_later(ENDING_SECONDS, worker.kill)
            return WorkerDied()
        self._idle.put_nowait(worker)
        return answer

    async def _keep(self, warm: asyncio.Event) -> None:
        """One place in the pool: there is always a worker in it, or one is being started."""
        while True:
            try:
                worker = await _Worker.start()
            except (OSError, EOFError, TimeoutError) as error:
                log.error("a worker did not start, will try again", error=type(error).__name__)  # noqa: TRY400 - the log has what it said
                await asyncio.sleep(BACKOFF_SECONDS)
                continue
            self._workers.add(worker)
            self._idle.put_nowait(worker)
            warm.set()
            try:
                code = await worker.ended()
            finally:
                self._workers.discard(worker)
                worker.kill()
                await worker.ended()
            self._ended["hung" if worker.hung else "died"] += 1
            log.warning("a worker ended and is replaced", pid=worker.pid, code=code)


class _Worker:
    """One process that takes a step at a time, on its standard input, and answers on its standard output."""

    def __init__(
        self,
        process: asyncio.subprocess.Process,
        *,
        requests: asyncio.StreamWriter,
        answers: asyncio.StreamReader,
    ) -> None:
        self.pid = process.pid
        self.hung = False
        self._process = process
        self._requests = requests
        self._answers = answers

    @classmethod
    async def start(cls) -> "_Worker":
        """Returns once it has loaded all that a step needs. Raises OSError, EOFError, TimeoutError."""
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "analyzer.pipeline.worker", str(os.getpid())),
            stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE,
            limit=_BUFFER_BYTES,
        )
        if process.stdin is None or process.stdout is None:
            raise RuntimeError("the pipes that were asked for are not there")
        worker = cls(process, requests=process.stdin, answers=process.stdout)
        try:
            async with asyncio.timeout(START_SECONDS):
                await worker._answer()
        except BaseException:
            worker.kill()
            await worker.ended()
            raise
        return worker

    @property
    def lives(self) -> bool:
        return self._process.returncode is None and not self._answers.at_eof()

    async def ask(self, request: bytes) -> Any:  # noqa: ANN401 - whatever the step returns
        """Raises EOFError or OSError where the process ended."""
        self._requests.write(frame(request))
        await self._requests.drain()
        return await self._answer()

    async def _answer(self) -> Any:  # noqa: ANN401 - as above
        length = int.from_bytes(await self._answers.readexactly(HEADER_BYTES), "big")
        # Our own process, and our own code in it.
        return pickle.loads(await self._answers.readexactly(length))  # noqa: S301 - see above

    async def ended(self) -> int:
        """Wait for its end; returns its exit code, negative for a signal."""
        return await self._process.wait()

    def kill(self) -> None:
        """At once; it has nothing to put in order."""
        if self._process.returncode is None:
            with suppress(ProcessLookupError):
                self._process.kill()
