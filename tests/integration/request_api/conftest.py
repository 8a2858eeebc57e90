"""request-api with settings of a test's own."""

from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from pydantic import SecretStr
from request_api.main import create_app
from request_api.settings import Settings

from tests.support.auth.tokens import AUDIENCE, ISSUER
from tests.support.servers.databases import Database

UPLOADS, PER_USER = 3, 2

MakeApp = Callable[..., FastAPI]


@pytest.fixture
def make_app(request_database: Database, kafka_bootstrap: str, jwks_url: str) -> MakeApp:
    def make(**settings: Any) -> FastAPI:
        return create_app(
            Settings(
                database_url=SecretStr(request_database.url),
                kafka_bootstrap_servers=kafka_bootstrap,
                auth_jwks_url=jwks_url,
                auth_issuer=ISSUER,
                auth_audience=AUDIENCE,
                drain_seconds=5,
                **{"uploads": UPLOADS, "uploads_per_user": PER_USER, **settings},
            )
        )

    return make
