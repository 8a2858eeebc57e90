"""What handlers are given: the use cases, and who is calling."""

from dataclasses import dataclass

from chassis.auth.tokens import Caller
from chassis.db.database import Database
from chassis.http.authentication import caller_of
from chassis.principal import Principal
from fastapi import Request

from results_api.http.responses import Presenter
from results_api.live_updates import LiveUpdates
from results_api.queries.read_analysis import ReadAnalysis
from results_api.storage import Repository


@dataclass(frozen=True, slots=True, kw_only=True)
class Services:
    """All that HTTP handlers call; made in `main`, kept on the application."""

    database: Database
    repository: Repository
    live: LiveUpdates
    read_analysis: ReadAnalysis
    presenter: Presenter


@dataclass(frozen=True, slots=True, kw_only=True)
class Context:
    """Of one request: who asks, and what there is to answer with."""

    caller: Caller
    principal: Principal
    services: Services


def context_of(request: Request) -> Context:
    """Return what the handler of an authenticated route needs.

    As a dependency of FastAPI's it would take several times as long.
    """
    caller = caller_of(request)
    principal = Principal.of(user_id=caller.user_id, role=caller.role)
    return Context(caller=caller, principal=principal, services=request.app.state.services)
