"""F11: the clocks of two services are ten minutes off, one ahead and one behind."""

from pathlib import Path

import pytest

from tools.chaos.probes import run_for, wait_for_progress
from tools.chaos.recording.collect import value_of
from tools.chaos.run import Scale, Verdict, chaos_run
from tools.chaos.stack.chaos_stack import ChaosStack

FAKETIME = Path("/usr/lib/x86_64-linux-gnu/faketime/libfaketime.so.1")
# Requests of deleted resumes are gone and do not count.
NOT_FROM_THE_FUTURE = "SELECT count(*) FROM review_requests WHERE requested_at < now() + interval '5 minutes'"


def clock(offset: str) -> dict[str, str]:
    return {"LD_PRELOAD": str(FAKETIME), "FAKETIME": offset, "FAKETIME_DONT_FAKE_MONOTONIC": "1"}


@pytest.mark.skipif(not FAKETIME.exists(), reason="faketime is not installed")
@pytest.mark.timeout(600)
async def test_f11_clocks_ten_minutes_off(tmp_path: Path, scale: Scale, verdict: Verdict) -> None:
    clocks = {"request-api": clock("+10m"), "analyzer": clock("-10m")}
    async with (
        ChaosStack(folder=tmp_path, clocks=clocks) as stack,
        chaos_run(stack, pace=0.5, seed=scale.seed) as run,
    ):
        await wait_for_progress(run, within=30)
        # The restarted instances take over lock, group membership and outbox of the killed ones.
        for name in ("request-api", "analyzer-1"):
            await run.stack.instances[name].kill()
            await run.stack.instances[name].start()
        await run_for(5)
        figures = await verdict(run)
        on_time = await value_of(run.stack, "request_api", NOT_FROM_THE_FUTURE)
    # All requests are from the future, which shows that the clocks were off.
    assert (figures.accepted > 0, on_time) == (True, 0)
