"""All SQL of request-api. Reads take the principal they are for; rows that it may not see are not found.

Statements run in the caller's transaction. Nothing here commits.
"""

from request_api.storage.analyses import Analyses
from request_api.storage.candidates import Candidates
from request_api.storage.emissions import Emissions
from request_api.storage.idempotency_keys import IdempotencyKeys
from request_api.storage.jobs import Jobs
from request_api.storage.legacy.industries import LegacyIndustries
from request_api.storage.legacy.requests import LegacyRequests
from request_api.storage.matches import Matches
from request_api.storage.resumes import Resumes
from request_api.storage.statuses import Statuses
from request_api.storage.uploads import Uploads


class Repository:
    """All statements, grouped by the rows they read or write."""

    def __init__(self) -> None:
        self.candidates = Candidates()
        self.uploads = Uploads()
        self.resumes = Resumes()
        self.analyses = Analyses()
        self.jobs = Jobs()
        self.matches = Matches()
        self.statuses = Statuses()
        self.emissions = Emissions()
        self.keys = IdempotencyKeys()
        self.legacy_industries = LegacyIndustries()
        self.legacy_requests = LegacyRequests()
