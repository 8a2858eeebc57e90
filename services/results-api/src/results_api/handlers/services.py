"""What handlers are given: the use cases, and who is calling."""

from dataclasses import dataclass
from typing import Annotated

from chassis.auth import Caller
from chassis.callers import caller_of
from chassis.db import Database
from chassis.roles import Roles
from fastapi import Depends, Request

from results_api.domain import Principal
from results_api.live import LiveUpdates
from results_api.presenter import Presenter
from results_api.read import ReadAnalysis
from results_api.repository import Repository


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """All that HTTP handlers call; made in `main`, kept on the application."""

    database: Database
    repository: Repository
    roles: Roles
    live: LiveUpdates
    read_analysis: ReadAnalysis
    presenter: Presenter


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Of one request: who asks, and what there is to answer with."""

    caller: Caller
    principal: Principal
    services: Services


# One dependency for all that handlers need: FastAPI takes 20 µs to solve another. And a coroutine: a plain
# function would be handed to a thread.
async def _context(request: Request) -> Context:
    services: Services = request.app.state.services
    caller = caller_of(request)
    principal = Principal.of(user_id=caller.user_id, role=await services.roles.of(caller))
    return Context(caller=caller, principal=principal, services=services)


ContextDep = Annotated[Context, Depends(_context)]
