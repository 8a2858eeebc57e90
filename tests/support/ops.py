"""The on-call command, run as a person runs it."""

import asyncio
import json
import os
import sys
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What it exited with, and all that it printed."""

    code: int
    output: str

    @property
    def audit(self) -> list[dict[str, Any]]:
        """The audit lines."""
        lines = (json.loads(line) for line in self.output.splitlines() if line.startswith("{"))
        return [line for line in lines if line["event"] == "on-call changed something"]


async def ops(*words: str, **settings: str) -> Ran:
    """Run it with these of request-api's settings."""
    environment = {f"REQUEST_API_{name}".upper(): value for name, value in settings.items()}
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "request_api.ops", *words),
        env={**os.environ, **environment},
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    assert process.returncode is not None
    return Ran(code=process.returncode, output=output.decode())
