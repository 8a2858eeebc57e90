"""Read an analysis with the text of its resume, for the report page."""

from dataclasses import dataclass
from enum import Enum
from uuid import UUID

from chassis.auth.tokens import Caller
from chassis.errors import Unauthorized
from chassis.principal import Principal

from results_api.domain.analysis_view import AnalysisView
from results_api.domain.errors import RequestApiUnavailable, ResumeNotFound
from results_api.queries.read_analysis import AnalysisDetails, ReadAnalysis
from results_api.request_api_client import RequestApiClient


class MissingText(Enum):
    """Reason for the missing text of a resume."""

    NOT_FOUND = "missing"
    UNAVAILABLE = "unavailable"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReportDetails:
    """An analysis with the text of its resume, or with the reason why there is no text."""

    analysis: AnalysisDetails
    text: str | MissingText = MissingText.NOT_FOUND


class ReadReport:
    """Read an analysis as `ReadAnalysis`. request-api owns the text, so it is read there and not stored."""

    def __init__(self, *, read_analysis: ReadAnalysis, request_api: RequestApiClient) -> None:
        self._read_analysis = read_analysis
        self._request_api = request_api

    async def __call__(self, principal: Principal, caller: Caller, analysis_id: UUID) -> ReportDetails:
        """Return the current state of an analysis. The text is read only if there is a result.

        Raises:
            AnalysisNotFound: if it does not exist, or the principal may not see it.
            RequestApiUnavailable: if the view does not have it and request-api cannot be reached.
            DatabaseUnavailable: if the view cannot be read.
        """
        found = await self._read_analysis(principal, caller, analysis_id)
        if not isinstance(found.analysis, AnalysisView) or found.result is None:
            return ReportDetails(analysis=found)
        return ReportDetails(analysis=found, text=await self._text(caller, found.analysis.resume_id))

    async def _text(self, caller: Caller, resume_id: UUID) -> str | MissingText:
        try:
            return await self._request_api.get_text(caller, resume_id)
        except ResumeNotFound:
            return MissingText.NOT_FOUND
        except (RequestApiUnavailable, Unauthorized):
            # This service accepted the token, so its rejection there must not hide the result.
            return MissingText.UNAVAILABLE
