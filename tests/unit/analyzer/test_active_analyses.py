import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID, uuid4

import pytest
from analyzer.pipeline import active_analyses as module
from analyzer.pipeline.active_analyses import ActiveAnalyses
from chassis.messaging.consuming.concurrent import ShutdownInProgress, Superseded


class Work:
    """Notes who runs, until its gate opens."""

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
    analyses: ActiveAnalyses, work: Work, *numbers: int, analysis_id: UUID | None = None
) -> list[asyncio.Task[None]]:
    return [asyncio.create_task(analyses.run(analysis_id or uuid4(), work.of(number))) for number in numbers]


async def settle() -> None:
    for _ in range(10):
        await asyncio.sleep(0)


async def test_no_more_run_at_once_than_there_are_slots() -> None:
    analyses, work = ActiveAnalyses(slots=2), Work()
    tasks = start(analyses, work, 1, 2, 3)
    await settle()
    assert work.running == [1, 2]
    work.gate.set()
    await asyncio.gather(*tasks)
    assert work.done == [1, 2, 3]


async def test_a_second_delivery_waits_for_the_first_and_takes_no_slot() -> None:
    analyses, work = ActiveAnalyses(slots=2), Work()
    tasks = start(analyses, work, 1, 2, analysis_id=uuid4()) + start(analyses, work, 3)
    await settle()
    assert work.running == [1, 3]
    assert not any(task.done() for task in tasks)
    work.gate.set()
    await asyncio.gather(*tasks)
    assert work.done == [1, 3]


async def test_a_second_delivery_does_what_the_first_did_not() -> None:
    analyses, work, analysis_id = ActiveAnalyses(slots=1), Work(), uuid4()
    first, second = start(analyses, work, 1, 2, analysis_id=analysis_id)
    await settle()
    first.cancel()
    await settle()
    assert (first.cancelled(), work.running) == (True, [2])
    work.gate.set()
    await second
    assert work.done == [2]


async def test_an_end_needs_no_slot_and_ends_what_runs_and_what_waits() -> None:
    analyses, work = ActiveAnalyses(slots=1), Work()
    running, waiting, later = uuid4(), uuid4(), uuid4()
    tasks = start(analyses, work, 1, analysis_id=running) + start(analyses, work, 2, analysis_id=waiting)
    await settle()
    for each in (waiting, running, later):
        analyses.end(each)
    tasks += start(analyses, work, 3, analysis_id=later)
    assert [type(each) for each in await asyncio.gather(*tasks, return_exceptions=True)] == [Superseded] * 3
    # The slot is free again.
    work.gate.set()
    await asyncio.gather(*start(analyses, work, 4))
    assert work.done == [4]


async def test_ends_that_are_remembered_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_ENDED", 2)
    analyses, work = ActiveAnalyses(slots=1), Work()
    work.gate.set()
    first, second, third = uuid4(), uuid4(), uuid4()
    for each in (first, second, third):
        analyses.end(each)
    await asyncio.gather(*start(analyses, work, 1, analysis_id=first))
    with pytest.raises(Superseded):
        await analyses.run(second, work.of(2))
    assert work.done == [1]


async def test_what_has_begun_may_end_after_it_was_closed_and_nothing_else_begins() -> None:
    analyses, work = ActiveAnalyses(slots=1), Work()
    tasks = start(analyses, work, 1, 2)
    await settle()
    analyses.close()
    work.gate.set()
    assert [type(each) for each in await asyncio.gather(*tasks, return_exceptions=True)] == [
        type(None),
        ShutdownInProgress,
    ]
    assert work.done == [1]
    analyses.open()
    await asyncio.gather(*start(analyses, work, 3))
    assert work.done == [1, 3]


async def test_whoever_is_cancelled_takes_the_work_along() -> None:
    analyses, work = ActiveAnalyses(slots=1), Work()
    (task,) = start(analyses, work, 1)
    await settle()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (work.running, work.done) == ([], [])


async def test_a_failure_is_the_callers() -> None:
    async def breaks() -> None:
        raise LookupError

    analyses, analysis_id = ActiveAnalyses(slots=1), uuid4()
    for _ in range(2):
        with pytest.raises(LookupError):
            await analyses.run(analysis_id, breaks)
