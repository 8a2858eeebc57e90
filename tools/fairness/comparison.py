"""Compare the scores and the matches of variants with those of the person's own resume."""

from dataclasses import dataclass, field
from functools import lru_cache
from typing import Final

from contracts.matching import JobRequirements, Match
from matching.evidence.reading import Reading, read_resume
from matching.matcher import match

from tools.evaluation.measurement import NOW, ScoredDocument, score_file
from tools.fairness.people import Person, jobs
from tools.fairness.variants import variants

SCORES: Final = "four scores"
MATCHES: Final = "matches"
_TODAY: Final = NOW.date()


@dataclass(slots=True)
class Comparison:
    """The pairs of one attribute. `changes` names each pair that differs, `largest` is in points."""

    variants: int = 0
    pairs: int = 0
    largest: float = 0.0
    changes: list[str] = field(default_factory=list)

    def add(self, name: str, difference: float, *, is_changed: bool) -> None:
        """Count a pair."""
        self.pairs += 1
        self.largest = max(self.largest, difference)
        if is_changed:
            self.changes.append(f"{name} ({difference:g})")

    def __add__(self, other: "Comparison") -> "Comparison":
        return Comparison(
            self.variants + other.variants,
            self.pairs + other.pairs,
            max(self.largest, other.largest),
            self.changes + other.changes,
        )


def compare(person: Person) -> dict[tuple[str, str], Comparison]:
    """Compare all variants of a person, by attribute and by what is compared."""
    found: dict[tuple[str, str], Comparison] = {}
    for variant in variants(person):
        name = f"{person.key} {variant.change}"
        (one, first), (two, second) = _read(variant.reference), _read(variant.person)
        scores = found.setdefault((variant.attribute, SCORES), Comparison())
        scores.variants += 1
        difference = max(abs(value - two.scores[area]) for area, value in one.scores.items())
        scores.add(name, difference, is_changed=(one.scores, one.points) != (two.scores, two.points))
        wanted = jobs(person.language)
        if variant.attribute == "address":
            # An address may meet a location.
            wanted = tuple(map(_without_location, wanted))
        matches = found.setdefault((variant.attribute, MATCHES), Comparison())
        matches.variants += 1
        for number, job in enumerate(wanted):
            before, after = match(job, first, _TODAY), match(job, second, _TODAY)
            difference = abs((before.score or 0) - (after.score or 0))
            matches.add(f"{name}, job {number}", difference, is_changed=_said(before) != _said(after))
    return found


# Most variants have the same reference.
@lru_cache(maxsize=4)
def _read(person: Person) -> tuple[ScoredDocument, Reading]:
    scored = score_file(person.text.encode(), person)
    return scored, read_resume(scored.text, scored.signals, names=(person.name,), today=_TODAY)


def _without_location(job: JobRequirements) -> JobRequirements:
    return job.model_copy(
        update={"requirements": tuple(each for each in job.requirements if each.kind != "location")}
    )


def _said(found: Match) -> tuple[object, ...]:
    """Return what must not change: the score, and the outcome and credit of each requirement."""
    return found.score, found.assessed, [(each.outcome, each.credit) for each in found.requirements]
