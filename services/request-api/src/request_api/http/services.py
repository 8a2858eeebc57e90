"""The use cases and the principal that a route works with."""

from dataclasses import dataclass
from typing import Final

from chassis.db.database import Database
from chassis.http.authentication import caller_of
from chassis.messaging.outbox import Outbox
from chassis.principal import Principal
from contracts.events import Event
from documents.reader import DocumentReader
from exports.exporter import Exporter
from exports.limits import Limits as ExportLimits
from fastapi import Request
from printing.limits import Limits as PrintLimits
from printing.renderer import PdfRenderer
from prometheus_client import Counter

from request_api.commands.cancel_analysis import CancelAnalysis
from request_api.commands.cancel_upload import CancelUpload
from request_api.commands.create_candidate import CreateCandidate
from request_api.commands.delete_resume import DeleteResume
from request_api.commands.jobs.close_job import CloseJob
from request_api.commands.jobs.create_job import CreateJob
from request_api.commands.jobs.delete_job import DeleteJob
from request_api.commands.jobs.edit_requirements import EditRequirements
from request_api.commands.jobs.extraction import ExtractRequirements
from request_api.commands.jobs.rewrite_job import RewriteJob
from request_api.commands.matches.cancel_matches import CancelMatches
from request_api.commands.matches.request_matches import RequestMatches
from request_api.commands.submit_analysis import SubmitAnalysis
from request_api.commands.upload_resume import UploadResume
from request_api.queries.export_resume import ExportResume
from request_api.queries.list_candidates import ListCandidates
from request_api.queries.list_jobs import ListJobs
from request_api.queries.list_uploads import ListUploads
from request_api.queries.read_analysis import ReadAnalysis
from request_api.queries.read_candidate import ReadCandidate
from request_api.queries.read_job import ReadJob
from request_api.queries.read_upload import ReadUpload
from request_api.settings import Settings
from request_api.storage import Repository
from request_api.storage.legacy.industries import LegacyBackendCache

EXPORT_LIMITS: Final = ExportLimits()
# The PDF of the longest resume takes 3 s of the processor.
PRINT_LIMITS: Final = PrintLimits(cpu_seconds=12, seconds=25)


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """Everything that routes call. `main` creates it and keeps it in `app.state.services`."""

    settings: Settings
    create_candidate: CreateCandidate
    upload_resume: UploadResume
    cancel_upload: CancelUpload
    delete_resume: DeleteResume
    submit_analysis: SubmitAnalysis
    cancel_analysis: CancelAnalysis
    list_candidates: ListCandidates
    read_candidate: ReadCandidate
    list_uploads: ListUploads
    read_upload: ReadUpload
    read_analysis: ReadAnalysis
    export_resume: ExportResume
    create_job: CreateJob
    rewrite_job: RewriteJob
    edit_requirements: EditRequirements
    close_job: CloseJob
    delete_job: DeleteJob
    list_jobs: ListJobs
    read_job: ReadJob
    request_matches: RequestMatches
    cancel_matches: CancelMatches


def create_services(
    settings: Settings,
    *,
    database: Database,
    repository: Repository,
    outbox: Outbox[Event],
    extract: ExtractRequirements,
    accepted: Counter,
) -> Services:
    """Build the use cases. `accepted` counts accepted analyses."""
    reader = DocumentReader(concurrency=settings.document_readers)
    return Services(
        settings=settings,
        create_candidate=CreateCandidate(database=database, repository=repository),
        upload_resume=UploadResume(database=database, repository=repository, reader=reader),
        cancel_upload=CancelUpload(database=database, repository=repository),
        delete_resume=DeleteResume(database=database, repository=repository, outbox=outbox),
        submit_analysis=SubmitAnalysis(
            database=database,
            repository=repository,
            outbox=outbox,
            legacy_backend=LegacyBackendCache(database=database, industries=repository.legacy_industries),
            report_language=settings.report_language,
            daily_limit=settings.max_analyses_per_day,
            accepted=accepted,
        ),
        cancel_analysis=CancelAnalysis(database=database, repository=repository, outbox=outbox),
        list_candidates=ListCandidates(database=database, repository=repository),
        read_candidate=ReadCandidate(database=database, repository=repository),
        list_uploads=ListUploads(database=database, repository=repository),
        read_upload=ReadUpload(database=database, repository=repository),
        read_analysis=ReadAnalysis(database=database, repository=repository),
        export_resume=ExportResume(
            database=database,
            repository=repository,
            exporter=Exporter(limits=EXPORT_LIMITS),
            printer=PdfRenderer(limits=PRINT_LIMITS),
        ),
        create_job=CreateJob(
            database=database,
            repository=repository,
            reader=reader,
            extract=extract,
            max_open=settings.max_open_jobs,
        ),
        rewrite_job=RewriteJob(database=database, repository=repository, extract=extract),
        edit_requirements=EditRequirements(database=database, repository=repository),
        close_job=CloseJob(database=database, repository=repository, max_open=settings.max_open_jobs),
        delete_job=DeleteJob(database=database, repository=repository, outbox=outbox),
        list_jobs=ListJobs(database=database, repository=repository),
        read_job=ReadJob(database=database, repository=repository),
        request_matches=RequestMatches(
            database=database,
            repository=repository,
            outbox=outbox,
            max_unfinished=settings.max_unfinished_matches,
            daily_limit=settings.max_matches_per_day,
        ),
        cancel_matches=CancelMatches(database=database, repository=repository, outbox=outbox),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """The principal of a request, and the services."""

    principal: Principal
    services: Services


def context_of(request: Request) -> Context:
    """Return the context of a request to an authenticated route.

    A FastAPI dependency would take several times as long.
    """
    caller = caller_of(request)
    principal = Principal.of(user_id=caller.user_id, role=caller.role)
    return Context(principal=principal, services=request.app.state.services)
