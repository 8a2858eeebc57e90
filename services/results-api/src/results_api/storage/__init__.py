"""All SQL of results-api. Reads take the principal they are for; rows that it may not see are not found.

Statements run in the caller's transaction. Nothing here commits.
"""

from results_api.storage.analyses import Analyses, AppliedChange
from results_api.storage.lists import AnalysisLists
from results_api.storage.match_views import MatchViews
from results_api.storage.matches import AppliedMatchChange, Matches
from results_api.storage.views import AnalysisViews

__all__ = ["AppliedChange", "AppliedMatchChange", "Repository"]


class Repository:
    """All statements: those that record changes of analyses and matches, and those that read them."""

    def __init__(self) -> None:
        self.analyses = Analyses()
        self.views = AnalysisViews()
        self.lists = AnalysisLists()
        self.matches = Matches()
        self.match_views = MatchViews()
