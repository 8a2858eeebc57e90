"""The on-call command, run in this process: starting Python costs more than all that it does."""

import contextlib
import io
import logging
import os
from dataclasses import dataclass
from typing import Any
from unittest.mock import patch

from request_api.ops.__main__ import parse, run
from request_api.ops.command import log


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


class _Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.lines: list[dict[str, Any]] = []

    def emit(self, record: logging.LogRecord) -> None:
        assert isinstance(record.msg, dict)
        self.lines.append(record.msg)


async def ops(*words: str, **settings: str) -> Ran:
    """Run it with these of request-api's settings."""
    environment = {f"REQUEST_API_{name}".upper(): value for name, value in settings.items()}
    printed, audit, logger = io.StringIO(), _Lines(), logging.getLogger(log.name)
    logger.addHandler(audit)
    try:
        with (
            patch.dict(os.environ, environment),
            contextlib.redirect_stdout(printed),
            contextlib.redirect_stderr(printed),
        ):
            code = await run(parse(words))
    finally:
        logger.removeHandler(audit)
    return Ran(code=code, output=printed.getvalue(), audit=audit.lines)
