"""Jobs: their text, and the requirements that consultants edit. A version never changes."""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from hashlib import sha256
from typing import Final, Self
from uuid import UUID

from contracts.matching import MAX_REQUIREMENTS, JobRequirements, LeftOut, Requirement

from request_api.domain.errors import (
    JobChanged,
    RequirementEmpty,
    RequirementRepeated,
    RequirementUnknown,
    TooManyVersions,
)

MAX_TITLE_CHARACTERS: Final = 200
# More than consultants edit, and a bound on what a looping client stores.
MAX_VERSIONS: Final = 500
# Removed requirements that a job keeps. The oldest are dropped first, so that no version grows without end.
MAX_REMOVED: Final = 200


class JobStatus(StrEnum):
    """Values of `jobs.status`."""

    OPEN = "open"
    CLOSED = "closed"


class Origin(StrEnum):
    """Source of a requirement: the text, the text with a consultant's edits, or a consultant alone."""

    TEXT = "text"
    EDITED = "edited"
    ADDED = "added"


@dataclass(frozen=True, slots=True, kw_only=True)
class JobText:
    """A job as a consultant writes it. `language` is None if the consultant names none."""

    title: str
    text: str
    language: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class RequirementEdit:
    """A requirement as a consultant wants it. `id` is None for one to add, whose `wanted.id` is new."""

    id: str | None
    wanted: Requirement


@dataclass(frozen=True, slots=True, kw_only=True)
class JobRequirement:
    """A requirement with its origin. Its id stays the same through all edits."""

    requirement: Requirement
    origin: Origin

    @property
    def id(self) -> str:
        """Id of the requirement, unique within a job."""
        return self.requirement.id

    def edit(self, wanted: Requirement) -> Self:
        """Return the requirement with a consultant's values. Its quote belongs to the text and stays."""
        edited = wanted.model_copy(update={"quote": self.requirement.quote})
        if edited == self.requirement:
            return self
        origin = Origin.ADDED if self.origin is Origin.ADDED else Origin.EDITED
        return replace(self, requirement=edited, origin=origin)

    @property
    def says_something(self) -> bool:
        """True if its terms, its quote, or a minimum that needs no term say what it asks for."""
        wanted = self.requirement
        minimum = wanted.minimum
        is_enough = minimum is not None and (
            (wanted.kind == "experience_years" and minimum.years is not None)
            or (wanted.kind == "education" and minimum.level is not None)
        )
        return bool(wanted.quote or wanted.terms or is_enough)

    def quoted(self, quote: str) -> Self:
        """Return the requirement with its quote in another text, or with "" if that does not have it."""
        return replace(self, requirement=self.requirement.model_copy(update={"quote": quote}))


@dataclass(frozen=True, slots=True, kw_only=True)
class JobVersion:
    """One version of a job.

    `removed` are requirements of the text that a consultant removed. `left_out` are passages that must not
    become requirements. `dropped` counts the requirements of the text beyond the limit.
    """

    version: int
    text: JobText
    requirements: tuple[JobRequirement, ...]
    removed: tuple[JobRequirement, ...]
    left_out: tuple[LeftOut, ...]
    dropped: int
    written_by: UUID
    written_at: datetime

    @classmethod
    def first(cls, text: JobText, extracted: JobRequirements, *, by: UUID, at: datetime) -> Self:
        """Return the first version of a job, with the requirements of its text."""
        return cls(
            version=1,
            text=text,
            requirements=tuple(_of_text(each) for each in _with_ids(extracted)),
            removed=(),
            left_out=extracted.left_out,
            dropped=extracted.dropped,
            written_by=by,
            written_at=at,
        )

    def rewrite(self, text: JobText, extracted: JobRequirements, *, by: UUID, at: datetime) -> Self:
        """Return the next version, with the requirements of a new text and all edits of consultants.

        A requirement that a consultant added or edited stays, even if the new text does not have it. Then its
        quote is empty. One that a consultant removed stays removed.
        """
        kept = {each.id: each for each in self.requirements if each.origin is not Origin.TEXT}
        removed = {each.id for each in self.removed}
        found = [each for each in _with_ids(extracted) if each.id not in removed]
        left = MAX_REQUIREMENTS - len(kept)
        new = [each for each in found if each.id not in kept]
        dropped = {each.id for each in new[left:]}
        in_text = [
            kept.pop(each.id).quoted(each.quote) if each.id in kept else _of_text(each)
            for each in found
            if each.id not in dropped
        ]
        # Without its quote, an edited requirement without terms may ask for nothing.
        gone = [each for each in (own.quoted("") for own in kept.values()) if each.says_something]
        return replace(
            self,
            version=self.version + 1,
            text=text,
            requirements=(*in_text, *gone),
            removed=self._removed_in(extracted),
            left_out=extracted.left_out,
            dropped=extracted.dropped + len(dropped),
            written_by=by,
            written_at=at,
        )

    def has_same_content_as(self, earlier: Self) -> bool:
        """Return whether an earlier version has the same content."""
        return self == replace(
            earlier, version=self.version, written_by=self.written_by, written_at=self.written_at
        )

    def _removed_in(self, extracted: JobRequirements) -> tuple[JobRequirement, ...]:
        quotes = {each.id: each.quote for each in _with_ids(extracted)}
        return tuple(each.quoted(quotes.get(each.id, "")) for each in self.removed)

    def edit_requirements(self, edits: Sequence[RequirementEdit], *, by: UUID, at: datetime) -> Self:
        """Return the next version, which has exactly the edited requirements, in their order.

        Raises:
            RequirementUnknown, RequirementRepeated, RequirementEmpty: an edit is invalid.
        """
        known = {each.id: each for each in (*self.removed, *self.requirements)}
        edited = {each.wanted.id: _edited(each, known) for each in edits}
        if len(edited) < len(edits):
            raise RequirementRepeated
        removed = [
            each for id_, each in known.items() if id_ not in edited and each.origin is not Origin.ADDED
        ]
        return replace(
            self,
            version=self.version + 1,
            requirements=tuple(edited.values()),
            removed=tuple(removed[-MAX_REMOVED:]),
            written_by=by,
            written_at=at,
        )

    def new_terms(self, earlier: Self) -> list[str]:
        """Return the terms that an earlier version of the job does not have."""
        known = {
            term for each in (*earlier.requirements, *earlier.removed) for term in each.requirement.terms
        }
        terms = [term for each in self.requirements for term in each.requirement.terms]
        return [term for term in terms if term not in known]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A job. `version` is its newest version."""

    id: UUID
    created_by: UUID
    status: JobStatus
    version: int
    created_at: datetime
    closed_at: datetime | None

    @classmethod
    def create(cls, job_id: UUID, *, by: UUID, at: datetime) -> Self:
        """Return a new, open job."""
        return cls(id=job_id, created_by=by, status=JobStatus.OPEN, version=1, created_at=at, closed_at=None)

    def check_version(self, version: int) -> None:
        """Raise JobChanged if a version is not the newest one."""
        if version != self.version:
            raise JobChanged(version=self.version)

    def check_room(self) -> None:
        """Raise TooManyVersions if the job may have no further version."""
        if self.version >= MAX_VERSIONS:
            raise TooManyVersions(limit=MAX_VERSIONS)

    def close(self, *, at: datetime) -> Self:
        """Return the job, closed. One that is closed keeps its time."""
        return self if self.closed_at else replace(self, status=JobStatus.CLOSED, closed_at=at)

    def reopen(self) -> Self:
        """Return the job, open."""
        return replace(self, status=JobStatus.OPEN, closed_at=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedJob:
    """A job in a list, without its text."""

    job: Job
    title: str
    requirements: int
    written_at: datetime


def _of_text(requirement: Requirement) -> JobRequirement:
    return JobRequirement(requirement=requirement, origin=Origin.TEXT)


def _with_ids(extracted: JobRequirements) -> list[Requirement]:
    """Return the requirements with ids that stay the same when other parts of the text change."""
    identified: dict[str, Requirement] = {}
    for each in extracted.requirements:
        minimum = each.minimum and each.minimum.model_dump()
        says = sorted(term.lower() for term in each.terms) or each.quote
        about = [each.kind, says, minimum]
        digest = sha256(json.dumps(about, sort_keys=True).encode()).hexdigest()[:16]
        identified.setdefault(digest, each.model_copy(update={"id": digest}))
    return list(identified.values())


def _edited(edit: RequirementEdit, known: dict[str, JobRequirement]) -> JobRequirement:
    if edit.id is None:
        edited = JobRequirement(requirement=edit.wanted, origin=Origin.ADDED)
    elif edit.id in known:
        edited = known[edit.id].edit(edit.wanted)
    else:
        raise RequirementUnknown
    if not edited.says_something:
        raise RequirementEmpty
    return edited
