"""F16: two relays. F18: the issuer is unavailable and rotates its key. F20: erasure during a job."""

import math
import signal

import pytest

from tests.support.polling import eventually
from tools.chaos.probes import operations_between, run_for, wait_for_progress
from tools.chaos.recording.collect import value_of
from tools.chaos.run import Run, Scale, Verdict, chaos_run
from tools.chaos.stack.chaos_stack import ChaosStack
from tools.chaos.stack.service_instance import ServiceInstance
from tools.chaos.workload.load import ANY_NUMBER

CUT_OFF = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE application_name = 'request_outbox'
      AND pid IN (SELECT pid FROM pg_locks WHERE locktype = 'advisory')
"""


@pytest.mark.timeout(600)
async def test_f16_two_relays_one_paused_past_its_lease(
    stack: ChaosStack, scale: Scale, verdict: Verdict
) -> None:
    async with chaos_run(stack, pace=0.2, analyzers=2, seed=scale.seed) as run:
        stack = run.stack
        first, second = stack.instances["request-api"], stack.add("request-api")
        await second.start()
        for paused, other in ((first, second), (second, first)):
            await wait_for_progress(run, within=30)
            paused.signal(signal.SIGSTOP)
            # PostgreSQL closes its connection and releases the lock, which it cannot notice.
            await _end_lease(run)
            if other is second:
                # Clients use the first instance, which is stopped.
                await run_for(3)
            else:
                await wait_for_progress(run, within=30)
            paused.signal(signal.SIGCONT)
            await run_for(2)
        await verdict(run)


async def _end_lease(run: Run) -> None:
    connection = await run.stack.postgres.connect("request_api")
    try:
        ended = await connection.fetch(CUT_OFF)
        assert len(ended) == 1, "one relay, and only one, is active"
    finally:
        await connection.close()


@pytest.mark.timeout(600)
async def test_f18_issuer_away(stack: ChaosStack, scale: Scale, verdict: Verdict) -> None:
    async with chaos_run(stack, pace=0.2, seed=scale.seed) as run:
        await wait_for_progress(run, within=30)
        await run.stack.issuer.stop()
        since, until = await run_for(10)
        # An instance that starts now has no keys: it is not ready, and never rejects valid tokens with 401.
        second: ServiceInstance = run.stack.instances["results-api-1"]
        await second.kill()
        await second.launch()
        await run_for(5)
        assert not await second.is_ready()
        await run.stack.issuer.start()
        await eventually(second.is_ready)
        await wait_for_progress(run, within=30)
        # Clients now send tokens signed with an unknown key.
        run.stack.issuer.rotate()
        run.load.use_token(run.stack.token())
        await wait_for_progress(run, within=30)
        await verdict(run)
        codes = [
            each["http"]
            for op in ("submit", "status", "result")
            for each in operations_between(run, since=0, until=math.inf, op=op)
        ]
        while_away = operations_between(run, since=since, until=until, op="submit")
    assert 401 not in codes
    assert {each["http"] for each in while_away} <= {202, 404, 409}


@pytest.mark.timeout(600)
async def test_f20_erased_while_the_job_runs(stack: ChaosStack, scale: Scale, verdict: Verdict) -> None:
    async with chaos_run(
        stack, pace=0.2, clients=8, at_most=60, unfinished=ANY_NUMBER, seed=scale.seed
    ) as run:
        stack = run.stack
        stack.model.latency = (2.0, 3.0)
        processing = "SELECT count(*) FROM analysis_views WHERE status = 'processing'"
        await eventually(lambda: value_of(stack, "results_api", processing), until=lambda number: number >= 4)
        begun = await value_of(stack, "results_api", processing)
        await run.load.delete_resumes()
        assert begun > 0
        await verdict(run)
        erased = await value_of(
            stack, "results_api", "SELECT count(*) FROM analysis_views WHERE status = 'erased'"
        )
        named = await value_of(
            stack,
            "results_api",
            "SELECT count(*) FROM analysis_views WHERE status = 'erased' AND candidate_name <> ''",
        )
    assert erased > 0
    assert named == 0
