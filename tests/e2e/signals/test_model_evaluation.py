"""The command that measures a real model through the whole system, with a fake one."""

from io import StringIO
from pathlib import Path

import httpx2
from local_stack.demo.review import REQUEST_SECONDS
from local_stack.stack import Stack
from rich.console import Console

from tools.model_evaluation.end_to_end import System, properties_of, resumes_of


async def test_resumes_are_scored_through_the_gateway_and_compared(stack: Stack, tmp_path: Path) -> None:
    console = Console(file=StringIO())
    headers = {"Authorization": f"Bearer {stack.token()}"}
    async with httpx2.AsyncClient(
        base_url=stack.url, headers=headers, timeout=REQUEST_SECONDS, trust_env=False
    ) as api:
        system = System(stack, api, tmp_path, console)
        ((resume, labelled),) = resumes_of("en", count=1, bullets=6)
        first = await system.score(resume, labelled)
        await system.forget_answers()
        second = await system.score(resume, labelled)
    assert first.is_answered
    assert second.result.detailed_scores.model_run
    assert not second.result.detailed_scores.model_run.is_cached
    found = {each.claim: each.figure for each in properties_of([first], [[first, second]])}
    assert found["Resumes that the model scored"] == "1 of 1"
    assert found["Answers that passed their controls and checks, of all requests"] == "2 of 2"
    # The fake model labels as the rules do.
    labels = [figure for claim, figure in found.items() if claim.startswith("English: labels of 6 bullets")]
    assert len(labels) == 2
    assert len(set(labels)) == 1
    assert found["Overall score of 2 runs"] == "SD 0.00 in the mean of 1 resumes"
