"""Idempotency keys: repeating a POST with the same key has no second effect."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Literal, Self
from uuid import UUID

from request_api.domain.analysis import AnalysisOptions
from request_api.domain.job import JobText


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencyKey:
    """A key that a user chose for one request.

    `fingerprint` is the request's SHA-256 digest, in hex. `creates` names what the answer has.
    """

    user_id: UUID
    key: str
    fingerprint: str
    creates: Literal["analysis_id", "job_id", "match_ids"]

    @classmethod
    def for_analysis(cls, key: str, *, user_id: UUID, resume_id: UUID, options: AnalysisOptions) -> Self:
        """Return the key of a request for an analysis."""
        # Options that are None are left out, so that keys from before an option existed still match.
        given = {name: value for name, value in asdict(options).items() if value is not None}
        request = json.dumps([str(resume_id), given], sort_keys=True)
        return cls(user_id=user_id, key=key, fingerprint=_digest(request), creates="analysis_id")

    @classmethod
    def for_job(cls, key: str, *, user_id: UUID, text: JobText) -> Self:
        """Return the key of a request to create a job."""
        request = json.dumps(["job", asdict(text)], sort_keys=True)
        return cls(user_id=user_id, key=key, fingerprint=_digest(request), creates="job_id")

    @classmethod
    def for_matches(cls, key: str, *, user_id: UUID, job_id: UUID, resume_ids: Sequence[UUID] | None) -> Self:
        """Return the key of a request for matches with some resumes, or with all candidates (None)."""
        resumes = None if resume_ids is None else sorted({str(each) for each in resume_ids})
        request = json.dumps(["matches", str(job_id), resumes])
        return cls(user_id=user_id, key=key, fingerprint=_digest(request), creates="match_ids")


def _digest(request: str) -> str:
    return hashlib.sha256(request.encode()).hexdigest()
