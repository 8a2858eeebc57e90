"""Who may see what, as conditions of a query."""

from typing import Final
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, bindparam, exists, or_, true

from request_api.domain import Principal
from request_api.tables import candidates, resumes, review_requests, user_candidate_assignments


def may_see_candidate(principal: Principal) -> ColumnElement[bool]:
    """Whoever registered it or is assigned to it."""
    if principal.sees_everything:
        return true()
    return or_(candidates.c.created_by_user_id == principal.user_id, _assigned(principal, candidates.c.id))


def may_see_resume(principal: Principal) -> ColumnElement[bool]:
    """Whoever uploaded it or is assigned to its candidate."""
    if principal.sees_everything:
        return true()
    return or_(
        resumes.c.uploaded_by_user_id == principal.user_id, _assigned(principal, resumes.c.candidate_id)
    )


# `may_see_resume` for a statement that is made once; `seen_by` gives its parameters.
MAY_SEE_RESUME: Final = or_(
    bindparam("sees_everything", type_=Boolean),
    resumes.c.uploaded_by_user_id == bindparam("user_id"),
    exists().where(
        user_candidate_assignments.c.candidate_id == resumes.c.candidate_id,
        user_candidate_assignments.c.user_id == bindparam("user_id"),
        user_candidate_assignments.c.is_active,
    ),
)


def seen_by(principal: Principal) -> dict[str, object]:
    """The parameters of `MAY_SEE_RESUME`."""
    return {"sees_everything": principal.sees_everything, "user_id": principal.user_id}


def may_see_request(principal: Principal) -> ColumnElement[bool]:
    """Whoever asked for it."""
    if principal.sees_everything:
        return true()
    return review_requests.c.requested_by_user_id == principal.user_id


def _assigned(principal: Principal, candidate_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    assignments = user_candidate_assignments.c
    return exists().where(
        assignments.candidate_id == candidate_id,
        assignments.user_id == principal.user_id,
        assignments.is_active,
    )
