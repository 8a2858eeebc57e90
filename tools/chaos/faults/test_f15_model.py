"""F15: the model fails in every known way, is unavailable for a while, and recovers."""

import random

import pytest

from tests.support.fakes.model import FakeReply, Json, completion
from tests.support.fakes.model_behaviour import FakeModelBehaviour
from tools.chaos.probes import run_for, wait_for_progress
from tools.chaos.recording.collect import value_of
from tools.chaos.run import Scale, Verdict, chaos_run
from tools.chaos.stack.chaos_stack import ChaosStack

FAILURES = (
    FakeReply(status=429, body={}, headers={"retry-after": "1"}),
    FakeReply(status=429, body={}),
    FakeReply(status=500, body={}),
    FakeReply(status=503, body={}),
    FakeReply(wait=3),
    FakeReply(hang_up=True),
    completion('{"bullets": {', drip=0.3),
    completion('{"bullets": {'),
    completion({"bullets": {}}),
    completion({"score": 98}),
    completion(None, refusal="No."),
    completion(""),
    completion("cut", finish_reason="length"),
)
PATIENCE = {
    "ANALYZER_MODEL_REQUEST_SECONDS": "1.5",
    "ANALYZER_MODEL_BUDGET_SECONDS": "6",
    "ANALYZER_MODEL_BREAKER_SECONDS": "2",
}
BY_RULES = "SELECT count(*) FROM review_results WHERE ai_model_used LIKE 'rules/%'"


@pytest.mark.timeout(600)
async def test_f15_the_model_fails(stack: ChaosStack, scale: Scale, verdict: Verdict) -> None:
    chance = random.Random(scale.seed)  # noqa: S311 - reproducible
    behaviour, failed = FakeModelBehaviour("sensible"), 0

    def flaky(request: Json) -> FakeReply:
        nonlocal failed
        if chance.random() < 0.5:
            return behaviour(request)
        failed += 1
        return chance.choice(FAILURES)

    def unavailable(_: Json) -> FakeReply:
        nonlocal failed
        failed += 1
        return FakeReply(status=503, body={})

    async with chaos_run(stack, environment=PATIENCE, pace=0.5, seed=scale.seed) as run:
        model = run.stack.model
        await wait_for_progress(run, within=30)
        model.replies = flaky
        await run_for(12)
        model.replies = unavailable
        await run_for(4)
        before = len(model.calls)
        since, until = await run_for(8)
        tried = len(model.calls) - before
        by_rules = await value_of(run.stack, "results_api", BY_RULES)
        model.replies = behaviour
        await run_for(4)
        # Each failed call may be retried twice.
        run.model_retries = 2 * failed
        await verdict(run)
    # The breaker lets one call through every two seconds, with three attempts at most.
    assert tried <= 3 * ((until - since) / 2 + 2)
    assert by_rules > 0
