"""Idempotency keys: repeating a POST with the same key has no second effect."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Literal, Self
from uuid import UUID

from request_api.domain.analysis import AnalysisOptions
from request_api.domain.job import JobText


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencyKey:
    """A key that a user chose for one request.

    `fingerprint` is the request's SHA-256 digest, in hex. `creates` names the id that the answer has.
    """

    user_id: UUID
    key: str
    fingerprint: str
    creates: Literal["analysis_id", "job_id"]

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


def _digest(request: str) -> str:
    return hashlib.sha256(request.encode()).hexdigest()
