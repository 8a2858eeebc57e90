"""The OpenAPI documents of the two HTTP APIs, generated from the applications."""

import importlib
from collections.abc import Mapping

from fastapi import FastAPI

from contract_tools.files import Document

# Placeholder settings. The applications are created but never started, so none of these is used.
_SETTINGS: Mapping[str, str] = {
    "kafka_bootstrap_servers": "kafka.invalid:9092",
    "database_url": "postgresql+asyncpg://nobody@database.invalid/none",
    "auth_issuer": "https://issuer.invalid",
    "auth_audience": "none",
    "auth_jwks_url": "https://issuer.invalid/jwks",
}
_OWN_SETTINGS: Mapping[str, Mapping[str, str]] = {
    "request-api": {},
    "results-api": {"request_api_url": "http://request-api.invalid"},
}


def applications() -> dict[str, FastAPI]:
    """Create the application of each HTTP API, by service name. None is started.

    The services are imported here, so that the rest of the package works without them.
    """
    created = {}
    for service, own in _OWN_SETTINGS.items():
        package = service.replace("-", "_")
        settings = importlib.import_module(f"{package}.settings").Settings(**_SETTINGS, **own)
        created[service] = importlib.import_module(f"{package}.main").create_app(settings)
    return created


def openapi_documents() -> dict[str, Document]:
    """Return the document of each HTTP API, by service name."""
    return {service: app.openapi() for service, app in applications().items()}
