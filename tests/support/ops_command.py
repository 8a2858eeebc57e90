"""Runs the on-call command in the process of the test, which saves starting Python each time."""

import contextlib
import io
import os
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from request_api.ops.__main__ import parse, run
from structlog.stdlib import add_logger_name
from structlog.testing import capture_logs


@dataclass(frozen=True, slots=True, kw_only=True)
class OpsResult:
    """The exit code, the printed output and the audit log lines."""

    code: int
    output: str
    audit: list[dict[str, Any]]

    @property
    def all_text(self) -> str:
        """Return output and audit lines together, to check that a secret is in neither."""
        return f"{self.output}{self.audit}"


async def run_ops(*words: str, **settings: str) -> OpsResult:
    """Run the command with these settings of request-api, named without their prefix."""
    environment = {f"REQUEST_API_{name}".upper(): value for name, value in settings.items()}
    printed = io.StringIO()
    with (
        patch.dict(os.environ, environment),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        capture_logs(processors=[add_logger_name]) as lines,
    ):
        code = await run(parse(words))
    # Services in this process may log at the same time.
    audit = [dict(line) for line in lines if line["logger"] == "request_api.ops"]
    return OpsResult(code=code, output=printed.getvalue(), audit=audit)
