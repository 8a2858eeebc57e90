"""Workers that extract the requirements of jobs: their limits, and whose turn it is."""

import asyncio
from dataclasses import replace
from uuid import uuid4

import pytest
from request_api.commands.jobs.extraction import ExtractRequirements
from request_api.domain.errors import ExtractionFailed, ExtractionsBusy, JobTextUnreadable, TooManyExtractions
from request_api.domain.job import JobText
from sandbox.limits import Limits

LIMITS = Limits(seconds=60, cpu_seconds=6, memory_bytes=2**29, output_bytes=2**20)
JOB = JobText(title="Engineer", text="Requirements\n- Python\n", language=None)


async def test_worker_over_its_limit_is_ended() -> None:
    for limits in (replace(LIMITS, seconds=0.05), replace(LIMITS, memory_bytes=2**25)):
        with pytest.raises(ExtractionFailed):
            await ExtractRequirements(limits=limits)(JOB, user_id=uuid4())


async def test_text_that_takes_too_much_is_refused_for_good() -> None:
    with pytest.raises(JobTextUnreadable):
        await ExtractRequirements(limits=replace(LIMITS, cpu_seconds=0))(JOB, user_id=uuid4())


async def test_one_user_leaves_a_worker_to_others_and_nobody_waits_forever() -> None:
    extract = ExtractRequirements(limits=LIMITS, wait_seconds=0.05)
    hasty, other, third = uuid4(), uuid4(), uuid4()
    outcomes = await asyncio.gather(
        *(extract(JOB, user_id=user) for user in (hasty, hasty, hasty, other, third)), return_exceptions=True
    )
    kinds = [type(each) for each in outcomes]
    assert kinds[2:] == [TooManyExtractions, kinds[0], ExtractionsBusy]
    assert [each.requirements[0].terms for each in outcomes if not isinstance(each, BaseException)] == [
        ("Python",)
    ] * 3
