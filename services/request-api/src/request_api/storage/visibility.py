"""Conditions for the rows that a principal may see. `chassis.db.visibility` has their parameters.

Junior recruiters see the candidates assigned to them, the resumes that they uploaded, the resumes of
candidates assigned to them, the analyses and matches that they requested, and the jobs that they created.
Registering a candidate assigns it.
"""

from typing import Final
from uuid import UUID

from chassis.db.visibility import USER_ID, visible
from sqlalchemy import ColumnElement, exists, or_

from request_api.storage.tables import (
    candidates,
    jobs,
    matches,
    resumes,
    review_requests,
    user_candidate_assignments,
)


def _is_assigned(candidate_id: ColumnElement[UUID]) -> ColumnElement[bool]:
    assignments = user_candidate_assignments.c
    return exists().where(
        assignments.candidate_id == candidate_id, assignments.user_id == USER_ID, assignments.is_active
    )


IS_OWN_CANDIDATE: Final = _is_assigned(candidates.c.id)
IS_OWN_RESUME: Final = or_(resumes.c.uploaded_by_user_id == USER_ID, _is_assigned(resumes.c.candidate_id))
IS_OWN_REQUEST: Final = review_requests.c.requested_by_user_id == USER_ID
IS_OWN_JOB: Final = jobs.c.created_by_user_id == USER_ID
IS_OWN_MATCH: Final = matches.c.requested_by_user_id == USER_ID

MAY_SEE_CANDIDATE: Final = visible(IS_OWN_CANDIDATE)
MAY_SEE_RESUME: Final = visible(IS_OWN_RESUME)
MAY_SEE_REQUEST: Final = visible(IS_OWN_REQUEST)
MAY_SEE_JOB: Final = visible(IS_OWN_JOB)
MAY_SEE_MATCH: Final = visible(IS_OWN_MATCH)
