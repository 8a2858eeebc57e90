"""Read an analysis: from the combined view or, before it is known here, from request-api."""

from uuid import UUID

from chassis.auth.tokens import Caller
from chassis.db.database import Database
from chassis.principal import Principal
from contracts.vocabulary import AnalysisStatus

from results_api.domain.analysis import Result, View
from results_api.queries.compare_versions import Changes, compare
from results_api.request_api_client import KnownRequest, RequestsClient
from results_api.storage import Repository

# An analysis, with its result and what changed since an earlier version, once it is completed.
Found = tuple[View, Result | None, Changes | None] | tuple[KnownRequest, None, None]


class ReadAnalysis:
    """So that an analysis can be read from the moment it was accepted, whatever Kafka does."""

    def __init__(self, *, database: Database, repository: Repository, requests: RequestsClient) -> None:
        self._database = database
        self._repository = repository
        self._requests = requests

    async def __call__(self, principal: Principal, caller: Caller, analysis_id: UUID) -> Found:
        """The analysis as it is now.

        Raises:
            AnalysisNotFound: there is none, or the principal may not see it.
            RequestsAway: it is not known here, and request-api cannot be asked.
            DatabaseUnavailable: the view cannot be read.
        """
        async with self._database.autocommit() as connection:
            found = await self._repository.views.get(connection, principal, analysis_id)
            if found is not None:
                view, result = found
                changes = None
                # A statement of its own, so that polling what is not completed costs nothing more.
                if result is not None and (view.resume_version or 1) > 1:
                    earlier = await self._repository.views.get_earlier(connection, principal, view)
                    changes = compare(earlier, (view, result)) if earlier is not None else None
                return view, result, changes
        request = await self._requests.get(caller, analysis_id)
        if request.status is AnalysisStatus.COMPLETED:
            # Completed is what has a result to show; without one it is still on its way here.
            request = request.model_copy(update={"status": AnalysisStatus.PROCESSING, "completed_at": None})
        return request, None, None
