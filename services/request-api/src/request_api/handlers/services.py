"""What handlers are given: the use cases, and who is calling."""

from dataclasses import dataclass
from typing import Annotated

from chassis.callers import caller_of
from chassis.db import Database
from chassis.roles import Roles
from fastapi import Depends, Request

from request_api.cancel import CancelAnalysis
from request_api.cancel_upload import CancelUpload
from request_api.create_candidate import CreateCandidate
from request_api.delete_resume import DeleteResume
from request_api.domain import Principal
from request_api.repository import Repository
from request_api.settings import Settings
from request_api.submit import SubmitAnalysis
from request_api.upload import UploadResume


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """All that HTTP handlers call; made in `main`, kept on the application."""

    database: Database
    repository: Repository
    roles: Roles
    settings: Settings
    create_candidate: CreateCandidate
    upload_resume: UploadResume
    cancel_upload: CancelUpload
    delete_resume: DeleteResume
    submit_analysis: SubmitAnalysis
    cancel_analysis: CancelAnalysis


async def services_of(request: Request) -> Services:
    """As `main` made them."""
    services: Services = request.app.state.services
    return services


ServicesDep = Annotated[Services, Depends(services_of)]


async def _principal(request: Request) -> Principal:
    caller, services = await caller_of(request), await services_of(request)
    return Principal.of(user_id=caller.user_id, role=await services.roles.of(caller))


PrincipalDep = Annotated[Principal, Depends(_principal)]
