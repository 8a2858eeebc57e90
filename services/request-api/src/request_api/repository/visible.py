"""Who may see what, as conditions of a query."""

from typing import Final
from uuid import UUID

from sqlalchemy import BindParameter, Boolean, ColumnElement, Uuid, bindparam, exists, or_, true

from request_api.domain import Principal
from request_api.tables import candidates, resumes, review_requests, user_candidate_assignments

# A user's id, or the parameter that it is given by.
_User = UUID | BindParameter[UUID]


def may_see_candidate(principal: Principal) -> ColumnElement[bool]:
    """Whoever registered it or is assigned to it."""
    if principal.sees_everything:
        return true()
    return or_(
        candidates.c.created_by_user_id == principal.user_id, _assigned(principal.user_id, candidates.c.id)
    )


def may_see_resume(principal: Principal) -> ColumnElement[bool]:
    """Whoever uploaded it or is assigned to its candidate."""
    return true() if principal.sees_everything else _is_resume_of(principal.user_id)


def seen_by(principal: Principal) -> dict[str, object]:
    """The parameters of `MAY_SEE_RESUME`."""
    return {"sees_everything": principal.sees_everything, "user_id": principal.user_id}


def may_see_request(principal: Principal) -> ColumnElement[bool]:
    """Whoever asked for it."""
    if principal.sees_everything:
        return true()
    return review_requests.c.requested_by_user_id == principal.user_id


def _is_resume_of(user: _User) -> ColumnElement[bool]:
    return or_(resumes.c.uploaded_by_user_id == user, _assigned(user, resumes.c.candidate_id))


def _assigned(user: _User, candidate_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    assignments = user_candidate_assignments.c
    return exists().where(
        assignments.candidate_id == candidate_id, assignments.user_id == user, assignments.is_active
    )


# `may_see_resume` for statements that are made once, with the parameters of `seen_by`.
MAY_SEE_RESUME: Final = or_(
    bindparam("sees_everything", type_=Boolean), _is_resume_of(bindparam("user_id", type_=Uuid))
)
