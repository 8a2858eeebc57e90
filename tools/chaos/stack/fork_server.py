"""The zygote of one service: `python -m tools.chaos.stack.fork_server <package> <pid of the test>`.

It imports the service once and forks a child for each start, so that a start costs what the service itself
does and not Python's imports. A line of JSON on standard input is one start (`Start`). On standard output it
answers `{"start": id, "pid": ...}`, and once the child has ended `{"start": id, "code": ...}`, negative for a
signal. The children die with the zygote, and the zygote with the test.
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
from chassis.process import die_with_parent

from tools.chaos.injection.failpoints import Arming, arm

# A member of a group that was killed is missed after so long; the broker of the tests allows it.
SESSION_TIMEOUT_MS = 2_000
HEARTBEAT_MS = 300

# What the libraries import when a service starts, and not before.
_IMPORTED_AT_START = (
    *("anyio._backends._asyncio", "httpcore2", "pydantic.v1", "truststore"),
    *("uvicorn.lifespan.on", "uvicorn.loops.uvloop"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """One start of the service: all of its environment, where it writes, and in what it differs.

    `variant` is `module:name` of a patch beside this file, `group` an id by which the network knows it.
    """

    start: int
    environment: Mapping[str, str]
    log: str
    failpoint: Mapping[str, Any] | None = None
    variant: str | None = None
    group: int | None = None


class Zygote:
    """Forks, and tells who ended; one thread, so that forking is safe."""

    def __init__(self, package: str) -> None:
        self._package = package
        self._running: dict[int, int] = {}

    def run(self) -> None:
        """Until standard input ends."""
        for module in (f"{self._package}.main", *_IMPORTED_AT_START):
            importlib.import_module(module)
        # What is there now is never freed: the collector need not touch, and so copy, its pages.
        gc.freeze()
        wake, woken = os.pipe()
        os.set_blocking(woken, False)
        signal.signal(signal.SIGCHLD, lambda *_: None)
        signal.set_wakeup_fd(woken, warn_on_full_buffer=False)
        _tell({"ready": True})
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
                # Not before: who changes his group is not told of his parent's death any more.
                die_with_parent(parent)
                _become(self._package, start)
                code = 0
            except SystemExit as ended:
                code = ended.code if isinstance(ended.code, int) else int(ended.code is not None)
            except BaseException:  # noqa: BLE001 - a child may not go on as a zygote, whatever it is
                sys.excepthook(*sys.exc_info())
            finally:
                with suppress(OSError):
                    sys.stdout.flush()
                os._exit(code)
        self._running[pid] = start.start
        _tell({"start": start.start, "pid": pid})

    def _reap(self) -> None:
        while self._running:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if pid == 0:
                return
            _tell({"start": self._running.pop(pid), "code": os.waitstatus_to_exitcode(status)})


def _become(package: str, start: Start) -> None:
    """In the child: be the service, as `python -m <package>` is."""
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


def _tell(message: Mapping[str, object]) -> None:
    sys.stdout.write(json.dumps(message) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    die_with_parent(int(sys.argv[2]))
    Zygote(sys.argv[1]).run()
