"""All SQL of results-api. Reads take the principal they are for; rows that it may not see are not found.

Statements run in the caller's transaction. Nothing here commits.
"""

from results_api.storage.analyses import Analyses, AppliedChange
from results_api.storage.lists import AnalysisLists
from results_api.storage.views import AnalysisViews

__all__ = ["AppliedChange", "Repository"]


class Repository:
    """All statements: those that record changes of analyses, and those that read the combined view."""

    def __init__(self) -> None:
        self.analyses = Analyses()
        self.views = AnalysisViews()
        self.lists = AnalysisLists()
