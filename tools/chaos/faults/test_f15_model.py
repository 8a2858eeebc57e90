"""F15: the model fails in every way, then is away for good, then comes back."""

import random

import pytest

from tests.support.fake_judge import Judge
from tests.support.fake_model import Json, Step, says
from tools.chaos.probes import for_seconds, seconds_until_it_goes_on
from tools.chaos.recording.collect import value_of
from tools.chaos.run import Scale, Verdict, chaos_run
from tools.chaos.stack.chaos_stack import ChaosStack

FAILURES = (
    Step(status=429, body={}, headers={"retry-after": "1"}),
    Step(status=429, body={}),
    Step(status=500, body={}),
    Step(status=503, body={}),
    Step(wait=3),
    Step(hang_up=True),
    says('{"answers": [', drip=0.3),
    says('{"answers": ['),
    says({"answers": []}),
    says({"score": 98}),
    says(None, refusal="No."),
    says(""),
    says("cut", finish_reason="length"),
)
PATIENCE = {
    "ANALYZER_MODEL_REQUEST_SECONDS": "1.5",
    "ANALYZER_MODEL_BUDGET_SECONDS": "6",
    "ANALYZER_MODEL_BREAKER_SECONDS": "2",
}
BY_RULES = "SELECT count(*) FROM review_results WHERE ai_model_used LIKE 'rules/%'"


@pytest.mark.timeout(600)
async def test_f15_the_model_fails(stack: ChaosStack, scale: Scale, verdict: Verdict) -> None:
    chance = random.Random(scale.seed)  # noqa: S311 - to be repeated
    judge, failed = Judge("sensible"), 0

    def moody(request: Json) -> Step:
        nonlocal failed
        if chance.random() < 0.5:
            return judge(request)
        failed += 1
        return chance.choice(FAILURES)

    def away(_: Json) -> Step:
        nonlocal failed
        failed += 1
        return Step(status=503, body={})

    async with chaos_run(stack, environment=PATIENCE, pace=0.5, seed=scale.seed) as run:
        model = run.stack.model
        await seconds_until_it_goes_on(run, within=30)
        model.steps = moody
        await for_seconds(12)
        model.steps = away
        await for_seconds(4)
        before = len(model.calls)
        since, until = await for_seconds(8)
        tried = len(model.calls) - before
        by_rules = await value_of(run.stack, "results_api", BY_RULES)
        model.steps = judge
        await for_seconds(4)
        # A failure may be asked again, in one call more each time.
        run.model_retries = 2 * failed
        await verdict(run)
    # Every two seconds one call tries, in three attempts at most; without a breaker there would be hundreds.
    assert tried <= 3 * ((until - since) / 2 + 2)
    assert by_rules > 0
