"""A service with one route, served as every service is: `http_process.py <port>`."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from chassis.http.app import create_http_app, serve
from chassis.settings import ServiceSettings
from fastapi import FastAPI, Request


@asynccontextmanager
async def no_lifespan(_app: FastAPI) -> AsyncIterator[None]:
    yield


app = create_http_app(title="t", version="1", lifespan=no_lifespan, checks={})


@app.api_route("/length", methods=["GET", "POST"])
async def length(request: Request) -> int:
    """Return the length of the body."""
    return len(await request.body())


if __name__ == "__main__":
    settings = ServiceSettings(kafka_bootstrap_servers="127.0.0.1:1", host="127.0.0.1", port=int(sys.argv[1]))
    serve(app, settings, service="test")
