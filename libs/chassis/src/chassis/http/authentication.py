"""Authenticate the caller before the body is read or a parameter is validated."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from typing import Any

import structlog
from fastapi import Request, Response
from fastapi.routing import APIRoute
from fastapi.security.utils import get_authorization_scheme_param

from chassis.auth.roles import RoleLookup
from chassis.auth.tokens import Caller, TokenVerifier

# Name of the scheme in the OpenAPI document.
BEARER = "HTTPBearer"
SECURITY_SCHEMES = {BEARER: {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}}


class AuthenticatedRoute(APIRoute):
    """A route for callers with a valid token.

    A FastAPI dependency would verify the token only after a body of up to 30 MB was read from an unknown
    caller. The verifier is `app.state.verifier`, the lookup of roles `app.state.roles`.
    """

    def __init__(self, path: str, endpoint: Callable[..., Any], **options: Any) -> None:  # noqa: ANN401 - FastAPI's
        super().__init__(path, endpoint, **options)
        # FastAPI would document a dependency by itself, but resolve it again for each request.
        self.openapi_extra = {**(self.openapi_extra or {}), "security": [{BEARER: []}]}

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler of the endpoint, behind the verification of the token."""
        handle = self.get_body_handler()

        async def authenticated(request: Request) -> Response:
            scheme, token = get_authorization_scheme_param(request.headers.get("authorization"))
            verifier: TokenVerifier = request.app.state.verifier
            caller = await verifier.verify(token if scheme.lower() == "bearer" else None)
            structlog.contextvars.bind_contextvars(user_id=str(caller.user_id))
            if caller.role is None:
                roles: RoleLookup = request.app.state.roles
                caller = replace(caller, role=await roles.role_of(caller))
            request.state.caller = caller
            return await handle(request)

        return authenticated

    def get_body_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """Return the handler that reads the body; a subclass may wrap it."""
        return super().get_route_handler()


def caller_of(request: Request) -> Caller:
    """Return the caller of a request to an `AuthenticatedRoute`, with the role of the token or the table."""
    caller: Caller = request.state.caller
    return caller
