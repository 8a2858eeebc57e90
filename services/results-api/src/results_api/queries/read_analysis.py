"""Read an analysis from the combined view or, until it has arrived there, from request-api."""

from dataclasses import dataclass
from uuid import UUID

from chassis.auth.tokens import Caller
from chassis.db.database import Database
from chassis.principal import Principal
from contracts.vocabulary import AnalysisStatus

from results_api.domain.analysis_view import AnalysisView, Result
from results_api.queries.compare_versions import Changes, compare_versions
from results_api.request_api_client import AcceptedAnalysis, RequestApiClient
from results_api.storage import Repository


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysisDetails:
    """An analysis, with its result and the changes since an earlier version if it is completed."""

    analysis: AnalysisView | AcceptedAnalysis
    result: Result | None = None
    changes: Changes | None = None


class ReadAnalysis:
    """Read an analysis. It is readable from the moment of its acceptance, even if Kafka is unavailable."""

    def __init__(self, *, database: Database, repository: Repository, request_api: RequestApiClient) -> None:
        self._database = database
        self._repository = repository
        self._request_api = request_api

    async def __call__(self, principal: Principal, caller: Caller, analysis_id: UUID) -> AnalysisDetails:
        """Return the current state of an analysis.

        Raises:
            AnalysisNotFound: if it does not exist, or the principal may not see it.
            RequestApiUnavailable: if the view does not have it and request-api cannot be reached.
            DatabaseUnavailable: if the view cannot be read.
        """
        async with self._database.autocommit() as connection:
            found = await self._repository.views.get(connection, principal, analysis_id)
            if found is not None:
                view, result = found
                changes = None
                # A separate query keeps polling of unfinished analyses cheap.
                if result is not None and (view.resume_version or 1) > 1:
                    earlier = await self._repository.views.get_earlier(connection, principal, view)
                    changes = compare_versions(earlier, (view, result)) if earlier is not None else None
                return AnalysisDetails(analysis=view, result=result, changes=changes)
        accepted = await self._request_api.get(caller, analysis_id)
        if accepted.status is AnalysisStatus.COMPLETED:
            # Clients expect a result with this status, and the result has not arrived yet.
            accepted = accepted.model_copy(update={"status": AnalysisStatus.PROCESSING, "completed_at": None})
        return AnalysisDetails(analysis=accepted)
