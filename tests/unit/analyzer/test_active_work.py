import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest
from analyzer.pipeline import active_work as module
from analyzer.pipeline.active_work import ActiveWork
from chassis.messaging.consuming.concurrent import ShutdownInProgress, Superseded


class Work:
    """Work that runs until its gate opens, and records which pieces run and which are done."""

    def __init__(self) -> None:
        self.running: list[int] = []
        self.done: list[int] = []
        self.gate = asyncio.Event()

    def of(self, number: int) -> Callable[[], Awaitable[None]]:
        async def work() -> None:
            self.running.append(number)
            try:
                await self.gate.wait()
                self.done.append(number)
            finally:
                self.running.remove(number)

        return work


def start(
    active: ActiveWork, work: Work, *numbers: int, work_id: UUID | None = None
) -> list[asyncio.Task[None]]:
    return [asyncio.create_task(active.run(work_id or uuid4(), work.of(number))) for number in numbers]


async def run_pending_tasks() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_slots_limit_concurrent_work() -> None:
    active, work = ActiveWork(slots=2), Work()
    tasks = start(active, work, 1, 2, 3)
    await run_pending_tasks()
    assert work.running == [1, 2]
    work.gate.set()
    await asyncio.gather(*tasks)
    assert work.done == [1, 2, 3]


async def test_second_delivery_waits_for_the_first_without_a_slot() -> None:
    active, work = ActiveWork(slots=2), Work()
    tasks = start(active, work, 1, 2, work_id=uuid4()) + start(active, work, 3)
    await run_pending_tasks()
    assert work.running == [1, 3]
    assert not any(task.done() for task in tasks)
    work.gate.set()
    await asyncio.gather(*tasks)
    assert work.done == [1, 3]


async def test_second_delivery_runs_if_the_first_was_cancelled() -> None:
    active, work, work_id = ActiveWork(slots=1), Work(), uuid4()
    first, second = start(active, work, 1, 2, work_id=work_id)
    await run_pending_tasks()
    first.cancel()
    await run_pending_tasks()
    assert (first.cancelled(), work.running) == (True, [2])
    work.gate.set()
    await second
    assert work.done == [2]


async def test_ending_supersedes_running_waiting_and_later_work() -> None:
    active, work = ActiveWork(slots=1), Work()
    running, waiting, later = uuid4(), uuid4(), uuid4()
    tasks = start(active, work, 1, work_id=running) + start(active, work, 2, work_id=waiting)
    await run_pending_tasks()
    for each in (waiting, running, later):
        active.end(each)
    tasks += start(active, work, 3, work_id=later)
    assert [type(each) for each in await asyncio.gather(*tasks, return_exceptions=True)] == [Superseded] * 3
    # The slot is free again.
    work.gate.set()
    await asyncio.gather(*start(active, work, 4))
    assert work.done == [4]


async def test_number_of_ended_work_to_remember_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ENDED", 2)
    active, work = ActiveWork(slots=1), Work()
    work.gate.set()
    first, second, third = uuid4(), uuid4(), uuid4()
    for each in (first, second, third):
        active.end(each)
    await asyncio.gather(*start(active, work, 1, work_id=first))
    with pytest.raises(Superseded):
        await active.run(second, work.of(2))
    assert work.done == [1]


async def test_running_work_completes_after_close_and_no_other_starts() -> None:
    active, work = ActiveWork(slots=1), Work()
    tasks = start(active, work, 1, 2)
    await run_pending_tasks()
    active.close()
    work.gate.set()
    assert [type(each) for each in await asyncio.gather(*tasks, return_exceptions=True)] == [
        type(None),
        ShutdownInProgress,
    ]
    assert work.done == [1]
    active.open()
    await asyncio.gather(*start(active, work, 3))
    assert work.done == [1, 3]


async def test_cancelled_caller_cancels_the_work() -> None:
    active, work = ActiveWork(slots=1), Work()
    (task,) = start(active, work, 1)
    await run_pending_tasks()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (work.running, work.done) == ([], [])


async def test_error_of_the_work_is_raised_to_the_caller() -> None:
    async def breaks() -> None:
        raise LookupError

    active, work_id = ActiveWork(slots=1), uuid4()
    for _ in range(2):
        with pytest.raises(LookupError):
            await active.run(work_id, breaks)
