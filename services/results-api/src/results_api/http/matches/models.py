"""Response models of matches, and the conversion of matches to them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Self
from uuid import UUID

from contracts.matching import Importance, Kind, Minimum, Outcome, Reason, Requirement, RequirementMatch
from contracts.plain_text import PlainLine
from contracts.report import Evidence
from contracts.vocabulary import AnalysisStatus
from matching.messages import Language, reason_sentence
from matching.weights import weigh
from pydantic import BaseModel, ConfigDict, Field

from results_api.domain.match_view import (
    MatchCounts,
    Matched,
    MatchView,
    RankedMatch,
    UnrankedMatch,
    find_deciding,
)
from results_api.http.responses import FailureView
from results_api.queries.read_matches import JobMatches, JobRanking
from results_api.request_api_client import MatchedJob

_FAILED = "The match failed."


def language_of(job: MatchedJob, language: Language | None) -> Language:
    """Return the language of sentences: the one asked for, or that of the job, or English."""
    return language or job.language or "en"


def sentence(reason: Reason | None, language: Language) -> str | None:
    """Return the sentence of a reason. One of a newer analyzer may be unknown, and is left out."""
    if reason is None:
        return None
    try:
        return reason_sentence(reason, language)
    except KeyError:
        return None


def text_of(requirement: Requirement) -> str:
    """Return the words of a requirement: the job's own, or the terms and the minimum of a consultant."""
    if requirement.quote:
        return requirement.quote
    minimum = requirement.minimum
    least = "" if minimum is None else f"{minimum.years:g}" if minimum.years else minimum.level or ""
    named = " / ".join(requirement.terms) or requirement.kind.replace("_", " ")
    return f"{named}: {least}" if least else named


class CountsView(BaseModel):
    """Numbers of the resumes that were matched to the version of the job, by the status of their match.

    A resume that was matched several times counts once. `scored` of the completed ones have a score.
    """

    model_config = ConfigDict(from_attributes=True)

    pending: int
    completed: int
    failed: int
    cancelled: int
    scored: int


class ProgressView(BaseModel):
    """Progress of the matches of a version of a job. A match counts as soon as its request has arrived."""

    job_id: UUID
    job_version: int
    counts: CountsView

    @classmethod
    def of(cls, job: MatchedJob, counts: MatchCounts) -> Self:
        """Return the view of the progress."""
        return cls(job_id=job.id, job_version=job.version, counts=CountsView.model_validate(counts))


class MatchedView(BaseModel):
    """The candidate and the resume of a match."""

    match_id: UUID
    resume_id: UUID
    resume_version: int
    candidate_id: UUID
    candidate_name: PlainLine
    file_name: PlainLine


class DecidingView(BaseModel):
    """A requirement in which a candidate differs from the next lower one, in points of the score."""

    requirement_id: str
    text: PlainLine
    points: float = Field(description="Negative if the requirement speaks for the next lower candidate.")
    outcome: Outcome
    lower_outcome: Outcome


class DecidesView(BaseModel):
    """The requirements that decide between a candidate and the one with the next lower score."""

    lower_match_id: UUID
    lower_candidate_name: PlainLine
    lower_score: float
    requirements: list[DecidingView] = Field(description="Up to 3, the largest difference first.")


@dataclass(frozen=True, slots=True, kw_only=True)
class WeighedRequirements:
    """Texts and weights of a job's requirements by id, which all rows of a ranking need."""

    texts: Mapping[str, str]
    weights: Mapping[str, float]

    @classmethod
    def of(cls, requirements: Sequence[Requirement]) -> Self:
        """Return them for the requirements of a job."""
        return cls(
            texts={each.id: text_of(each) for each in requirements},
            weights={each.id: weigh(each) for each in requirements},
        )


class RankedView(MatchedView):
    """A candidate with a rank. Equal scores share a rank."""

    rank: int = Field(description="Rank among all that have a score, whatever the filters.")
    score: float = Field(description="0 to 100")
    assessed: float = Field(description="Share of the requirements' weight that could be assessed, 0 to 1.")
    decides: DecidesView | None = Field(description="Null if no listed candidate has a lower score.")

    @classmethod
    def of(cls, found: RankedMatch, weighed: WeighedRequirements) -> Self:
        """Return the view of a ranked match."""
        return cls(
            **_matched(found.matched),
            rank=found.rank,
            score=found.score,
            assessed=found.assessed,
            decides=_decides(found, weighed),
        )


class UnrankedView(MatchedView):
    """A candidate who could not be assessed, which says nothing about the candidate."""

    status: AnalysisStatus
    assessed: float | None
    reason: str | None

    @classmethod
    def of(cls, found: UnrankedMatch, language: Language) -> Self:
        """Return the view of a match without a score."""
        reason = sentence(found.reason, language)
        if found.status is AnalysisStatus.FAILED:
            reason = found.failure_detail or _FAILED
        return cls(
            **_matched(found.matched),
            status=found.status,
            assessed=found.assessed,
            reason=reason,
        )


class RankingView(BaseModel):
    """A page of the ranking of a version of a job.

    `not_assessed` lists those without a score apart, up to 100. They are not last: nobody compared them.
    """

    job_id: UUID
    job_version: int
    job_title: PlainLine
    counts: CountsView
    is_comparable: bool = Field(
        description="False if different versions of the rules scored. Match the resumes to a new version."
    )
    ranked: list[RankedView]
    total_count: int = Field(description="Number of all ranked candidates that pass the filters.")
    page: int
    page_size: int
    not_assessed: list[UnrankedView]
    not_assessed_count: int

    @classmethod
    def of(cls, found: JobRanking, *, page: int, page_size: int, language: Language | None) -> Self:
        """Return the view of a page."""
        job, words = found.job, language_of(found.job, language)
        weighed = WeighedRequirements.of(job.requirements)
        return cls(
            job_id=job.id,
            job_version=job.version,
            job_title=job.title,
            counts=CountsView.model_validate(found.counts),
            is_comparable=found.counts.is_comparable,
            ranked=[RankedView.of(each, weighed) for each in found.ranking.ranked],
            total_count=found.ranking.total_ranked,
            page=page,
            page_size=page_size,
            not_assessed=[UnrankedView.of(each, words) for each in found.ranking.unranked],
            not_assessed_count=found.ranking.total_unranked,
        )


class MatchRequirementView(BaseModel):
    """A requirement of the job. `text` is its quote or, if a consultant added it, its terms."""

    id: str
    kind: Kind
    importance: Importance
    weight: float
    text: PlainLine
    terms: list[PlainLine]
    minimum: Minimum | None


class OutcomeView(BaseModel):
    """The outcome for one requirement. `not_shown` means that the resume does not show it."""

    outcome: Outcome
    credit: float = Field(description="Share of the requirement's weight that counts, 0 to 1.")
    reason: str | None
    evidence: list[Evidence]

    @classmethod
    def of(cls, found: RequirementMatch, language: Language) -> Self:
        """Return the view of an outcome."""
        return cls(**_outcome(found, language))


class AssessedRequirementView(MatchRequirementView, OutcomeView):
    """A requirement of the job with its outcome."""


class MatchResponse(MatchedView):
    """A match of a resume to a version of a job. Without a result, `requirements` is empty."""

    job_id: UUID
    job_version: int
    job_title: PlainLine
    status: AnalysisStatus
    requested_at: datetime
    ended_at: datetime | None
    score: float | None = Field(description="0 to 100, or null if it cannot be told.")
    assessed: float | None
    reason: str | None = Field(description="The meaning of the score, or why there is none.")
    failure: FailureView | None
    matcher_version: str | None
    requirements: list[AssessedRequirementView]

    @classmethod
    def of(cls, found: JobMatches, language: Language | None) -> Self:
        """Return the view of a single match."""
        (view,), job = found.matches, found.job
        words = language_of(job, language)
        outcomes = _outcomes_by_id(view)
        return cls(
            **{name: getattr(view, name) for name in MatchedView.model_fields},
            job_id=view.job_id,
            job_version=view.job_version,
            job_title=job.title,
            status=view.status,
            requested_at=view.requested_at,
            ended_at=view.ended_at,
            score=view.score,
            assessed=view.assessed,
            reason=sentence(view.result.reason, words) if view.result else None,
            failure=_failure(view),
            matcher_version=view.result.matcher_version if view.result else None,
            requirements=[
                AssessedRequirementView(**_requirement(each), **_outcome(outcomes[each.id], words))
                for each in job.requirements
                if each.id in outcomes
            ],
        )


class ComparedView(MatchedView):
    """A candidate of a comparison."""

    status: AnalysisStatus
    score: float | None
    assessed: float | None
    reason: str | None


class ComparedRequirementView(MatchRequirementView):
    """A requirement with an outcome for each candidate, in their order. It is null without a result."""

    outcomes: list[OutcomeView | None]


class ComparisonView(BaseModel):
    """Two to five matches side by side."""

    job_id: UUID
    job_version: int
    job_title: PlainLine
    is_comparable: bool = Field(description="False if different versions of the rules scored.")
    candidates: list[ComparedView]
    requirements: list[ComparedRequirementView]

    @classmethod
    def of(cls, found: JobMatches, language: Language) -> Self:
        """Return the view of a comparison."""
        job, by_match = found.job, [_outcomes_by_id(each) for each in found.matches]
        versions = {each.result.matcher_version for each in found.matches if each.result}
        return cls(
            job_id=job.id,
            job_version=job.version,
            job_title=job.title,
            is_comparable=len(versions) <= 1,
            candidates=[_compared(each, language) for each in found.matches],
            requirements=[
                ComparedRequirementView(
                    **_requirement(requirement),
                    outcomes=[
                        OutcomeView.of(outcomes[requirement.id], language)
                        if requirement.id in outcomes
                        else None
                        for outcomes in by_match
                    ],
                )
                for requirement in job.requirements
            ],
        )


def _matched(matched: Matched) -> dict[str, Any]:
    return {name: getattr(matched, name) for name in MatchedView.model_fields}


def _decides(found: RankedMatch, weighed: WeighedRequirements) -> DecidesView | None:
    if found.lower is None:
        return None
    return DecidesView(
        lower_match_id=found.lower.match_id,
        lower_candidate_name=found.lower.candidate_name,
        lower_score=found.lower.score,
        requirements=[
            DecidingView(
                requirement_id=each.requirement_id,
                text=weighed.texts[each.requirement_id],
                points=each.points,
                outcome=each.outcome,
                lower_outcome=each.lower_outcome,
            )
            for each in find_deciding(weighed.weights, found.outcomes, found.lower.outcomes)
        ],
    )


def _requirement(requirement: Requirement) -> dict[str, Any]:
    return {
        **requirement.model_dump(include={"id", "kind", "importance", "weight", "minimum"}),
        "text": text_of(requirement),
        "terms": list(requirement.terms),
    }


def _outcome(found: RequirementMatch, language: Language) -> dict[str, Any]:
    return {
        "outcome": found.outcome,
        "credit": found.credit,
        "reason": sentence(found.reason, language),
        "evidence": list(found.evidence),
    }


def _outcomes_by_id(view: MatchView) -> dict[str, RequirementMatch]:
    return {each.requirement_id: each for each in view.result.requirements} if view.result else {}


def _failure(view: MatchView) -> FailureView | None:
    if view.failure_code is None:
        return None
    return FailureView(code=view.failure_code, detail=view.failure_detail or _FAILED)


def _compared(view: MatchView, language: Language) -> ComparedView:
    failure = _failure(view)
    return ComparedView(
        **{name: getattr(view, name) for name in MatchedView.model_fields},
        status=view.status,
        score=view.score,
        assessed=view.assessed,
        reason=failure.detail if failure else sentence(view.result.reason, language) if view.result else None,
    )
