"""Measure the matcher: `python -m tools.matching_benchmark [--held-back]`.

Without an option only the fields for development are measured, so that nobody tunes on the others.
The exit code is 1 if a quote is not verbatim, or with `--held-back` if a bar is missed.
"""

import argparse
import sys
import time
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from statistics import mean
from typing import Final

from contracts.matching import JobRequirements, Match, Requirement
from matching.evidence.reading import Reading, read_resume
from matching.extraction import extract_requirements
from matching.matcher import match
from rich.console import Console

from tools.matching_benchmark.ranking import average_precision, bag_of_skills, bm25, ndcg
from tools.matching_benchmark.world import (
    Job,
    Language,
    Persona,
    Want,
    create_job,
    create_personas,
    load_fields,
)

_TODAY: Final = date(2026, 11, 30)
_SEED: Final = 23
# The share of the gap between the better baseline and 1.0 that has to be closed.
_BAR: Final = 0.15


@dataclass
class Measurement:
    """The figures of one job."""

    job: Job
    ndcg: tuple[float, float, float]
    precision: tuple[float, float, float]
    outcomes: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    quotes: int = 0
    false_quotes: int = 0


def main() -> int:
    """Measure and print the figures; return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--held-back", action="store_true", help="measure the fields that were held back, too"
    )
    held_back = parser.parse_args().held_back
    started, pairs = time.process_time(), 0
    measured: list[Measurement] = []
    languages: tuple[Language, ...] = ("en", "ja")
    for language in languages:
        personas = create_personas(language, _SEED)
        readings = [read_resume(each.text, today=_TODAY) for each in personas]
        for data in load_fields():
            if held_back or not data.get("held_back"):
                job = create_job(data, language)
                measured.append(_measure(job, personas, readings))
                pairs += len(personas)
    console = Console(width=200)
    _print_outcomes(console, measured)
    groups = {
        "development": [each for each in measured if not each.job.is_held_back],
        "held back": [each for each in measured if each.job.is_held_back],
        "held back, English": [
            each for each in measured if each.job.is_held_back and each.job.language == "en"
        ],
        "held back, Japanese": [
            each for each in measured if each.job.is_held_back and each.job.language == "ja"
        ],
        "unknown fields": [each for each in measured if each.job.is_unknown],
    }
    reached = True
    for name, group in groups.items():
        if group:
            reached = _print_ranking(console, name, group) or name == "development"
    quotes, false = sum(each.quotes for each in measured), sum(each.false_quotes for each in measured)
    milliseconds = 1000 * (time.process_time() - started) / pairs
    console.print(f"{quotes} quotes, {false} not verbatim; {milliseconds:.1f} ms a pair with all work")
    return 1 if false or not reached else 0


def _measure(job: Job, personas: list[Persona], readings: list[Reading]) -> Measurement:
    requirements = extract_requirements(job.title, job.text)
    matches = [match(requirements, reading, _TODAY) for reading in readings]
    relevance = [each.relevance(job) for each in personas]
    rankings = ([each.score or 0.0 for each in matches], bm25(job, personas), bag_of_skills(job, personas))
    measurement = Measurement(
        job,
        (ndcg(rankings[0], relevance), ndcg(rankings[1], relevance), ndcg(rankings[2], relevance)),
        (
            average_precision(rankings[0], relevance),
            average_precision(rankings[1], relevance),
            average_precision(rankings[2], relevance),
        ),
    )
    found = {want: _find(want, requirements) for want in job.wants}
    for persona, result in zip(personas, matches, strict=True):
        _count(measurement, persona, result, found)
    return measurement


def _find(want: Want, requirements: JobRequirements) -> Requirement | None:
    """Return the requirement that was extracted for what the generator wrote."""
    same = [each for each in requirements.requirements if each.kind == want.kind]
    return next((each for each in same if want.words in each.quote), None)


def _count(
    measurement: Measurement, persona: Persona, result: Match, found: dict[Want, Requirement | None]
) -> None:
    by_id = {each.requirement_id: each for each in result.requirements}
    for want, requirement in found.items():
        truth = persona.truth.get(f"{measurement.job.field}.{want.key}", "not_shown")
        outcome = by_id[requirement.id].outcome if requirement else "not extracted"
        measurement.outcomes[want.kind, truth, outcome] += 1
    for each in result.requirements:
        for quote in each.evidence:
            measurement.quotes += 1
            measurement.false_quotes += persona.text[quote.start : quote.end] != quote.quote


def _print_outcomes(console: Console, measured: list[Measurement]) -> None:
    for name, held_back in (("development", False), ("held back", True)):
        outcomes: Counter[tuple[str, str, str]] = Counter()
        for each in measured:
            if each.job.is_held_back == held_back:
                outcomes.update(each.outcomes)
        for kind in dict.fromkeys(kind for kind, _, _ in outcomes):
            line = f"{name:12} {kind:17}"
            for wanted in ("met", "partly", "not_shown"):
                right = outcomes[kind, wanted, wanted]
                said = sum(n for (k, _, outcome), n in outcomes.items() if k == kind and outcome == wanted)
                true = sum(n for (k, truth, _), n in outcomes.items() if k == kind and truth == wanted)
                if true:
                    line += (
                        f"  {wanted}: precision {right / said if said else 0:.3f}, recall {right / true:.3f}"
                    )
            console.print(line)


def _print_ranking(console: Console, name: str, group: list[Measurement]) -> bool:
    closed = []
    for label, figures in (("nDCG@10", [e.ndcg for e in group]), ("MAP", [e.precision for e in group])):
        ours, lexical, bag = (mean(column) for column in zip(*figures, strict=True))
        better = max(lexical, bag)
        share = (ours - better) / (1 - better) if better < 1 else 0.0
        closed.append(share)
        console.print(
            f"{name:20} {len(group):2} jobs  {label:8} matcher {ours:.3f}  BM25 {lexical:.3f}  "
            f"bag of skills {bag:.3f}  gap closed {100 * share:.0f} %"
        )
    return min(closed) >= _BAR


if __name__ == "__main__":
    sys.exit(main())
