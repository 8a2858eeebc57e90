"""HTTP application of a service: problem details, health, metrics, one log line for each request."""

import asyncio
import re
import time
from collections.abc import Mapping, Sequence
from typing import Any

from fastapi import APIRouter, FastAPI
from opentelemetry.trace import Span, SpanKind, StatusCode
from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from chassis.components import Components
from chassis.errors import ContentTooLarge, UnsupportedMediaType
from chassis.http.api_page.routes import api_page_routes
from chassis.http.authentication import SECURITY_SCHEMES
from chassis.http.discard_body import DiscardUnreadBody
from chassis.http.escaping import EscapeJsonResponses
from chassis.http.health import health_router
from chassis.http.metrics import METRICS_PATH, HttpMetrics, known_method, metrics_router
from chassis.http.problems import (
    GATEWAY_TIMEOUT,
    MEDIA_TYPE,
    KeepConnection,
    install_problem_handlers,
    problem_response,
    stopping,
    too_large,
)
from chassis.http.shutdown import Shutdown
from chassis.telemetry.logs import get_logger
from chassis.telemetry.trace import continue_trace

log = get_logger(__name__)

# Enough for every JSON body; routes that accept files set their own limit.
MAX_BODY_BYTES = 64 * 1024

# Errors that any operation may answer with, from the gateway or the service.
ANYWHERE = {
    400: "Bad Request",
    408: "Request Timeout",
    413: "Content Too Large",
    429: "Too Many Requests",
    431: "Request Header Fields Too Large",
    503: "Service Unavailable",
    GATEWAY_TIMEOUT: "Gateway Timeout",
}


_UNPRINTABLE = re.compile(r"[^\x20-\x7e]")

# Requested every few seconds, which would bury the other log lines.
_UNLOGGED_PATHS = ("/health/", METRICS_PATH)


class RequestContext:
    """Binds trace and request id to the logs, and reports each request as a log line, a span and metrics.

    FastAPI's own spans would contain the path and the query, which hold user input.
    """

    def __init__(self, app: ASGIApp, *, metrics: HttpMetrics, shutdown: Shutdown) -> None:
        self._app = app
        self._metrics = metrics
        self._shutdown = shutdown

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"].startswith(_UNLOGGED_PATHS):
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        started = time.perf_counter()
        status, is_answered = 500, False

        async def watch(message: Message) -> None:
            nonlocal status, is_answered
            if message["type"] == "http.response.start":
                status, is_answered = message["status"], True
                if self._shutdown.has_begun:
                    message["headers"] = [*message.get("headers", ()), (b"connection", b"close")]
            await send(message)

        # Control characters of the caller would reach the terminals in which logs are read.
        request_id = _UNPRINTABLE.sub("", headers.get("x-request-id", ""))[:100]
        method = known_method(scope["method"])
        with continue_trace(
            headers.get("traceparent"), method, kind=SpanKind.SERVER, logged={"request_id": request_id}
        ) as span:
            try:
                await self._app(scope, receive, watch)
            except asyncio.CancelledError:
                # The server cancels what is still open at the end of a stop, and would answer with 500.
                if is_answered or not self._shutdown.has_begun:
                    raise
                await stopping()(scope, receive, watch)
            finally:
                # The route's pattern, because the path and the query hold user input.
                route = getattr(scope.get("route"), "path", None)
                seconds = time.perf_counter() - started
                self._metrics.observe(method=method, route=route, status=status, seconds=seconds)
                if span.is_recording():
                    _describe(span, method=method, route=route, status=status)
                log.info(
                    "request",
                    method=scope["method"],
                    route=route,
                    status=status,
                    milliseconds=round(seconds * 1000, 1),
                )


def _describe(span: Span, *, method: str, route: str | None, status: int) -> None:
    span.set_attributes({"http.request.method": method, "http.response.status_code": status})
    if route is not None:
        span.update_name(f"{method} {route}")
        span.set_attribute("http.route", route)
    if status >= 500:
        span.set_attribute("error.type", str(status))
        span.set_status(StatusCode.ERROR)


class _ProblemForTooLarge:
    """Replaces the plain text 413 of Starlette's body limit, which is outside all exception handlers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        replaced = False

        async def replace(message: Message) -> None:
            nonlocal replaced
            if replaced:
                return
            if message["type"] == "http.response.start" and message["status"] == ContentTooLarge.status:
                content_type = Headers(raw=message["headers"]).get("content-type", "")
                if content_type.startswith("text/plain"):
                    replaced = True
                    await too_large()(scope, receive, send)
                    return
            await send(message)

        await self._app(scope, receive, replace)


class _Application(FastAPI):
    """Documents its errors, and examples of its models by name."""

    examples: Mapping[str, Sequence[object]] = {}

    def build_middleware_stack(self) -> ASGIApp:
        answered = KeepConnection(super().build_middleware_stack())
        return DiscardUnreadBody(EscapeJsonResponses(_ProblemForTooLarge(answered)))

    def openapi(self) -> dict[str, Any]:
        document = super().openapi()
        for name, examples in self.examples.items():
            # In a model's own configuration, FastAPI would drop the fields that are null.
            document["components"]["schemas"][name]["examples"] = list(examples)
        for path in document["paths"].values():
            for operation in path.values():
                if "security" in operation:
                    document["components"]["securitySchemes"] = SECURITY_SCHEMES
                answers = operation["responses"]
                for response in answers.values():
                    # FastAPI adds plain JSON for every model, but problems are never sent as that.
                    if MEDIA_TYPE in response.get("content", {}):
                        response["content"].pop("application/json", None)
                for status, title in ANYWHERE.items():
                    answers.setdefault(str(status), problem_response(status, title))
                if "requestBody" in operation:
                    kind = UnsupportedMediaType
                    answers.setdefault(str(kind.status), problem_response(kind.status, kind.title))
                operation["responses"] = dict(sorted(answers.items()))
        return document


def create_http_app(
    *,
    title: str,
    version: str,
    components: Components,
    routers: Sequence[APIRouter] = (),
    examples: Mapping[str, Sequence[object]] | None = None,
) -> FastAPI:
    """Create an application that runs `components` and serves their health and metrics beside its routes.

    Routes are tried in order, so the ones with the most requests go first. `examples` are shown in the
    OpenAPI document, by the name of the model.
    """
    metrics, shutdown = HttpMetrics(), Shutdown()
    technical = (
        health_router(components.checks, components.shared_checks, shutdown),
        metrics_router([metrics, *components.collectors]),
    )
    app = _Application(
        title=title,
        version=version,
        lifespan=lambda _app: components.running(),
        # Without include_router, because FastAPI matches the routes of an included router twice.
        routes=[
            *(route for router in (*routers, *technical) for route in router.routes),
            *api_page_routes(),
        ],
        docs_url=None,
        redoc_url=None,
        max_body_size=MAX_BODY_BYTES,
        # A redirect would contain this service's own address, which clients cannot reach.
        redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False, "auto_configure": False},
    )
    app.examples = examples or {}
    install_problem_handlers(app)
    app.add_middleware(RequestContext, metrics=metrics, shutdown=shutdown)
    app.state.shutdown = shutdown
    return app
