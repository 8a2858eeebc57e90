"""Builds valid events of a fictional match; keyword arguments override fields."""

from typing import Any
from uuid import UUID, uuid4

from contracts.events import Failure
from contracts.match_events import (
    MatchCancelRequested,
    MatchContext,
    MatchEraseRequested,
    MatchExpired,
    MatchFailedToRun,
    MatchRequested,
    MatchSucceeded,
)
from contracts.matching import Match, Reason, ReasonValues, Requirement, RequirementMatch
from contracts.report import Evidence
from contracts.vocabulary import FailureCode

from tests.support.events import NOW

TEXT = "Mina Example\nExperience\nEngineer, Acme, 2019 - 2023\n- Ran Kubernetes clusters in Python\n"
REQUIREMENTS = (
    Requirement(id="r1", kind="skill", importance="must", quote="Kubernetes", terms=("Kubernetes",)),
    Requirement(id="r2", kind="skill", importance="nice_to_have", quote="Haskell", terms=("Haskell",)),
)


def match_context(**changes: Any) -> MatchContext:
    """Return the context of a match, with a new id unless one is given."""
    return MatchContext(
        **{
            "match_id": uuid4(),
            "job_id": UUID("50000000-0000-4000-8000-000000000001"),
            "job_version": 1,
            "resume_id": UUID("30000000-0000-4000-8000-000000000001"),
            "resume_version": 1,
            "candidate_id": UUID("20000000-0000-4000-8000-000000000001"),
            "requested_by": UUID("10000000-0000-4000-8000-000000000001"),
            "candidate_name": "Mina Example",
            "file_name": "mina-example.pdf",
            "requested_at": NOW,
            **changes,
        }
    )


def result(**changes: Any) -> Match:
    """Return the match of `TEXT` to `REQUIREMENTS`."""
    start = TEXT.index("Ran Kubernetes")
    quote = TEXT[start:].rstrip()
    return Match(
        **{
            "matcher_version": "1/1",
            "score": 75.0,
            "assessed": 1.0,
            "requirements": (
                RequirementMatch(
                    requirement_id="r1",
                    outcome="met",
                    credit=1.0,
                    evidence=(Evidence(start=start, end=start + len(quote), quote=quote),),
                    reason=Reason(key="skill.shown", values=ReasonValues(term="Kubernetes", places=1)),
                ),
                RequirementMatch(
                    requirement_id="r2",
                    outcome="not_shown",
                    credit=0.0,
                    reason=Reason(key="skill.not_shown", values=ReasonValues(term="Haskell")),
                ),
            ),
            "reason": Reason(key="score.weighted"),
            **changes,
        }
    )


def match_requested(about: MatchContext | None = None, **changes: Any) -> MatchRequested:
    """Return a request to match `TEXT` to `REQUIREMENTS`."""
    return MatchRequested(
        **{
            "version": 1,
            "match": about or match_context(),
            "text": TEXT,
            "signals": None,
            "requirements": REQUIREMENTS,
            **changes,
        }
    )


def match_succeeded(about: MatchContext | None = None, **changes: Any) -> MatchSucceeded:
    return MatchSucceeded(
        **{
            "version": 2,
            "match": about or match_context(),
            "result": result(),
            "finished_at": NOW,
            **changes,
        }
    )


def match_failed_to_run(about: MatchContext | None = None) -> MatchFailedToRun:
    failure = Failure(code=FailureCode.INTERNAL_ERROR, detail="The match failed.")
    return MatchFailedToRun(version=2, match=about or match_context(), failure=failure, finished_at=NOW)


def match_cancel_requested(about: MatchContext | None = None, *, emission: int = 1) -> MatchCancelRequested:
    known = about or match_context()
    return MatchCancelRequested(
        version=2, match=known, cancelled_by=known.requested_by, cancelled_at=NOW, emission=emission
    )


def match_expired(about: MatchContext | None = None) -> MatchExpired:
    return MatchExpired(version=2, match=about or match_context(), expired_at=NOW)


def match_erase_requested(about: MatchContext | None = None) -> MatchEraseRequested:
    return MatchEraseRequested(version=3, match=about or match_context(), erased_at=NOW)
