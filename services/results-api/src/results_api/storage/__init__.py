"""All SQL of results-api. A read takes the principal it is for; what may not be seen is not found.

Statements run on the caller's transaction; nothing here commits.
"""

from results_api.storage.records import Position, Records
from results_api.storage.views import Filters, Views

__all__ = ["Filters", "Position", "Repository"]


class Repository:
    """The statements: those that record what happened, and those that read it."""

    def __init__(self) -> None:
        self.records = Records()
        self.views = Views()
