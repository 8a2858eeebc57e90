"""Bodies and answers of the routes of jobs."""

from datetime import datetime
from typing import Annotated, Literal, Self
from uuid import UUID, uuid4

from chassis.http.forms import JsonBody
from contracts.matching import (
    MAX_REQUIREMENTS,
    MAX_TERMS,
    MAX_WEIGHT,
    EducationLevel,
    Importance,
    Kind,
    LanguageLevel,
    LeftOut,
    Minimum,
    Requirement,
)
from contracts.plain_text import PlainLine
from pydantic import BaseModel, Field

from request_api.domain.job import Job, JobRequirement, JobStatus, JobText, JobVersion, ListedJob, Origin
from request_api.domain.job import RequirementEdit as Edit
from request_api.http.fields import EscoUri, LongText, Term, Title, Version

JobLanguage = Literal["en", "ja"]


class JobBody(JsonBody):
    """A job. Its requirements are extracted from the text."""

    title: Title
    text: LongText
    language: JobLanguage | None = Field(default=None, description="Without it, the text tells.")

    def job_text(self) -> JobText:
        """Return the text for the use cases."""
        return JobText(title=self.title, text=self.text, language=self.language)


class RewrittenJob(JobBody):
    """A new text of a job. `version` is the version that was read."""

    version: Version


class MinimumBody(JsonBody):
    """The least that a requirement asks for."""

    years: Annotated[float, Field(gt=0, le=50, allow_inf_nan=False)] | None = None
    level: EducationLevel | LanguageLevel | None = None


class RequirementBody(JsonBody):
    """A requirement of the new version. Without `id` it is added."""

    id: Annotated[str, Field(min_length=1, max_length=40, pattern=r"^[A-Za-z0-9_-]+$")] | None = None
    kind: Kind
    importance: Importance
    terms: list[Term] = Field(
        default=[], max_length=MAX_TERMS, description="Alternatives: a resume that shows one meets it."
    )
    minimum: MinimumBody | None = None
    weight: Annotated[float, Field(ge=0, le=MAX_WEIGHT, allow_inf_nan=False)] = 1.0
    esco: EscoUri | None = Field(default=None, description="URI of its concept in ESCO, if you map it.")

    def edit(self) -> Edit:
        """Return the edit for the use case."""
        minimum = None if self.minimum is None else Minimum(**self.minimum.model_dump())
        wanted = Requirement(
            id=self.id or uuid4().hex,
            kind=self.kind,
            importance=self.importance,
            terms=tuple(self.terms),
            minimum=minimum,
            weight=self.weight,
            esco=self.esco,
        )
        return Edit(id=self.id, wanted=wanted)


class EditedRequirements(JsonBody):
    """All requirements of a job, in their order. `version` is the version that was read."""

    version: Version
    requirements: list[RequirementBody] = Field(max_length=MAX_REQUIREMENTS)


class RequirementView(Requirement):
    """A requirement of a job. `quote` is verbatim from the job's text, and empty if a consultant added it."""

    origin: Origin = Field(description="`edited` and `added` requirements survive a new text.")

    @classmethod
    def of(cls, each: JobRequirement) -> Self:
        """Return the view of a requirement."""
        return cls(**each.requirement.model_dump(), origin=each.origin)


class JobView(BaseModel):
    """A job in one of its versions."""

    id: UUID
    status: JobStatus
    version: int
    latest_version: int
    title: PlainLine
    text: str
    language: JobLanguage | None
    requirements: list[RequirementView]
    removed: list[RequirementView] = Field(
        description="Requirements of the text that a consultant removed. Send one with its id to restore it."
    )
    left_out: list[LeftOut] = Field(
        description="Passages that must not decide about a person, and are no requirements."
    )
    dropped: int = Field(description="Requirements of the text beyond the limit.")
    created_by: UUID
    created_at: datetime
    closed_at: datetime | None
    written_by: UUID = Field(description="The user who wrote this version.")
    written_at: datetime

    @classmethod
    def of(cls, job: Job, version: JobVersion) -> Self:
        """Return the view of a job in a version."""
        return cls(
            id=job.id,
            status=job.status,
            version=version.version,
            latest_version=job.version,
            title=version.text.title,
            text=version.text.text,
            language=version.text.language,
            requirements=[RequirementView.of(each) for each in version.requirements],
            removed=[RequirementView.of(each) for each in version.removed],
            left_out=list(version.left_out),
            dropped=version.dropped,
            created_by=job.created_by,
            created_at=job.created_at,
            closed_at=job.closed_at,
            written_by=version.written_by,
            written_at=version.written_at,
        )


class JobSummary(BaseModel):
    """A job in a list."""

    id: UUID
    status: JobStatus
    version: int
    title: PlainLine
    requirements: int = Field(description="Number of its requirements.")
    created_by: UUID
    created_at: datetime
    closed_at: datetime | None
    written_at: datetime

    @classmethod
    def of(cls, listed: ListedJob) -> Self:
        """Return the view of a listed job."""
        return cls(
            id=listed.job.id,
            status=listed.job.status,
            version=listed.job.version,
            title=listed.title,
            requirements=listed.requirements,
            created_by=listed.job.created_by,
            created_at=listed.job.created_at,
            closed_at=listed.job.closed_at,
            written_at=listed.written_at,
        )


class JobList(BaseModel):
    """One page of jobs, newest first."""

    jobs: list[JobSummary]
    total_count: int
    page: int
    page_size: int
