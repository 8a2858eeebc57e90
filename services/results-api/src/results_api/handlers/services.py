"""What handlers are given: the use cases, and who is calling."""

from dataclasses import dataclass
from typing import Annotated

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


async def services_of(request: Request) -> Services:
    """As `main` made them."""
    services: Services = request.app.state.services
    return services


ServicesDep = Annotated[Services, Depends(services_of)]


async def _principal(request: Request) -> Principal:
    caller, services = await caller_of(request), await services_of(request)
    return Principal.of(user_id=caller.user_id, role=await services.roles.of(caller))


PrincipalDep = Annotated[Principal, Depends(_principal)]
