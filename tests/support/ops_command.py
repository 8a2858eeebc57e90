"""The on-call command, run in this process: starting Python costs more than all that it does."""

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
class Ran:
    """The exit code, all that was printed, and the audit lines."""

    code: int
    output: str
    audit: list[dict[str, Any]]

    @property
    def told(self) -> str:
        """All that anybody can read of it."""
        return f"{self.output}{self.audit}"


async def ops(*words: str, **settings: str) -> Ran:
    """Run it with these of request-api's settings."""
    environment = {f"REQUEST_API_{name}".upper(): value for name, value in settings.items()}
    printed = io.StringIO()
    with (
        patch.dict(os.environ, environment),
        contextlib.redirect_stdout(printed),
        contextlib.redirect_stderr(printed),
        capture_logs(processors=[add_logger_name]) as lines,
    ):
        code = await run(parse(words))
    # Services in this process log meanwhile.
    audit = [dict(line) for line in lines if line["logger"] == "request_api.ops"]
    return Ran(code=code, output=printed.getvalue(), audit=audit)
