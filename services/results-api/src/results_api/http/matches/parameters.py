"""Query parameters of the routes of matches."""

from typing import Annotated, Final, Literal

from chassis.http.forms import blank_or
from contracts.matching import Outcome
from contracts.vocabulary import MAX_INTEGER
from fastapi import Query
from pydantic import BaseModel, Field

from results_api.domain.errors import InvalidFilters
from results_api.domain.match_view import RankingFilters

_Language = Literal["en", "ja"]
_Format = Literal["json", "csv"]
_Version = Annotated[int, Field(ge=1, le=MAX_INTEGER)]
_Score = Annotated[float, Field(ge=0, le=100, allow_inf_nan=False)]
_RequirementId = Annotated[str, Field(max_length=40, pattern=r"^[A-Za-z0-9_-]+$")]
# Every outcome, each of which may be asked for once.
_MAX_OUTCOMES: Final = 4

JobVersion = Annotated[
    _Version | None,
    blank_or(_Version),
    Query(description="Version of the job; the newest one by default."),
]
LanguageParameter = Annotated[
    _Language | None,
    blank_or(_Language),
    Query(description="Language of sentences; that of the job by default."),
]


class RankingParameters(BaseModel):
    """Page, filters and format of a ranking. An empty filter or format means the default."""

    page: Annotated[int, Field(ge=1, le=10_000)] = 1
    page_size: Annotated[int, Field(ge=1, le=100)] = 20
    job_version: JobVersion = None
    language: LanguageParameter = None
    min_score: Annotated[_Score | None, blank_or(_Score)] = Field(
        None, description="Lowest score. Candidates without a score are listed in any case."
    )
    requirement: Annotated[_RequirementId | None, blank_or(_RequirementId)] = Field(
        None, description="Id of a requirement whose outcome must be one of `outcome`."
    )
    outcome: list[Outcome] = Field([], max_length=_MAX_OUTCOMES, description="Only with `requirement`.")
    format: Annotated[_Format | None, blank_or(_Format)] = Field(
        None, description="`json` by default, unless `Accept` prefers `text/csv`"
    )

    def filters(self) -> RankingFilters:
        """Return the filters.

        Raises:
            InvalidFilters: if only one of `requirement` and `outcome` is given.
        """
        if (self.requirement is None) != (not self.outcome):
            raise InvalidFilters("requirement and outcome must be given together.")
        return RankingFilters(
            min_score=self.min_score, requirement_id=self.requirement, outcomes=tuple(self.outcome)
        )
