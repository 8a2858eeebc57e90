"""Serve a service with one route: `http_process.py <port>`."""

import sys

from chassis.components import Components
from chassis.http.app import create_http_app, serve
from chassis.settings import ServiceSettings
from fastapi import Request

app = create_http_app(title="t", version="1", components=Components(stop_seconds=1))


@app.api_route("/length", methods=["GET", "POST"])
async def length(request: Request) -> int:
    """Return the length of the body."""
    return len(await request.body())


if __name__ == "__main__":
    settings = ServiceSettings(kafka_bootstrap_servers="127.0.0.1:1", host="127.0.0.1", port=int(sys.argv[1]))
    serve(app, settings, service="test")
