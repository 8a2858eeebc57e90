"""Puts the figures of a run into docs/performance.md, between two marks; the words around them stay."""

import os
import platform
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Final

from local_stack.paths import ROOT

PAGE: Final = ROOT / "docs" / "performance.md"
BEGIN: Final = "<!-- figures of make bench -->"
END: Final = "<!-- end of figures -->"
_LIBRARIES: Final = ("fastapi", "uvicorn", "sqlalchemy", "asyncpg", "aiokafka", "faststream", "pydantic")


class NoPlace(ValueError):
    """The page lacks a mark."""


def write(report: str, verdict: str) -> None:
    """Replace what stands between the marks."""
    PAGE.write_text(replaced(PAGE.read_text(), f"{report}\n\n`{verdict}`\n\n{machine()}"))


def replaced(page: str, figures: str) -> str:
    """Raises NoPlace."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise NoPlace(f"{PAGE.name} has no {BEGIN} with an {END} behind it")
    return f"{before}{BEGIN}\n{figures}\n{END}{after}"


def machine() -> str:
    """What it ran on, in one sentence."""
    cpu = next(
        (
            line.partition(":")[2].strip()
            for line in Path("/proc/cpuinfo").read_text().splitlines()
            if line.startswith("model name")
        ),
        platform.machine(),
    )
    gigabytes = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    return (
        f"Measured on {datetime.now(UTC):%d %B %Y}: {os.cpu_count()} cores of {cpu}, {gigabytes:.0f} GB, "
        f"Linux {platform.release()}, Python {platform.python_version()}, {libraries}."
    )
