"""All SQL of request-api. A read takes the principal it is for; what may not be seen is not found.

Statements run on the caller's transaction; nothing here commits.
"""

from request_api.storage.candidates import Candidates
from request_api.storage.emissions import Emissions
from request_api.storage.idempotency_keys import IdempotencyKeys
from request_api.storage.legacy import Legacy
from request_api.storage.requests import Requests
from request_api.storage.resumes import Resumes


class Repository:
    """The statements, by what they are about."""

    def __init__(self) -> None:
        self.candidates = Candidates()
        self.resumes = Resumes()
        self.requests = Requests()
        self.emissions = Emissions()
        self.keys = IdempotencyKeys()
        self.legacy = Legacy()
