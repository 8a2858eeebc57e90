"""The worker pool when steps fail and workers die, hang or receive signals."""

import asyncio
import os
import signal
import sys
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from analyzer.pipeline import steps
from analyzer.pipeline.steps import StepFailed
from analyzer.pipeline.worker_pool import NoWorkers, StepHung, WorkerDied, WorkerPool
from scoring.resume.resume import NotAssessable

from tests.support import events, files
from tests.support.polling import eventually
from tests.support.telemetry.process_usage import own_memory_mb, process_tree

NOW = datetime(2026, 11, 28, tzinfo=UTC)
# Stands for a slow step, as `os._exit` and others stand for steps that fail.
SLEEP = time.sleep


@asynccontextmanager
async def running_pool(
    *, size: int = 2, step_seconds: float = 30, patience_seconds: float = 30
) -> AsyncIterator[WorkerPool]:
    pool = WorkerPool(size=size, step_seconds=step_seconds, patience_seconds=patience_seconds)
    await pool.start()
    try:
        yield pool
    finally:
        await pool.stop()


def workers() -> list[int]:
    """Return the workers of this process; an analyzer of another test has its own."""
    ours = b"analyzer.pipeline.worker\0%d\0" % os.getpid()
    return [pid for pid in process_tree(os.getpid()) if _command(pid).endswith(ours)]


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:
        return b""


def ended(pool: WorkerPool) -> dict[str, float]:
    _, counter = pool.collect()
    return {sample.labels["reason"]: sample.value for sample in counter.samples}


def have_exited(pids: list[int]) -> Callable[[], Awaitable[bool]]:
    async def probe() -> bool:
        return not any(b"analyzer.pipeline.worker" in _command(pid) for pid in pids)

    return probe


async def test_steps_run_in_all_workers() -> None:
    async with running_pool() as pool:
        sleep_and_return_pid = "__import__('time').sleep(0.3) or __import__('os').getpid()"
        pids = await asyncio.gather(*(pool(eval, sleep_and_return_pid) for _ in range(4)))
        assert set(pids) == set(workers())
        assert len(workers()) == 2
        assert await pool.check() is None
    assert workers() == []


async def test_report_of_a_worker_equals_that_of_this_process() -> None:
    request = events.requested(text=files.strong_resume_txt().decode()).model_dump_json()
    async with running_pool(size=1) as pool:
        report = await pool(steps.score_by_rules, request, NOW)
    assert report == steps.score_by_rules(request, NOW)
    assert events.report_of(report).ai_model_used.startswith("rules/")


async def test_error_of_a_step_is_raised_without_its_message() -> None:
    async with running_pool(size=1) as pool:
        with pytest.raises(StepFailed) as failed:
            await pool(eval, "int('canary of a resume')")
        assert (failed.value.error, "canary" in repr(failed.value)) == ("ValueError", False)
        assert failed.value.place == "<string>:1"
        with pytest.raises(NotAssessable) as refused:
            await pool(steps.score_by_rules, events.requested(text=" \n").model_dump_json(), NOW)
        assert refused.value.code == "no_text"
        # Printed text does not corrupt the outcome.
        assert await pool(eval, "print('not an outcome')") is None
        assert await pool(len, "four") == 4
        assert ended(pool) == {"died": 0, "hung": 0}


async def test_worker_imports_only_what_steps_need() -> None:
    async with running_pool(size=1) as pool:
        await pool(steps.score_by_rules, events.requested().model_dump_json(), NOW)
        loaded = await pool(eval, "sorted(__import__('sys').modules)")
        assert not {"asyncio", "aiokafka", "fastapi", "openai", "sqlalchemy", "structlog"} & set(loaded)
        (pid,) = workers()
        assert own_memory_mb(pid) < 60


async def test_killed_worker_is_replaced_and_its_step_repeated() -> None:
    async with running_pool() as pool:
        before = set(workers())
        # The worker used last is the next to be used.
        busy = await pool(os.getpid)
        step = asyncio.create_task(pool(eval, "__import__('time').sleep(0.5) or __import__('os').getpid()"))
        await asyncio.sleep(0.2)
        os.kill(busy, signal.SIGKILL)
        assert await step != busy
        await eventually(lambda: _has_workers(2))
        assert set(workers()) - before
        assert ended(pool) == {"died": 1, "hung": 0}


async def test_step_that_kills_every_worker_fails_and_the_pool_recovers() -> None:
    async with running_pool() as pool:
        with pytest.raises(WorkerDied):
            await pool(os._exit, 3)
        assert await pool(len, "four") == 4
        await eventually(lambda: _has_workers(2))
        assert ended(pool) == {"died": 2, "hung": 0}


async def test_killed_idle_worker_fails_no_step() -> None:
    async with running_pool() as pool:
        for pid in workers():
            os.kill(pid, signal.SIGKILL)
        await asyncio.sleep(0.05)
        assert await pool(len, "four") == 4
        await eventually(lambda: _has_workers(2))
        assert ended(pool) == {"died": 2, "hung": 0}


async def test_step_raises_no_workers_if_none_can_be_started(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with running_pool(size=1, patience_seconds=0.2) as pool:
        monkeypatch.setattr(sys, "executable", "/nowhere/python")
        os.kill(workers()[0], signal.SIGKILL)
        with pytest.raises(NoWorkers):
            await pool(len, "four")
        assert await pool.check() == "no worker process is running; see the log for the cause"
        monkeypatch.undo()
        await eventually(lambda: _has_workers(1))
        await eventually(pool.check, until=lambda trouble: trouble is None)
        assert await pool(len, "four") == 4


async def test_step_waits_beyond_its_patience_for_a_busy_worker() -> None:
    async with running_pool(size=1, patience_seconds=0.1) as pool:
        busy = asyncio.create_task(pool(SLEEP, 0.5))
        await asyncio.sleep(0.05)
        assert await pool(len, "four") == 4
        await busy


async def test_hanging_step_is_killed_with_its_worker() -> None:
    async with running_pool(step_seconds=3) as pool:
        before = set(workers())
        hanging = asyncio.create_task(pool(SLEEP, 600))
        await asyncio.sleep(0.1)
        assert await pool(len, "four") == 4
        with pytest.raises(StepHung):
            await hanging
        # The worker was killed; the kernel may take a moment.
        await eventually(lambda: _count_remaining(before), until=lambda count: count == 1)
        await eventually(lambda: _has_workers(2))
        assert ended(pool) == {"died": 0, "hung": 1}


async def test_cancelled_caller_ends_no_worker() -> None:
    async with running_pool(size=1) as pool:
        before = workers()
        step = asyncio.create_task(pool(SLEEP, 0.5))
        await asyncio.sleep(0.1)
        step.cancel()
        with pytest.raises(asyncio.CancelledError):
            await step
        assert await pool(len, "four") == 4
        assert workers() == before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
async def test_signal_to_all_processes_lets_a_step_complete(number: signal.Signals) -> None:
    async with running_pool(size=1) as pool:
        step = asyncio.create_task(pool(eval, "__import__('time').sleep(0.5) or 'done'"))
        await asyncio.sleep(0.2)
        os.kill(workers()[0], number)
        assert await step == "done"
        assert ended(pool) == {"died": 0, "hung": 0}


@pytest.mark.parametrize("step", ["time.sleep, 600", "len, ''"])
async def test_workers_die_with_a_killed_parent(step: str) -> None:
    """Cover workers that run a step and workers that are idle."""
    code = (
        "import asyncio, os, sys, time\n"
        "from analyzer.pipeline.worker_pool import WorkerPool\n"
        "async def main():\n"
        "    pool = WorkerPool(size=2)\n"
        "    await pool.start()\n"
        f"    tasks = [asyncio.create_task(pool({step})) for _ in range(2)]\n"
        "    await asyncio.sleep(0.2)\n"
        "    print('ready', flush=True)\n"
        "    await asyncio.sleep(600)\n"
        "asyncio.run(main())\n"
    )
    parent = await asyncio.create_subprocess_exec(sys.executable, "-c", code, stdout=asyncio.subprocess.PIPE)
    assert parent.stdout is not None
    assert await parent.stdout.readline() == b"ready\n"
    children = [pid for pid in process_tree(parent.pid) if pid != parent.pid]
    assert len(children) == 2
    parent.kill()
    await parent.wait()
    await eventually(have_exited(children), deadline_seconds=5)


async def _count_remaining(pids: set[int]) -> int:
    return len(pids & set(workers()))


async def _has_workers(count: int) -> bool:
    return len(workers()) == count
