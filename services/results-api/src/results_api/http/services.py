"""The use cases and the principal that a route works with."""

import asyncio
from dataclasses import dataclass

from chassis.auth.tokens import Caller
from chassis.db.database import Database
from chassis.http.authentication import caller_of
from chassis.http.concurrency import ConcurrencyLimit
from chassis.principal import Principal
from fastapi import Request
from printing.renderer import PdfRenderer

from results_api.domain.errors import (
    TooManyExports,
    TooManyExportsOfUser,
    TooManyReports,
    TooManyReportsOfUser,
    TooManyStreams,
    TooManyStreamsOfUser,
)
from results_api.http.responses import Presenter
from results_api.queries.export_analyses import ExportAnalyses
from results_api.queries.list_analyses import ListAnalyses
from results_api.queries.read_analysis import ReadAnalysis
from results_api.queries.read_matches import ReadMatches
from results_api.queries.read_report import ReadReport
from results_api.queries.summarize_analyses import SummarizeAnalyses
from results_api.request_api_client import RequestApiClient
from results_api.settings import Settings
from results_api.storage import Repository
from results_api.storage.change_listener import ChangeListener

# With the time for printing, less than the 60 s after which the gateway gives up a report.
PRINT_WAIT_SECONDS = 15
_PRINTS_WAITING_PER_USER = 3
# HTML is rendered in a thread, which takes time from the event loop too.
_REPORTS_AT_A_TIME = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything that routes call. `main` creates it and keeps it in `app.state.services`.

    `stream_slots` limits the open live updates, and `stream_reads` limits how many of them read at the same
    time: a change wakes all streams of an analysis, and a new database connection wakes all streams.
    `print_slots` limits the PDFs that are printed, of which one user cannot take all, and `report_turns` the
    reports that are rendered as HTML.
    `export_slots` limits the exports that run.
    """

    read_analysis: ReadAnalysis
    list_analyses: ListAnalyses
    export_analyses: ExportAnalyses
    summarize_analyses: SummarizeAnalyses
    read_matches: ReadMatches
    presenter: Presenter
    changes: ChangeListener
    stream_slots: ConcurrencyLimit
    stream_reads: asyncio.Semaphore
    read_report: ReadReport
    pdf_renderer: PdfRenderer
    print_slots: ConcurrencyLimit
    report_turns: asyncio.Semaphore
    export_slots: ConcurrencyLimit


def create_services(
    settings: Settings,
    *,
    database: Database,
    repository: Repository,
    request_api: RequestApiClient,
    changes: ChangeListener,
) -> Services:
    """Build the use cases."""
    read_analysis = ReadAnalysis(database=database, repository=repository, request_api=request_api)
    return Services(
        read_analysis=read_analysis,
        list_analyses=ListAnalyses(database=database, repository=repository),
        export_analyses=ExportAnalyses(database=database, repository=repository),
        summarize_analyses=SummarizeAnalyses(database=database, repository=repository),
        read_matches=ReadMatches(database=database, repository=repository, request_api=request_api),
        presenter=Presenter(failed_word=settings.failed_word),
        changes=changes,
        stream_slots=ConcurrencyLimit(
            in_all=settings.live_streams,
            per_user=settings.live_streams_per_user,
            all_taken=TooManyStreams,
            own_taken=TooManyStreamsOfUser,
        ),
        # Most of the pool is reserved for callers that wait for a response.
        stream_reads=asyncio.Semaphore(settings.database_pool_size // 4 or 1),
        read_report=ReadReport(read_analysis=read_analysis, request_api=request_api),
        pdf_renderer=PdfRenderer(),
        print_slots=ConcurrencyLimit(
            in_all=settings.print_processes,
            per_user=max(1, settings.print_processes - 1),
            all_taken=TooManyReports,
            own_taken=TooManyReportsOfUser,
            wait_seconds=PRINT_WAIT_SECONDS,
            waiting_per_user=_PRINTS_WAITING_PER_USER,
        ),
        report_turns=asyncio.Semaphore(_REPORTS_AT_A_TIME),
        # One export takes most of a core for its time. The wait ends before clients give up after 10 s.
        export_slots=ConcurrencyLimit(
            in_all=2,
            per_user=1,
            all_taken=TooManyExports,
            own_taken=TooManyExportsOfUser,
            wait_seconds=3,
            waiting_per_user=1,
        ),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The caller and the principal of a request, and the services."""

    caller: Caller
    principal: Principal
    services: Services


def context_of(request: Request) -> Context:
    """Return the context of a request to an authenticated route.

    A FastAPI dependency would take several times as long.
    """
    caller = caller_of(request)
    principal = Principal.of(user_id=caller.user_id, role=caller.role)
    return Context(caller=caller, principal=principal, services=request.app.state.services)
