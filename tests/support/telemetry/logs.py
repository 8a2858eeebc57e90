"""What is logged: our own lines go to standard output, and those of libraries to `logging`."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from chassis.telemetry.logs import configure_logs


class Logged:
    """Everything since the test began."""

    def __init__(self, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
        self._capsys = capsys
        self._caplog = caplog
        self._ours = ""

    @property
    def text(self) -> str:
        self._ours += self._capsys.readouterr().out
        return self._ours + self._caplog.text

    def also_debug_lines(self) -> None:
        """Have libraries say all that they can."""
        self._caplog.set_level(logging.DEBUG)


def configure_for_tests() -> None:
    """Log as the services do, so that a test that fails shows no more than they would."""
    configure_logs(service="tests", log_format="console")


@contextmanager
def configured(**settings: Any) -> Iterator[None]:
    """Log as `configure_logs` is told, while the block lasts."""
    before = logging.getLogger().handlers
    try:
        configure_logs(**settings)
        yield
    finally:
        configure_for_tests()
        logging.getLogger().handlers = before
