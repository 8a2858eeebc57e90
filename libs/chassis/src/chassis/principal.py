"""The user that a request is served for, and how much that user may see."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Self
from uuid import UUID


class Role(StrEnum):
    """Values of `users.role` and of the role claim in a token."""

    JUNIOR_RECRUITER = "junior_recruiter"
    SENIOR_RECRUITER = "senior_recruiter"
    ADMIN = "admin"


@dataclass(frozen=True, slots=True, kw_only=True)
class Principal:
    """An authenticated user. Every read takes the principal it is for."""

    user_id: UUID
    role: Role

    @property
    def sees_everything(self) -> bool:
        """True for senior recruiters and administrators; junior recruiters see their own rows only."""
        return self.role in (Role.SENIOR_RECRUITER, Role.ADMIN)

    @classmethod
    def of(cls, *, user_id: UUID, role: str | None) -> Self:
        """Build a principal from a token. A missing or unknown role becomes the least privileged one."""
        known = {str(member): member for member in Role}
        return cls(user_id=user_id, role=known.get(role or "", Role.JUNIOR_RECRUITER))
