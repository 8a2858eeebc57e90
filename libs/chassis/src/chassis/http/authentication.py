"""Who calls is asked first, before a body is read or a parameter looked at."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import structlog
from fastapi import Request, Response
from fastapi.routing import APIRoute
from fastapi.security.utils import get_authorization_scheme_param

from chassis.auth.roles import RoleLookup
from chassis.auth.tokens import Caller, TokenVerifier

# As the document names it.
BEARER = "HTTPBearer"
SECURITY_SCHEMES = {BEARER: {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}


class AuthenticatedRoute(APIRoute):
    """A route for callers with a good token.

    As a dependency, the token would be looked at after the body was read: 30 MB of it, from anybody.
    The application keeps its verifier as `app.state.verifier`, and the callers' roles as `app.state.roles`.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:  # noqa: ANN401 - FastAPI's
        super().__init__(path, endpoint, **options)
        # FastAPI would say so of a dependency, and solve it anew with each request.
        self.openapi_extra = {"security": [{BEARER: []}]}

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """What FastAPI made of the endpoint, behind the token."""
        handle = self.get_body_handler()

        async def authenticated(request: Request) -> Response:
            scheme, token = get_authorization_scheme_param(request.headers.get("authorization"))
            verifier: TokenVerifier = request.app.state.verifier
            caller = await verifier.verify(token if scheme.lower() == "bearer" else None)
            structlog.contextvars.bind_contextvars(user_id=str(caller.user_id))
            if caller.role is None:
                roles: RoleLookup = request.app.state.roles
                caller = replace(caller, role=await roles.of(caller))
            request.state.caller = caller
            return await handle(request)

        return authenticated

    def get_body_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the part behind the token, which reads the body; a subclass may put its own before it."""
        return super().get_route_handler()


def caller_of(request: Request) -> Caller:
    """Whose token came with a request to such a route, with the role that the token or the table names."""
    caller: Caller = request.state.caller
    return caller
