"""The stored `detailed_scores`, of which the legacy backend may have written any part in another form."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, TypeVar

from contracts.report import (
    Contributions,
    Criterion,
    Finding,
    ModelRun,
    Rewrite,
    ScrambledPassage,
    SectionFeedback,
)
from pydantic import BaseModel, ValidationError

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Remark:
    """A remark on a passage of the resume, or on all of it."""

    passage: str | None
    issue: str
    suggestion: str


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredReport:
    """The parts of `detailed_scores` that the page shows. Parts of another form are left out."""

    criteria: tuple[Criterion, ...]
    contributions: Contributions | None
    cap_reason: str | None
    market_tier: str | None
    next_steps: tuple[str, ...]
    not_assessable: tuple[str, ...]
    notices: tuple[str, ...]
    findings: tuple[Finding, ...]
    scrambled: tuple[ScrambledPassage, ...]
    section_feedback: tuple[SectionFeedback, ...]
    rewrites: tuple[Rewrite, ...]
    remarks: tuple[Remark, ...]
    # Lists of sentences of the structure and appeal analysis.
    structure: dict[str, tuple[str, ...]]
    appeal: dict[str, tuple[str, ...]]
    rubric_version: str | None
    model_run: ModelRun | None

    @staticmethod
    def of(details: dict[str, Any]) -> "StoredReport":
        """Read `detailed_scores`, completed by `http.detailed_scores`."""
        structure, appeal = (details[each]["feedback"] for each in ("structure_analysis", "appeal_analysis"))
        remarks = (
            Remark(passage=each["target_text"], issue=each["issue"], suggestion=each["suggestion"])
            for each in (*structure["specific_feedback"], *appeal["specific_feedback"])
        )
        return StoredReport(
            criteria=_all(Criterion, details.get("criteria")),
            contributions=_one(Contributions, details.get("contributions")),
            cap_reason=_text(details.get("cap_reason")),
            market_tier=_text(details.get("market_tier")),
            next_steps=_texts(details.get("next_steps")) or _texts(structure.get("priority_improvements")),
            not_assessable=_texts(details.get("not_assessable")),
            notices=_texts(details.get("notices")),
            findings=_all(Finding, details.get("findings")),
            scrambled=_all(ScrambledPassage, details.get("scrambled")),
            section_feedback=_all(SectionFeedback, details.get("section_feedback")),
            rewrites=_all(Rewrite, details.get("rewrites")),
            remarks=tuple(dict.fromkeys(remarks)),
            structure={name: _texts(value) for name, value in structure.items()},
            appeal={name: _texts(value) for name, value in appeal.items()},
            rubric_version=_text(details.get("rubric_version")),
            model_run=_one(ModelRun, details.get("model_run")),
        )


def _one(kind: type[Model], value: object) -> Model | None:
    try:
        return kind.model_validate(value)
    except ValidationError:
        return None


def _all(kind: type[Model], value: object) -> tuple[Model, ...]:
    items: Iterable[object] = value if isinstance(value, list | tuple) else ()
    return tuple(found for each in items if (found := _one(kind, each)) is not None)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) and value else None


def _texts(value: object) -> tuple[str, ...]:
    items: Iterable[object] = value if isinstance(value, list | tuple) else ()
    return tuple(each for each in items if isinstance(each, str) and each)
