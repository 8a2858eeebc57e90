"""Idempotency keys: repeating a POST with the same key has no second effect."""

import hashlib
import json
from dataclasses import asdict, dataclass
from typing import Self
from uuid import UUID

from request_api.domain.analysis import AnalysisOptions


@dataclass(frozen=True, slots=True, kw_only=True)
class IdempotencyKey:
    """A key that a user chose for one request. `fingerprint` is the request's SHA-256 digest, in hex."""

    user_id: UUID
    key: str
    fingerprint: str

    @classmethod
    def for_analysis(cls, key: str, *, user_id: UUID, resume_id: UUID, options: AnalysisOptions) -> Self:
        """Return the key of a request for an analysis."""
        # Options that are None are left out, so that keys from before an option existed still match.
        given = {name: value for name, value in asdict(options).items() if value is not None}
        request = json.dumps([str(resume_id), given], sort_keys=True)
        return cls(user_id=user_id, key=key, fingerprint=hashlib.sha256(request.encode()).hexdigest())
