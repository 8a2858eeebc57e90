"""Re-emit or expire analyses that did not finish in time."""

from chassis.db.database import Database, DatabaseUnavailable
from chassis.telemetry.logs import get_logger
from chassis.telemetry.trace import continue_trace

from request_api.commands.expire_analysis import ExpireAnalysis
from request_api.commands.reemit_analysis import ReemitAnalysis
from request_api.domain.analysis import Due, Patience, Pending
from request_api.errors import ResumeNotReadable, ResumeTooLong
from request_api.storage import Repository

log = get_logger(__name__)

# Each may be 2 MB in the outbox; what is left over waits for the next round, seconds later.
MAX_ROWS = 100


class WatchAnalyses:
    """One round: emits again what was waited for too long, ends what cannot be saved, counts what is pending.

    Any number of replicas may do this at once; each row is taken by one.
    """

    def __init__(
        self,
        *,
        database: Database,
        repository: Repository,
        reemit: ReemitAnalysis,
        expire: ExpireAnalysis,
        patience: Patience,
    ) -> None:
        self.pending: Pending | None = None
        """As the last round found it; None before there was one, and while the database is away."""
        self._database = database
        self._repository = repository
        self._reemit = reemit
        self._expire = expire
        self._patience = patience

    async def __call__(self) -> None:
        """Raises DatabaseUnavailable; what was done until then is done."""
        try:
            async with self._database.transaction() as connection:
                self.pending = await self._repository.emissions.pending(connection)
                due = await self._repository.emissions.due(connection, self._patience, limit=MAX_ROWS)
        except DatabaseUnavailable:
            self.pending = None
            raise
        for one in due:
            try:
                # Its first trace is not kept; what is done for it now is one of its own.
                with continue_trace(None, "watch", attributes={"analysis_id": str(one.analysis_id)}):
                    await self._act(one)
            except DatabaseUnavailable:
                raise
            except Exception as error:  # noqa: BLE001 - one that cannot be handled must not keep the others
                # No message: it may quote the resume.
                log.error(  # noqa: TRY400 - as above
                    "an analysis cannot be saved",
                    analysis_id=str(one.analysis_id),
                    error=type(error).__name__,
                )

    async def _act(self, due: Due) -> None:
        if not due.is_overdue:
            try:
                await self._reemit(due.analysis_id, patience=self._patience)
            except (ResumeNotReadable, ResumeTooLong):
                log.warning("an analysis lost its text", analysis_id=str(due.analysis_id))
            else:
                return
        await self._expire(due.analysis_id, patience=self._patience)
