"""Who calls is asked first, before a body is read or a parameter looked at."""

from collections.abc import Callable, Coroutine
from typing import Annotated, Any

import structlog
from fastapi import Depends, Request, Response
from fastapi.routing import APIRoute
from fastapi.security import HTTPBearer
from fastapi.security.utils import get_authorization_scheme_param

from chassis.auth import Caller, TokenVerifier


class AuthenticatedRoute(APIRoute):
    """A route for callers with a good token.

    As a dependency, the token would be looked at after the body was read: 30 MB of it, from anybody.
    The application keeps its verifier as `app.state.verifier`.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What FastAPI made of the endpoint, behind the token."""
        handle = super().get_route_handler()

        async def authenticated(request: Request) -> Response:
            scheme, token = get_authorization_scheme_param(request.headers.get("authorization"))
            verifier: TokenVerifier = request.app.state.verifier
            caller = await verifier.verify(token if scheme.lower() == "bearer" else None)
            structlog.contextvars.bind_contextvars(user_id=str(caller.user_id))
            request.state.caller = caller
            return await handle(request)

        return authenticated


# Says in the document that a token is needed; what is wrong with one the route above says.
_documented = HTTPBearer(auto_error=False, bearerFormat="JWT")


# A coroutine: FastAPI hands plain functions to a thread, which takes longer than all that is done here.
async def _caller(request: Request, _credentials: Annotated[object, Depends(_documented)]) -> Caller:
    caller: Caller = request.state.caller
    return caller


CallerDep = Annotated[Caller, Depends(_caller)]
