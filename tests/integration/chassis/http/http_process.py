"""A service with two routes, in a process: `python -m ... <port> <shutdown delay in seconds>`."""

import asyncio
import sys
from asyncio.subprocess import Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from chassis.components import Components
from chassis.http.app import create_http_app
from chassis.http.server import serve
from chassis.settings import ServiceSettings
from fastapi import Request
from local_stack.ports import free_ports

from tests.support.polling import eventually

app = create_http_app(title="t", version="1", components=Components(stop_seconds=1))


@app.api_route("/length", methods=["GET", "POST"])
async def length(request: Request) -> int:
    """Return the length of the body."""
    return len(await request.body())


@app.get("/slow")
async def slow() -> None:
    """Take longer than a stop allows."""
    await asyncio.sleep(60)


@asynccontextmanager
async def http_process(*, shutdown_delay_seconds: float = 0) -> AsyncIterator[tuple[int, Process]]:
    """Run the service in a process of its own and yield its port once it listens."""
    (port,) = free_ports(1)
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", __name__, str(port), str(shutdown_delay_seconds)
    )

    async def listens() -> bool:
        try:
            _, writer = await asyncio.open_connection("127.0.0.1", port)
        except OSError:
            return False
        writer.close()
        return True

    try:
        await eventually(listens)
        yield port, process
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()


if __name__ == "__main__":
    settings = ServiceSettings(
        kafka_bootstrap_servers="127.0.0.1:1",
        host="127.0.0.1",
        port=int(sys.argv[1]),
        shutdown_delay_seconds=float(sys.argv[2]),
    )
    serve(app, settings, service="test")
