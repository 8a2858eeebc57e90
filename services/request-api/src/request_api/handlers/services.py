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


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Of one request: who asks, and what there is to answer with."""

    principal: Principal
    services: Services


# One dependency for all that handlers need: FastAPI takes 20 µs to solve another. And a coroutine: a plain
# function would be handed to a thread.
async def _context(request: Request) -> Context:
    services: Services = request.app.state.services
    caller = caller_of(request)
    principal = Principal.of(user_id=caller.user_id, role=await services.roles.of(caller))
    return Context(principal=principal, services=services)


ContextDep = Annotated[Context, Depends(_context)]
