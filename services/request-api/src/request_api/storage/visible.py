"""Who may see what, as conditions of a statement with the parameters of `seen_by`.

A list leaves the condition out for those who see everything: as a parameter, it could lead PostgreSQL to one
plan for both, which suits neither.
"""

from typing import Final
from uuid import UUID

from sqlalchemy import Boolean, ColumnElement, Uuid, bindparam, exists, or_

from request_api.domain.analysis import Principal
from request_api.storage.tables import candidates, resumes, review_requests, user_candidate_assignments

_USER: Final = bindparam("user_id", type_=Uuid)
_SEES_EVERYTHING: Final = bindparam("sees_everything", type_=Boolean)


def seen_by(principal: Principal) -> dict[str, object]:
    """The parameters of these conditions."""
    return {"sees_everything": principal.sees_everything, "user_id": principal.user_id}


def _assigned(candidate_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    assignments = user_candidate_assignments.c
    return exists().where(
        assignments.candidate_id == candidate_id, assignments.user_id == _USER, assignments.is_active
    )


# A junior sees the candidates assigned to them, the resumes that they uploaded and those of candidates
# assigned to them, and the requests that they made. Registering a candidate assigns it.
IS_OWN_CANDIDATE: Final = _assigned(candidates.c.id)
IS_OWN_RESUME: Final = or_(resumes.c.uploaded_by_user_id == _USER, _assigned(resumes.c.candidate_id))
IS_OWN_REQUEST: Final = review_requests.c.requested_by_user_id == _USER

MAY_SEE_CANDIDATE: Final = or_(_SEES_EVERYTHING, IS_OWN_CANDIDATE)
MAY_SEE_RESUME: Final = or_(_SEES_EVERYTHING, IS_OWN_RESUME)
MAY_SEE_REQUEST: Final = or_(_SEES_EVERYTHING, IS_OWN_REQUEST)
