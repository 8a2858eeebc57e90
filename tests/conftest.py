"""Configuration and fixtures of all tests."""

import os

import pytest

from tests.support.telemetry.logs import CapturedLogs, configure_for_tests

configure_for_tests()

# No test may call a real model, whatever keys the shell has.
for name in [name for name in os.environ if name.startswith(("OPENAI_", "ANALYZER_OPENAI_"))]:
    del os.environ[name]


@pytest.fixture
def captured_logs(capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> CapturedLogs:
    """Capture the log lines of a test."""
    return CapturedLogs(capsys, caplog)
