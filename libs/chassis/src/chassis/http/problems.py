"""Render errors as RFC 9457 problem details. `detail` is always one sentence for a person."""

from collections.abc import Sequence
from http import HTTPStatus
from typing import Any

from asyncpg import IntegrityConstraintViolationError
from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from fastapi.routing import iter_route_contexts
from pydantic import BaseModel, Field
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.errors import (
    ContentTooLarge,
    Problem,
    TooManyRequests,
    Unauthorized,
    Unavailable,
    Unprocessable,
    UnsupportedMediaType,
)
from chassis.telemetry.logs import get_logger

log = get_logger(__name__)

MEDIA_TYPE = "application/problem+json"
GATEWAY_TIMEOUT = 504
METHOD_NOT_ALLOWED = 405


class ProblemDetails(BaseModel):
    """The body of every error."""

    type: str = "about:blank"
    title: str
    status: int
    detail: str = Field(description="One sentence that a person can read.")
    code: str | None = Field(default=None, description="Names the case for programs, where one has a name.")


_RETRY_AFTER = {"Retry-After": {"required": True, "schema": {"type": "integer", "minimum": 1}}}
# Headers of error responses, by status.
_HEADERS: dict[int, dict[str, Any]] = {
    Unauthorized.status: {"WWW-Authenticate": {"required": True, "schema": {"type": "string"}}},
    TooManyRequests.status: _RETRY_AFTER,
    Unavailable.status: _RETRY_AFTER,
    GATEWAY_TIMEOUT: _RETRY_AFTER,
}


def problem_response(status: int, title: str) -> dict[str, Any]:
    """Return the OpenAPI entry of an error."""
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/ProblemDetails"}}}
    headers = {"headers": _HEADERS[status]} if status in _HEADERS else {}
    return {"description": title, "content": content, **headers}


def responses(*problems: type[Problem]) -> dict[int | str, dict[str, Any]]:
    """Return the OpenAPI entries of the errors that a route may answer with."""
    return {
        problem.status: {"model": ProblemDetails, **problem_response(problem.status, problem.title)}
        for problem in problems
    }


def _render(
    *, status: int, title: str, detail: str, code: str | None = None, headers: dict[str, str] | None = None
) -> JSONResponse:
    body = ProblemDetails(title=title, status=status, detail=detail, code=code)
    return JSONResponse(
        body.model_dump(exclude_none=True), status_code=status, headers=headers, media_type=MEDIA_TYPE
    )


def _sentence(errors: Sequence[Any]) -> str:
    """Return a sentence about the first error, without the input that it quotes."""
    first = errors[0]
    if first["type"] == "json_invalid":
        return "The body is not valid JSON."
    place = ".".join(str(part) for part in first["loc"] if part not in ("body", "query", "path", "header"))
    message = str(first["msg"]).removeprefix("Value error, ").rstrip(".")
    message = message[:1].lower() + message[1:]
    return f"{place}: {message}." if place else f"The request is not valid: {message}."


async def _problem(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Problem)  # noqa: S101 - registered for this class alone
    headers = {}
    if error.retry_after is not None:
        headers["Retry-After"] = str(error.retry_after)
    if error.status == Unauthorized.status:
        headers["WWW-Authenticate"] = "Bearer"
    return _render(
        status=error.status, title=error.title, detail=error.detail, code=error.code, headers=headers
    )


async def _invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)  # noqa: S101 - registered for this class alone
    first = error.errors()[0]
    # FastAPI leaves a body without a JSON content type as bytes.
    if first["loc"] == ("body",) and isinstance(first.get("input"), bytes):
        return _render(
            status=UnsupportedMediaType.status,
            title=UnsupportedMediaType.title,
            detail="The body must be JSON, and its Content-Type application/json.",
        )
    return _render(status=422, title=Unprocessable.title, detail=_sentence(error.errors()))


async def _http(request: Request, error: Exception) -> JSONResponse:
    """Render the framework's own errors: unknown paths, wrong methods, bodies over the limit."""
    assert isinstance(error, HTTPException)  # noqa: S101 - registered for this class alone
    details = {
        400: "The body cannot be read.",
        404: "There is nothing at this address.",
        METHOD_NOT_ALLOWED: "This address does not support that method.",
    }
    if error.status_code == ContentTooLarge.status:
        return too_large()
    detail = details.get(error.status_code, str(error.detail))
    return _render(
        status=error.status_code,
        title=HTTPStatus(error.status_code).phrase,
        detail=detail,
        headers=_allowed(request) if error.status_code == METHOD_NOT_ALLOWED else dict(error.headers or {}),
    )


def _allowed(request: Request) -> dict[str, str]:
    """Return all methods of a path; the framework names only those of its first route."""
    methods: set[str] = set()
    for context in iter_route_contexts(request.app.routes):
        if context.path_regex is not None and context.path_regex.match(request.scope["path"]):
            methods |= context.methods or set()
    return {"Allow": ", ".join(sorted(methods))}


def too_large() -> JSONResponse:
    """Return the response to a body over the limit."""
    return _render(
        status=ContentTooLarge.status,
        title=ContentTooLarge.title,
        detail="The body is too large for this address.",
    )


def stopping() -> JSONResponse:
    """Return the response to a request that the stop of the process interrupts."""
    return _render(
        status=Unavailable.status,
        title=Unavailable.title,
        detail="The service is restarting; try again.",
        headers={"Retry-After": "1"},
    )


def headers_too_large() -> JSONResponse:
    """Return the response to a request head over the limit, after which the connection is closed."""
    return _render(
        status=431,
        title="Request Header Fields Too Large",
        detail="The headers of the request are too large.",
        headers={"Connection": "close"},
    )


async def _not_storable(_request: Request, error: Exception) -> JSONResponse:
    """Render the violation of a constraint that was added to the database or that a race ran into."""
    assert isinstance(error, IntegrityConstraintViolationError)  # noqa: S101 - registered for this class alone
    # Without the error's message and details, which quote user input.
    log.error("database constraint refuses a row", table=error.table_name, constraint=error.constraint_name)
    unavailable = Unavailable("This cannot be stored at the moment; try again later.", retry_after=60)
    return await _problem(_request, unavailable)


async def _unexpected(_request: Request, error: Exception) -> JSONResponse:
    log.error("request failed", exc_info=error)
    return _render(
        status=500, title=Problem.title, detail="Something went wrong on our side; it has been logged."
    )


class KeepConnection:
    """Keeps the connection open after an unexpected error that was answered.

    Starlette raises the error again, and the server then closes the connection without announcing it. The
    gateway would send its next request into the closing connection.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        is_answered = False

        async def watch(message: Message) -> None:
            nonlocal is_answered
            await send(message)
            is_answered = message["type"] == "http.response.body" and not message.get("more_body", False)

        try:
            await self._app(scope, receive, watch)
        except Exception:
            # An answered error was logged before.
            if not is_answered:
                raise


def install_problem_handlers(app: FastAPI) -> None:
    """Render every error of `app` as problem details."""
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(IntegrityConstraintViolationError, _not_storable)
    app.add_exception_handler(Exception, _unexpected)
