"""What handlers are given: the use cases, and who is calling."""

from dataclasses import dataclass

from chassis.auth.callers import caller_of
from chassis.auth.principal import Principal
from chassis.db.database import Database
from fastapi import Request

from request_api.commands.cancel_analysis import CancelAnalysis
from request_api.commands.cancel_upload import CancelUpload
from request_api.commands.create_candidate import CreateCandidate
from request_api.commands.delete_resume import DeleteResume
from request_api.commands.submit_analysis import SubmitAnalysis
from request_api.commands.upload_resume import UploadResume
from request_api.settings import Settings
from request_api.storage import Repository


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """All that HTTP handlers call; made in `main`, kept on the application."""

    database: Database
    repository: Repository
    settings: Settings
    create_candidate: CreateCandidate
    upload_resume: UploadResume
    cancel_upload: CancelUpload
    delete_resume: DeleteResume
    submit_analysis: SubmitAnalysis
    cancel_analysis: CancelAnalysis


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Of one request: who asks, and what there is to answer with."""

    principal: Principal
    services: Services


def context_of(request: Request) -> Context:
    """Return what the handler of an authenticated route needs.

    As a dependency of FastAPI's it would take several times as long.
    """
    caller = caller_of(request)
    principal = Principal.of(user_id=caller.user_id, role=caller.role)
    return Context(principal=principal, services=request.app.state.services)
