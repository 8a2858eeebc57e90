"""Requirements of a job, and the match of a resume to them. Fields may be added, never removed."""

from typing import Annotated, Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from contracts.report import MAX_QUOTES, Evidence
from contracts.vocabulary import Count

# A job of the longest text, with all requirements at their limits, is a record of about 300 kB.
MAX_JOB_CHARACTERS: Final = 20_000
MAX_REQUIREMENTS: Final = 60
MAX_LEFT_OUT: Final = 20
MAX_REQUIREMENT_QUOTE: Final = 500
MAX_TERMS: Final = 24
MAX_TERM_CHARACTERS: Final = 80
MAX_WEIGHT: Final = 10.0
MAX_ESCO_CHARACTERS: Final = 200

Kind = Literal[
    "skill",
    "experience_years",
    "education",
    "language",
    "certificate",
    "responsibility",
    "location",
    "permission",
]
Importance = Literal["must", "nice_to_have"]
Outcome = Literal["met", "partly", "not_shown", "unknown"]
# The ground on which a sentence is left out: it must not decide about a person, or instructs a model.
Ground = Literal["age", "gender", "nationality", "health", "family", "instruction"]
EducationLevel = Literal["high_school", "vocational", "bachelor", "master", "doctorate"]
LanguageLevel = Literal["basic", "conversational", "business", "fluent", "native"]
Term = Annotated[str, Field(min_length=1, max_length=MAX_TERM_CHARACTERS)]
Share = Annotated[float, Field(ge=0, le=1)]
MatchScore = Annotated[float, Field(ge=0, le=100)]


class _FrozenModel(BaseModel):
    # Readers ignore fields added by a newer writer.
    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class Minimum(_FrozenModel):
    """The least that a requirement asks for: years of experience, or a level of a degree or a language."""

    years: Annotated[float, Field(gt=0, le=50)] | None = None
    level: EducationLevel | LanguageLevel | None = None


class Requirement(_FrozenModel):
    """One requirement of a job. `terms` are alternatives: a resume that shows one of them meets it.

    `quote` is verbatim from the job's text, or "" for a requirement that a person added.
    """

    id: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]
    kind: Kind
    importance: Importance
    quote: Annotated[str, Field(max_length=MAX_REQUIREMENT_QUOTE)] = ""
    terms: Annotated[tuple[Term, ...], Field(max_length=MAX_TERMS)] = ()
    minimum: Minimum | None = None
    weight: Annotated[float, Field(ge=0, le=MAX_WEIGHT)] = 1.0
    # The concept of the ESCO classification, if somebody maps it.
    esco: Annotated[str, Field(max_length=MAX_ESCO_CHARACTERS)] | None = None


class LeftOut(_FrozenModel):
    """A part of the job's text that must not become a requirement, with the ground."""

    quote: Annotated[str, Field(min_length=1, max_length=MAX_REQUIREMENT_QUOTE)]
    ground: Ground


class JobRequirements(_FrozenModel):
    """The requirements of a job.

    `is_cut` is set if the text was longer than the limit. `dropped` counts requirements beyond the limit.
    """

    requirements: Annotated[tuple[Requirement, ...], Field(max_length=MAX_REQUIREMENTS)] = ()
    left_out: Annotated[tuple[LeftOut, ...], Field(max_length=MAX_LEFT_OUT)] = ()
    is_cut: bool = False
    dropped: Count = 0


class ReasonValues(_FrozenModel):
    """What a sentence names: a term, a language, a level, places in the resume, or years."""

    term: Annotated[str, Field(max_length=MAX_REQUIREMENT_QUOTE)] | None = None
    language: Annotated[str, Field(max_length=40)] | None = None
    level: EducationLevel | None = None
    places: Count | None = None
    years: Annotated[float, Field(ge=0, le=1_000)] | None = None
    wanted_years: Annotated[float, Field(gt=0, le=50)] | None = None


class Reason(_FrozenModel):
    """The key of a sentence in the catalogue with its values."""

    key: Annotated[str, Field(max_length=80)]
    values: ReasonValues = ReasonValues()


class RequirementMatch(_FrozenModel):
    """The outcome for one requirement. `credit` is the share of its weight that counts for the score."""

    requirement_id: Annotated[str, Field(max_length=40)]
    outcome: Outcome
    credit: Share
    evidence: Annotated[tuple[Evidence, ...], Field(max_length=MAX_QUOTES)] = ()
    reason: Reason


class Match(_FrozenModel):
    """The match of a resume to a job. `score` is None where it cannot be told; `reason` then says why.

    `assessed` is the share of the requirements' weight whose outcome is not `unknown`.
    """

    matcher_version: Annotated[str, Field(max_length=40)]
    score: MatchScore | None
    assessed: Share
    requirements: Annotated[tuple[RequirementMatch, ...], Field(max_length=MAX_REQUIREMENTS)] = ()
    reason: Reason
