"""`stuck`, `reemit`, `expire` and `stale`: commands for analyses that do not end."""

from argparse import Namespace
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta

from asyncpg import CheckViolationError
from chassis.db.database import Database

from request_api.commands.expire_analysis import ExpireAnalysis
from request_api.commands.reemit_analysis import ReemitAnalysis
from request_api.domain.errors import ResumeNotReadable, ResumeTooLong
from request_api.events import create_outbox
from request_api.ops import command
from request_api.ops.command import DONE, DRY_RUN, Refused, audit, counted, table
from request_api.storage import Repository


@asynccontextmanager
async def database() -> AsyncIterator[Database]:
    """Connect to the service's database with one connection."""
    opened = Database(
        address=command.Database().database_address(), pool_size=1, application_name="request-api-ops"
    )
    try:
        yield opened
    finally:
        await opened.close()


async def list_stuck(arguments: Namespace) -> int:
    """List unfinished analyses. The watchdog handles them without manual action."""
    async with database() as opened, opened.transaction() as connection:
        found = await Repository().emissions.stuck(
            connection, older_than=timedelta(minutes=arguments.minutes)
        )
    if not found:
        print(f"No analysis older than {arguments.minutes:g} minutes is unfinished.")
        return DONE
    rows = (
        (
            analysis.analysis_id,
            analysis.status,
            f"{analysis.requested_at:%Y-%m-%dT%H:%M:%S}",
            f"{analysis.emitted_at:%Y-%m-%dT%H:%M:%S}",
            analysis.emissions,
        )
        for analysis in found
    )
    print(table(("analysis", "status", "requested", "last emitted", "times"), rows))
    return DONE


async def reemit(arguments: Namespace) -> int:
    """Emit the latest request for an analysis again."""
    return await _publish(arguments, what="reemit", effect="emit its event again")


async def expire(arguments: Namespace) -> int:
    """End an analysis, unless it has ended in the meantime."""
    return await _publish(
        arguments, what="expire", effect="end it as failed, or as cancelled if that was requested"
    )


async def end_stale(arguments: Namespace) -> int:
    """End requests that the legacy backend left unfinished. Analyses of these services always end."""
    before = datetime.now(UTC) - timedelta(hours=arguments.hours)
    try:
        async with database() as opened, opened.transaction() as connection:
            requests = Repository().legacy_requests
            stale = await requests.lock_unfinished(connection, before=before)
            if arguments.apply:
                await requests.end(connection, stale)
    except CheckViolationError as error:
        raise Refused(
            f"An existing row violates the constraint {error.constraint_name}, so it cannot be updated."
            " Run the legacy backend's own migration first, which converts its rows."
        ) from error
    for one in stale:
        print(f"{'ended' if arguments.apply else 'would end'} {one} as failed (abandoned)")
    if not stale:
        print("There is nothing to do.")
    elif arguments.apply:
        audit(arguments, "stale", analyses=stale)
        print(f"{counted(len(stale), 'analysis')} ended.")
    else:
        print(DRY_RUN)
    return DONE


async def _publish(arguments: Namespace, *, what: str, effect: str) -> int:
    analysis_id = arguments.id
    refusal = Refused(
        f"There is no unfinished analysis {analysis_id}, or another transaction is changing it right now."
    )
    async with database() as opened:
        if not arguments.apply:
            async with opened.transaction() as connection:
                unfinished = await Repository().emissions.lock(connection, analysis_id, policy=None)
            if unfinished is None:
                raise refusal
            print(f"would {effect}: {analysis_id}, emitted {unfinished.emissions} times so far")
            print(DRY_RUN)
            return DONE
        use_case = ReemitAnalysis if what == "reemit" else ExpireAnalysis
        act = use_case(database=opened, repository=Repository(), outbox=create_outbox())
        try:
            if not await act(analysis_id):
                raise refusal
        except (ResumeNotReadable, ResumeTooLong):
            raise Refused("Its resume cannot be analysed any more. Expire the analysis.") from None
    audit(arguments, what, analyses=[analysis_id])
    print(f"{what}: {analysis_id} is in the outbox; the running service sends it.")
    return DONE
