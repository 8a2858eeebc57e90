"""Match a resume to the requirements of a job."""

from collections.abc import Callable
from datetime import date
from functools import lru_cache
from typing import Final

from contracts.matching import JobRequirements, Match, Reason, ReasonValues, Requirement, RequirementMatch
from contracts.report import Evidence

from matching.evidence.copies import CopiedRuns
from matching.evidence.credentials import match_certificate, match_education, match_language, match_place
from matching.evidence.findings import Finding
from matching.evidence.reading import Passage, Reading
from matching.evidence.skills import is_in_other_language, match_responsibility, match_skill
from matching.evidence.years import match_years
from matching.vocabulary import load_vocabulary
from matching.weights import weigh

# Every change of a rule needs a new version, because scores of different versions do not compare.
_RULES: Final = "2"
# With less than this share of the weight assessed, a score would say little.
_LEAST_ASSESSED: Final = 0.5


def matcher_version() -> str:
    """Return the version of the rules and of the data."""
    return f"{_RULES}/{load_vocabulary().version}"


def match(job: JobRequirements, reading: Reading, today: date) -> Match:
    """Return the outcome of each requirement with quotes, and the score.

    The result depends on the arguments alone. `today` ends positions that are still open.
    """
    runs = CopiedRuns(job.requirements)
    is_copied: Callable[[Passage], bool] = lru_cache(maxsize=None)(runs.holds)
    matches, weighed = [], []
    for requirement in job.requirements:
        finding = _assess(requirement, reading, today, is_copied)
        if finding.outcome == "not_shown" and is_in_other_language(requirement, reading):
            finding = Finding("unknown", 0.0, "unknown.language")
        matches.append(_publish(requirement, finding, reading))
        weighed.append((weigh(requirement), finding))
    score, assessed, reason = _score(weighed)
    return Match(
        matcher_version=matcher_version(),
        score=score,
        assessed=assessed,
        requirements=tuple(matches),
        reason=Reason(key=reason),
    )


def unreadable(job: JobRequirements) -> Match:
    """Return the match of a resume that could not be read: all is unknown, and there is no score."""
    unknown = Reason(key="unknown.unreadable")
    return Match(
        matcher_version=matcher_version(),
        score=None,
        assessed=0,
        requirements=tuple(
            RequirementMatch(requirement_id=each.id, outcome="unknown", credit=0, reason=unknown)
            for each in job.requirements
        ),
        reason=Reason(key="score.unreadable"),
    )


def _assess(
    requirement: Requirement, reading: Reading, today: date, is_copied: Callable[[Passage], bool]
) -> Finding:
    match requirement.kind:
        case "skill":
            return match_skill(requirement, reading, is_copied)
        case "experience_years":
            return match_years(requirement, reading, today, is_copied)
        case "education":
            return match_education(requirement, reading, today)
        case "language":
            return match_language(requirement, reading)
        case "certificate":
            return match_certificate(requirement, reading, is_copied)
        case "responsibility":
            return match_responsibility(requirement, reading, is_copied)
        case "location" | "permission":
            return match_place(requirement, reading)


def _publish(requirement: Requirement, finding: Finding, reading: Reading) -> RequirementMatch:
    quotes: list[Evidence] = [quote for span in finding.spans if (quote := reading.quote(span))]
    return RequirementMatch(
        requirement_id=requirement.id,
        outcome=finding.outcome,
        credit=round(finding.credit, 3),
        evidence=tuple(quotes),
        reason=Reason(key=finding.reason, values=ReasonValues(**finding.values)),
    )


def _score(weighed: list[tuple[float, Finding]]) -> tuple[float | None, float, str]:
    """Return the score, the share of the weight that was assessed, and the key of the reason."""
    total = sum(weight for weight, _ in weighed)
    if not total:
        return None, 0.0, "score.no_requirements"
    known = [(weight, finding.credit) for weight, finding in weighed if finding.outcome != "unknown"]
    assessed = sum(weight for weight, _ in known)
    if assessed < _LEAST_ASSESSED * total:
        return None, round(assessed / total, 3), "score.too_little"
    earned = sum(weight * credit for weight, credit in known)
    return round(100 * earned / assessed, 1), round(assessed / total, 3), "score.weighted"
