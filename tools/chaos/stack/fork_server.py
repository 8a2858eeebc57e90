"""The fork server of one service: `python -m tools.chaos.stack.fork_server <package> <pid of the test>`.

The process imports the service once and forks a child for each start, which saves the time of Python's
imports. A line of JSON on standard input is one start (`Start`). The process answers on standard output with
`{"start": id, "pid": ...}`, and with `{"start": id, "code": ...}` once the child has ended; the code is
negative for a signal. The children die with the fork server, and the fork server dies with the test.
"""

import gc
import importlib
import json
import os
import runpy
import selectors
import signal
import sys
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from chassis.messaging.clients import CONSUMER_DEFAULTS
from sandbox.process import die_with_parent

from tools.chaos.injection.failpoints import Arming, arm

# Shorter than the defaults, so that a killed member is replaced soon; the broker of the tests allows it.
SESSION_TIMEOUT_MS = 2_000
HEARTBEAT_MS = 300

# Modules that libraries import only when a service starts.
_IMPORTED_AT_START = (
    *("anyio._backends._asyncio", "httpcore2", "pydantic.v1", "truststore"),
    *("uvicorn.lifespan.on", "uvicorn.loops.uvloop"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """An order to start the service, with its whole environment and the file for its output.

    `variant` is `module:name`: call `tools.chaos.module.apply(name)` first. `group` is the group id of the
    process.
    """

    start: int
    environment: Mapping[str, str]
    log: str
    failpoint: Mapping[str, Any] | None = None
    variant: str | None = None
    group: int | None = None


class _ForkServer:
    """Fork children and report when they end. There is only one thread, so that forking is safe."""

    def __init__(self, package: str) -> None:
        self._package = package
        self._running: dict[int, int] = {}

    def run(self) -> None:
        """Serve until standard input ends."""
        for module in (f"{self._package}.main", *_IMPORTED_AT_START):
            importlib.import_module(module)
        # Frozen objects are ignored by the garbage collector, so their pages stay shared with the children.
        gc.freeze()
        wake, wake_write = os.pipe()
        os.set_blocking(wake_write, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(wake_write, warn_on_full_buffer=False)
        _send({"ready": True})
        with selectors.DefaultSelector() as selector:
            selector.register(sys.stdin.fileno(), selectors.EVENT_READ)
            selector.register(wake, selectors.EVENT_READ)
            buffer = b""
            while True:
                for key, _ in selector.select():
                    read = os.read(key.fd, 65536)
                    if key.fd == wake:
                        self._reap()
                        continue
                    if not read:
                        return
                    *lines, buffer = (buffer + read).split(b"\n")
                    for line in lines:
                        self._fork(Start(**json.loads(line)))

    def _fork(self, start: Start) -> None:
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            code = 1
            try:
                if start.group is not None:
                    os.setgid(start.group)
                # Changing the group clears the parent-death signal, so this comes second.
                die_with_parent(parent)
                _become(self._package, start)
                code = 0
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
            except BaseException:  # noqa: BLE001 - a child must never continue as a fork server
                sys.excepthook(*sys.exc_info())
            finally:
                with suppress(OSError):
                    sys.stdout.flush()
                os._exit(code)
        self._running[pid] = start.start
        _send({"start": start.start, "pid": pid})

    def _reap(self) -> None:
        while self._running:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            _send({"start": self._running.pop(pid), "code": os.waitstatus_to_exitcode(status)})


def _become(package: str, start: Start) -> None:
    """Run the service in the child, as `python -m <package>` does."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    log = os.open(start.log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    null = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((null, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    os.environ.clear()
    os.environ.update(start.environment)
    sys.argv = [package]
    CONSUMER_DEFAULTS.update(session_timeout_ms=SESSION_TIMEOUT_MS, heartbeat_interval_ms=HEARTBEAT_MS)
    if start.failpoint is not None:
        arm(Arming(**start.failpoint))
    if start.variant is not None:
        module, _, name = start.variant.partition(":")
        importlib.import_module(f"tools.chaos.{module}").apply(name)
    runpy.run_module(package, run_name="__main__", alter_sys=True)


def _send(message: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    die_with_parent(int(sys.argv[2]))
    _ForkServer(sys.argv[1]).run()
