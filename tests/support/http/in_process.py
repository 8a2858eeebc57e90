"""Runs a service's application in the process of the test."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx2
from fastapi import FastAPI


@asynccontextmanager
async def run_app(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """Start an application as a server would, yield a client for it, and stop it."""
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(
            transport=httpx2.ASGITransport(app=app, raise_app_exceptions=False),
            base_url="http://service.test",
            timeout=20,
        ) as client,
    ):
        yield client
