"""Captured log lines: ours go to standard output, those of libraries to `logging`."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from chassis.telemetry.logs import configure_logs


class CapturedLogs:
    """All log lines since the test began."""

    def __init__(self, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
        self._capsys = capsys
        self._caplog = caplog
        self._ours = ""

    @property
    def text(self) -> str:
        """Return all lines so far."""
        self._ours += self._capsys.readouterr().out
        return self._ours + self._caplog.text

    def include_debug(self) -> None:
        """Capture debug lines of libraries too."""
        self._caplog.set_level(logging.DEBUG)


def configure_for_tests() -> None:
    """Log as the services do, so that a failing test shows no more than they would."""
    configure_logs(service="tests", log_format="console")


@contextmanager
def configured_logs(**settings: Any) -> Iterator[None]:
    """Configure logging for the duration of the block; the arguments are those of `configure_logs`."""
    before = logging.getLogger().handlers
    try:
        configure_logs(**settings)
        yield
    finally:
        configure_for_tests()
        logging.getLogger().handlers = before
