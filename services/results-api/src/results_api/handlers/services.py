"""What handlers are given: the use cases, and who is calling."""

from dataclasses import dataclass
from typing import Annotated

import structlog
from chassis.auth import Caller, TokenVerifier
from chassis.db import Database
from chassis.roles import Roles
from fastapi import Depends, Request
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer

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
    verifier: TokenVerifier
    roles: Roles
    live: LiveUpdates
    read_analysis: ReadAnalysis
    presenter: Presenter


def _services(request: Request) -> Services:
    services: Services = request.app.state.services
    return services


ServicesDep = Annotated[Services, Depends(_services)]

# The verifier answers for a missing token too, so that all refusals look alike.
_bearer = HTTPBearer(auto_error=False, bearerFormat="JWT")


async def _caller(
    services: ServicesDep, credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_bearer)]
) -> Caller:
    caller = await services.verifier.verify(credentials.credentials if credentials else None)
    structlog.contextvars.bind_contextvars(user_id=str(caller.user_id))
    return caller


CallerDep = Annotated[Caller, Depends(_caller)]


async def _principal(services: ServicesDep, caller: CallerDep) -> Principal:
    return Principal.of(user_id=caller.user_id, role=await services.roles.of(caller))


PrincipalDep = Annotated[Principal, Depends(_principal)]
