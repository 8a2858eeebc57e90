"""The checker accepts the product and detects what each broken build breaks (`make chaos-checker`)."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from typing import Final

import pytest
from chassis.messaging.consuming.concurrent import COMMIT_SECONDS

from tests.support.polling import eventually
from tools.chaos.broken_builds.builds import BUILDS, Fault
from tools.chaos.checker.check import report
from tools.chaos.checker.durability import IDLE_SECONDS
from tools.chaos.injection.failpoints import POINTS
from tools.chaos.injection.stalls import pause
from tools.chaos.probes import count_completed
from tools.chaos.recording.collect import remaining_work
from tools.chaos.run import Run, new_run
from tools.chaos.stack.chaos_stack import ChaosStack
from tools.chaos.stack.reset import (
    execute,
    redeliver_everything,
    reset_stack,
    start_servers,
    start_services,
    stop_services,
)
from tools.chaos.workload.load import ANY_NUMBER, Load

# The first test also starts the stack.
pytestmark = pytest.mark.timeout(150)

ANALYSES: Final = 24
# At this number some analyses are done, some are at the model, and some are not requested yet.
ACCEPTED_BEFORE_KILL: Final = 14
# At this number the first jobs have ended and others are running.
COMPLETED_BEFORE_KILL: Final = 3
# Longer than the timeout of a statement, so that a BEGIN times out.
STALL_SECONDS: Final = 7.0
# Enough for the load to go on for seconds after the stall.
ANALYSES_AROUND_A_STALL: Final = 80
# At this pace, eight clients need forty seconds for the number below.
SLOW_PACE: Final = 1.0
ANALYSES_LONG_AFTER_A_STALL: Final = 320
# The product drains in one or two seconds; what a broken build has lost never arrives.
DRAIN_SECONDS: Final = 4.0
CONTROL_DRAIN_SECONDS: Final = 20.0
_UNIQUE: Final = (
    "CREATE UNIQUE INDEX IF NOT EXISTS uq_review_results_request ON review_results (review_request_id)"
)


async def test_product_has_no_violations(stack: ChaosStack) -> None:
    """Apply the same faults as to the broken builds."""
    async with _run(stack, None) as run:
        await _under_load(run, kill="analyzer")
        await _wait_until_drained(run, seconds=CONTROL_DRAIN_SECONDS)
        await redeliver_everything(stack)
        violations, figures = await run.judge(drain_seconds=CONTROL_DRAIN_SECONDS)
    assert not violations, report(violations)
    assert (figures.accepted, figures.kills) == (ANALYSES, 1)


async def test_product_has_no_violations_after_a_stall(stack: ChaosStack) -> None:
    async with _run(stack, None, at_most=ANALYSES_AROUND_A_STALL) as run:
        await _under_load(run, stall=True)
        violations, _ = await run.judge(drain_seconds=CONTROL_DRAIN_SECONDS)
    assert not violations, report(violations)


@pytest.mark.parametrize("name", BUILDS)
async def test_broken_build_is_detected(stack: ChaosStack, name: str) -> None:
    build = BUILDS[name]
    analyses = {
        Fault.STALL: ANALYSES_AROUND_A_STALL,
        Fault.STALL_THEN_LOAD: ANALYSES_LONG_AFTER_A_STALL,
    }
    async with _run(stack, name, at_most=analyses.get(build.fault, ANALYSES)) as run:
        if build.fault is Fault.STALL_THEN_LOAD:
            run.load.pace = SLOW_PACE
        kill = build.service if build.fault is Fault.KILL else None
        await _under_load(run, kill=kill, point=build.point, stall=build.fault in analyses)
        if build.fault is Fault.WAIT:
            await asyncio.sleep(IDLE_SECONDS + 2)
        if build.fault in (Fault.REDELIVER, Fault.ERASE_AND_REDELIVER):
            await _wait_until_drained(run, seconds=CONTROL_DRAIN_SECONDS)
            if build.fault is Fault.ERASE_AND_REDELIVER:
                await run.load.delete_resumes()
                await _wait_until_drained(run, seconds=CONTROL_DRAIN_SECONDS)
            await redeliver_everything(stack)
        violations, _ = await run.judge(drain_seconds=DRAIN_SECONDS)
    reported = {violation.invariant for violation in violations}
    assert build.invariants <= reported, report(violations)


@asynccontextmanager
async def _run(stack: ChaosStack, name: str | None, *, at_most: int = ANALYSES) -> AsyncIterator[Run]:
    """Prepare a run on a reset stack with one broken service."""
    build = BUILDS[name] if name else None
    await stop_services(stack)
    await start_servers(stack)
    stack.arrange()
    stack.model.latency = (0.1, 1.0)
    await reset_stack(stack)
    await execute(stack, "results_api", _UNIQUE)
    if build and build.sql:
        await execute(stack, build.service.replace("-", "_"), build.sql)
    for instance in stack.instances.values():
        instance.variant = (
            f"broken_builds.builds:{name}" if build and instance.service == build.service else None
        )
    await start_services(stack)
    async with new_run(
        stack,
        clients=8,
        pace=0.2,
        at_most=at_most,
        # Lost analyses never end, and must not stop the load.
        unfinished=ANY_NUMBER,
        resumes=2,
        # Several, because clients delete some of them at random.
        to_delete=4 if build and build.fault is Fault.ERASE_AND_REDELIVER else 0,
    ) as run:
        yield run


async def _under_load(
    run: Run, *, kill: str | None = None, point: str | None = None, stall: bool = False
) -> None:
    """Run the load; restart a service that is killed or dies at a failpoint.

    With `stall`, PostgreSQL is paused in the middle of the load.
    """
    if point is not None:
        (victim, *_) = run.stack.instances_of(POINTS[point].service)
        await victim.stop()
        await victim.launch(point=point, passage=ACCEPTED_BEFORE_KILL)
        await eventually(victim.is_ready)
        run.load.start()
        await victim.ended()
        await victim.start()
    else:
        run.load.start()
    if kill is not None or stall:
        await eventually(
            partial(_accepted, run.load),
            until=lambda count: count >= ACCEPTED_BEFORE_KILL,
            every_seconds=0.01,
        )
    if stall:
        with pause(run, "postgres", number=0):
            await asyncio.sleep(STALL_SECONDS)
    if kill is not None:
        (victim, *_) = run.stack.instances_of(kill)
        if kill == "analyzer":
            await eventually(
                partial(count_completed, run.stack), until=lambda count: count >= COMPLETED_BEFORE_KILL
            )
            # By then, offsets have been committed while jobs are still running.
            await asyncio.sleep(COMMIT_SECONDS + 0.1)
        await victim.kill()
        await victim.start()
    await run.load.wait_until_done()


async def _accepted(load: Load) -> int:
    return len(load.accepted)


async def _wait_until_drained(run: Run, *, seconds: float) -> None:
    await eventually(
        lambda: remaining_work(run.stack),
        until=lambda left: not left,
        deadline_seconds=seconds,
        every_seconds=0.2,
    )
