"""All SQL of results-api. Reads take the principal they are for; rows that it may not see are not found.

Statements run in the caller's transaction. Nothing here commits.
"""

from results_api.storage.analyses import Analyses, AppliedChange
from results_api.storage.views import AnalysisViews, Filters

__all__ = ["AppliedChange", "Filters", "Repository"]


class Repository:
    """All statements: those that record changes of analyses, and those that read the combined view."""

    def __init__(self) -> None:
        self.analyses = Analyses()
        self.views = AnalysisViews()
