"""Score resumes with a real model through the whole system: `python -m tools.model_evaluation.end_to_end`.

The environment names the model as for the analyzer. The bullets of the resumes are labelled by hand, of those
that are held back from writing rules. The exit code is 1 if the model scored none of them.
"""

import argparse
import asyncio
import json
import os
import sys
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median, pstdev
from tempfile import TemporaryDirectory
from typing import Final

import httpx2
from local_stack.demo.report import Result
from local_stack.demo.review import REQUEST_SECONDS, ReviewInput, review
from local_stack.ports import Ports
from local_stack.processes.log import Log
from local_stack.stack import Stack
from rich.console import Console
from scoring.criteria.claims import check_claim, claim_of
from scoring.criteria.context import create_context

from tools.evaluation.agreement import LabelledBullet, labelled_bullets
from tools.evaluation.measurement import Property, rubric, score_text
from tools.evaluation.resumes import Language, Resume
from tools.evaluation.templates import TEMPLATES
from tools.model_evaluation.__main__ import table_of
from tools.model_evaluation.agreement import LabelSource, compare_sources, pair, read_anyway, resume_of
from tools.model_evaluation.measured_model import request_for

_DEPTH: Final = "standard"
# More than the analyzer's limits allow: an hour for a slot, and two for a call.
_MAX_WAIT_SECONDS: Final = 3 * 3600


@dataclass(frozen=True, slots=True)
class Run:
    """One resume that went through the system. `answers` are the model's, word for word."""

    resume: Resume
    labelled: dict[str, LabelledBullet]
    result: Result
    answers: Sequence[str]
    seconds: float

    @property
    def is_answered(self) -> bool:
        """Tell whether labels of the model count in the report."""
        return any(each.method == "model" for each in self.result.detailed_scores.criteria)

    @property
    def by_rules(self) -> float:
        """Return the overall score by rules."""
        request = request_for(self.resume)
        assert request.signals
        return score_text(request.text, request.signals, self.resume).scores["overall"]


class System:
    """A running system, with the model of the environment."""

    def __init__(self, stack: Stack, api: httpx2.AsyncClient, folder: Path, console: Console) -> None:
        self._stack = stack
        self._api = api
        self._folder = folder
        self._console = console

    async def score(self, resume: Resume, labelled: dict[str, LabelledBullet]) -> Run:
        """Upload a resume, wait for its analysis, and read the stored answers of the model."""
        file = self._folder / "resume.txt"
        file.write_bytes(TEMPLATES["TXT"](resume))
        first, _, last = resume.name.partition(" ")
        what = ReviewInput(
            resume=file,
            industry=resume.industry,
            depth=_DEPTH,
            first_name=first,
            last_name=last or first,
            max_seconds=_MAX_WAIT_SECONDS,
        )
        result, seconds = await review(self._api, what, lambda _: None)
        run = Run(resume, labelled, result, await self._answers(result), seconds)
        usage = result.detailed_scores.model_run
        tokens = "not asked"
        if usage:
            answers = f"{usage.answers} of {usage.requests} answers counted"
            tokens = f"{answers}, {usage.input_tokens} + {usage.output_tokens} tokens"
        scores = f"overall {result.overall_score} (rules {run.by_rules:g})"
        criteria = sum(each.method == "model" for each in result.detailed_scores.criteria)
        said = f"{result.ai_model_used}, {criteria} criteria by the model, {scores}, {tokens}"
        self._console.print(f"{seconds:5.0f} s  {said}", highlight=False)
        return run

    async def forget_answers(self) -> None:
        """Delete the cached responses, so that the same resume is asked about again."""
        connection = await self._stack.postgres.connect("analyzer")
        try:
            await connection.execute("TRUNCATE model_answers")
        finally:
            await connection.close()

    async def _answers(self, result: Result) -> Sequence[str]:
        connection = await self._stack.postgres.connect("results_api")
        try:
            stored = await connection.fetchval(
                "SELECT raw_ai_response FROM review_results WHERE detailed_scores ->> 'ai_analysis_id' = $1",
                str(result.detailed_scores.ai_analysis_id),
            )
        finally:
            await connection.close()
        answers: list[str] = json.loads(stored)["answers"] if stored else []
        return answers


def main() -> int:
    """Print a line for each resume and a table, and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m tools.model_evaluation.end_to_end", description=__doc__)
    parser.add_argument("--resumes", type=int, default=10, help="resumes to score (10)")
    parser.add_argument("--bullets", type=int, default=6, help="labelled bullets in each (6)")
    parser.add_argument("--japanese", type=int, default=2, help="of these, resumes in Japanese (2)")
    parser.add_argument(
        "--people", type=int, default=2, help="resumes to score again, if the model scored them (2)"
    )
    parser.add_argument("--repeats", type=int, default=1, help="times to score them again (1)")
    parser.add_argument(
        "--minutes", type=float, default=45, help="time after which no resume is started (45)"
    )
    arguments = parser.parse_args()
    if not (os.environ.get("OPENAI_BASE_URL") and os.environ.get("OPENAI_API_KEY")):
        sys.stderr.write("Set OPENAI_BASE_URL, OPENAI_API_KEY and ANALYZER_MODEL to the model to measure.\n")
        return 2
    console = Console(width=None if sys.stdout.isatty() else 160)
    runs, again = asyncio.run(_score_all(arguments, console))
    console.print(table_of(list(properties_of(runs, again))))
    return 0 if any(each.is_answered for each in runs) else 1


async def _score_all(arguments: argparse.Namespace, console: Console) -> tuple[list[Run], list[list[Run]]]:
    deadline = time.monotonic() + 60 * arguments.minutes
    runs: list[Run] = []
    with TemporaryDirectory() as name, (Path(name) / "stack.log").open("w") as log:
        folder = Path(name)
        stack = Stack(data_dir=folder / "stack", ports=Ports.free(), durable=False, log=Log(stream=log))
        async with (
            stack,
            httpx2.AsyncClient(
                base_url=stack.url,
                headers={"Authorization": f"Bearer {stack.token()}"},
                timeout=REQUEST_SECONDS,
                trust_env=False,
            ) as api,
        ):
            system = System(stack, api, folder, console)
            # The few in Japanese come first, so that a limit of time leaves some of each language.
            japanese, bullets = min(arguments.japanese, arguments.resumes), arguments.bullets
            for resume, labelled in (
                *resumes_of("ja", count=japanese, bullets=bullets),
                *resumes_of("en", count=arguments.resumes - japanese, bullets=bullets),
            ):
                if time.monotonic() < deadline:
                    runs.append(await system.score(resume, labelled))
            again = [[run] for run in runs if run.is_answered][: arguments.people]
            for group in again:
                for _ in range(arguments.repeats):
                    if time.monotonic() < deadline:
                        await system.forget_answers()
                        group.append(await system.score(group[0].resume, group[0].labelled))
    return runs, again


def resumes_of(
    language: Language, *, count: int, bullets: int
) -> Iterator[tuple[Resume, dict[str, LabelledBullet]]]:
    """Yield resumes whose work consists of labelled bullets, with these by their text."""
    labelled = labelled_bullets(language, "held_back")
    for at in range(0, min(count * bullets, len(labelled)), bullets):
        group = {each.text: each for each in labelled[at : at + bullets]}
        yield resume_of(language, list(group)), group


def properties_of(runs: Sequence[Run], again: Sequence[Sequence[Run]]) -> Iterator[Property]:
    """Sum up what the model did: `again` holds the runs of resumes that were scored repeatedly."""
    answered = [each for each in runs if each.is_answered]
    yield Property("answers", "Resumes that the model scored", f"{len(answered)} of {len(runs)}")
    usages = [each.result.detailed_scores.model_run for each in runs]
    used = [each for each in usages if each]
    if not used:
        return
    figure = f"{sum(each.answers for each in used)} of {sum(each.requests for each in used)}"
    yield Property("answers", "Answers that passed their controls and checks, of all requests", figure)
    seconds = [each.seconds for each in runs]
    yield Property(
        "time", "Seconds per analysis", f"{median(seconds):.0f} in the median, {max(seconds):.0f} at most"
    )
    tokens = (mean(each.input_tokens for each in used), mean(each.output_tokens for each in used))
    yield Property("tokens", "Tokens per analysis", "{:.0f} of input, {:.0f} of output".format(*tokens))
    if not answered:
        return
    languages: tuple[Language, ...] = ("en", "ja")
    for language in languages:
        if those := [each for each in answered if each.resume.language == language]:
            yield from compare_sources(language, _agreement(those), "no labels were stored")
    moves = [each.result.overall_score - each.by_rules for each in answered]
    figure = f"{min(moves):+.1f} to {max(moves):+.1f}, {mean(moves):+.1f} in the mean"
    yield Property("answers", "Overall score beside that of the rules", figure)
    repeated = [group for group in again if len(group) > 1]
    if repeated:
        deviations = [pstdev(each.result.overall_score for each in group) for group in repeated]
        figure = f"SD {mean(deviations):.2f} in the mean of {len(repeated)} resumes"
        yield Property("test-retest", f"Overall score of {len(repeated[0])} runs", figure)


def _agreement(runs: Sequence[Run]) -> tuple[LabelSource, LabelSource]:
    """Collect what the rules and the model say of the labelled bullets, as both count in a report."""
    rules, model = LabelSource("the rules"), LabelSource("the model, as they count after code checked them")
    for run in runs:
        context = create_context(request_for(run.resume), rubric=rubric())
        bullets = context.resume.bullets
        rules.pairs += pair(context, run.labelled, [claim_of(each.labels) for each in bullets])
        claims = read_anyway(run.answers[:1], context)
        checked = [claim_of(check_claim(*each)) for each in zip(bullets, claims, strict=False)]
        model.pairs += pair(context, run.labelled, checked)
    return rules, model


if __name__ == "__main__":
    sys.exit(main())
