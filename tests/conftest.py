"""For all tests."""

import os

import pytest

from tests.support.telemetry.logs import Logged, configure_for_tests

configure_for_tests()

# No test asks a real model, whatever the shell has a key for.
for name in [name for name in os.environ if name.startswith(("OPENAI_", "ANALYZER_OPENAI_"))]:
    del os.environ[name]


@pytest.fixture
def logged(capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Logged:
    """What the test has logged so far."""
    return Logged(capsys, caplog)
