"""Serve an application until the process is told to stop."""

import contextlib
import gc
import signal
import sys
import time
from types import FrameType
from typing import Final

import uvicorn
from fastapi import FastAPI

from chassis.http.protocol import LimitedHeadProtocol
from chassis.http.shutdown import Shutdown
from chassis.settings import ServiceSettings
from chassis.telemetry.tracing import start_tracing

# The exit code of uvicorn's own command for a start that failed.
_STARTUP_FAILURE: Final = 3


class _Server(uvicorn.Server):
    """Continues to serve for a while after the first signal, so that callers leave before the stop.

    uvicorn alone would close idle connections at once, and a caller that just uses one gets no response. It
    has no option for this, hence the two overridden methods, which `test_shutdown` watches.
    """

    def __init__(self, config: uvicorn.Config, *, shutdown: Shutdown, delay_seconds: float) -> None:
        super().__init__(config)
        self._shutdown = shutdown
        self._delay_seconds = delay_seconds
        self._stop_at: float | None = None

    async def on_tick(self, counter: int) -> bool:
        """Return True if it is time to stop; uvicorn asks ten times a second."""
        if self._stop_at is not None and time.monotonic() >= self._stop_at:
            self.should_exit = True
        return await super().on_tick(counter)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        """Begin the shutdown at the first signal, and stop at once at the second."""
        super().handle_exit(sig, frame)
        if self.started and self._delay_seconds and not self._shutdown.has_begun:
            self.should_exit = False
            self._stop_at = time.monotonic() + self._delay_seconds
        self._shutdown.has_begun = True


def serve(app: FastAPI, settings: ServiceSettings, *, service: str) -> None:
    """Serve until SIGTERM or SIGINT, finish open work within the drain time, and exit with 0.

    A second signal ends the shutdown delay.
    """
    # uvicorn raises the signal again after an orderly stop, which would become the exit status.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    stop_tracing = start_tracing(service=service)
    # Modules, routes and models live as long as the process. A full collection over them stops all requests
    # for a tenth of a second, which makes up the slowest percent of all answers.
    gc.collect()
    gc.freeze()
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        # Explicit, so that a service without uvloop fails to start instead of running slower.
        loop="uvloop",
        http=LimitedHeadProtocol,
        log_config=None,
        access_log=False,
        server_header=False,
        # Time for open requests; the components stop after that.
        timeout_graceful_shutdown=5,
        # Longer than the gateway keeps an idle connection, so that it never uses a closing one.
        timeout_keep_alive=75,
    )
    server = _Server(config, shutdown=app.state.shutdown, delay_seconds=settings.shutdown_delay_seconds)
    try:
        # After an orderly stop by SIGINT, uvicorn raises the signal again.
        with contextlib.suppress(KeyboardInterrupt):
            server.run()
    finally:
        stop_tracing()
    if not server.started:
        sys.exit(_STARTUP_FAILURE)
