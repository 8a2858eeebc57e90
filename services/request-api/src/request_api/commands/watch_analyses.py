"""Re-emit or expire analyses and matches that did not finish in time, and erase orphaned matches."""

from collections.abc import Awaitable
from uuid import UUID

from chassis.db.database import Database, DatabaseUnavailable
from chassis.telemetry.logs import get_logger
from chassis.telemetry.trace import continue_trace

from request_api.commands.expire_analysis import ExpireAnalysis
from request_api.commands.matches.emit_match_again import EmitMatchAgain
from request_api.commands.matches.erase_matches import EraseMatches
from request_api.commands.reemit_analysis import ReemitAnalysis
from request_api.domain.errors import ResumeNotReadable, ResumeTooLong
from request_api.domain.watchdog import Backlog, DueAnalysis, WatchdogPolicy
from request_api.storage import Repository

log = get_logger(__name__)

# Each event may take 2 MB in the outbox. The remaining ones follow in the next round, seconds later.
MAX_ANALYSES = 100
MAX_MATCHES = 100


class WatchAnalyses:
    """Run one round: emit overdue events again, expire what is past its deadline, measure the backlog.

    Replicas may run rounds at the same time. A row lock gives each analysis and match to one of them.
    """

    def __init__(
        self,
        *,
        database: Database,
        repository: Repository,
        reemit: ReemitAnalysis,
        expire: ExpireAnalysis,
        emit_match: EmitMatchAgain,
        erase_matches: EraseMatches,
        policy: WatchdogPolicy,
    ) -> None:
        self.backlog: Backlog | None = None
        """Backlog of the last round. None before the first round and while the database is unavailable."""
        self._database = database
        self._repository = repository
        self._reemit = reemit
        self._expire = expire
        self._emit_match = emit_match
        self._erase_matches = erase_matches
        self._policy = policy

    async def __call__(self) -> None:
        """Run a round. Raises DatabaseUnavailable, which keeps the effects of the round until then."""
        try:
            async with self._database.transaction() as connection:
                self.backlog = await self._repository.emissions.backlog(connection)
                due = await self._repository.emissions.due(connection, self._policy, limit=MAX_ANALYSES)
                matches = await self._repository.matches.due(connection, self._policy, limit=MAX_MATCHES)
                has_orphaned = await self._repository.matches.has_orphaned(connection)
        except DatabaseUnavailable:
            self.backlog = None
            raise
        for analysis in due:
            await _separately(self._handle(analysis), analysis_id=analysis.analysis_id)
        for match in matches:
            await _separately(self._emit_match(match, policy=self._policy), match_id=match.match_id)
        if has_orphaned:
            await _separately(self._erase_matches())

    async def _handle(self, due: DueAnalysis) -> None:
        if not due.is_overdue:
            try:
                await self._reemit(due.analysis_id, policy=self._policy)
            except (ResumeNotReadable, ResumeTooLong):
                log.warning("resume is not readable any more", analysis_id=str(due.analysis_id))
            else:
                return
        await self._expire(due.analysis_id, policy=self._policy)


async def _separately(handling: Awaitable[None], **ids: UUID) -> None:
    """Do a part of a round, whose failure must not block the others. Raises DatabaseUnavailable."""
    named = {name: str(each) for name, each in ids.items()}
    try:
        # The trace of the original request is not stored, so this begins a new one.
        with continue_trace(None, "watch", attributes=named):
            await handling
    except DatabaseUnavailable:
        raise
    except Exception as error:  # noqa: BLE001 - as the docstring says
        # The error's message may quote the resume, so only its type is logged.
        log.error("watchdog cannot handle an analysis or a match", **named, error=type(error).__name__)  # noqa: TRY400 - as above
