"""The routes of the two HTTP APIs, read from their applications."""

from contract_tools.openapi import applications
from fastapi.routing import iter_route_contexts


def all_routes() -> list[tuple[str, str, str]]:
    """Return service, method and path of every route, documented or not."""
    return [
        (service, method, context.path)
        for service, app in applications().items()
        for context in iter_route_contexts(app.routes)
        if context.path is not None
        for method in context.methods or ()
    ]
