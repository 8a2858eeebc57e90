"""The OpenAPI documents of the two HTTP APIs, from the applications themselves."""

import importlib
from collections.abc import Mapping

from fastapi import FastAPI

from contract_tools.files import Document

# What an application needs to be made, though nothing of it is used: none is started.
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
    """The application of each HTTP API by the service's name; none is started.

    The services are imported here, not with the module: all else works without them.
    """
    found = {}
    for service, own in _OWN_SETTINGS.items():
        package = service.replace("-", "_")
        settings = importlib.import_module(f"{package}.settings").Settings(**_SETTINGS, **own)
        found[service] = importlib.import_module(f"{package}.main").create_app(settings)
    return found


def openapi_documents() -> dict[str, Document]:
    """Document of each HTTP API by the service's name."""
    return {service: app.openapi() for service, app in applications().items()}
