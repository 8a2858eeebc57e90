"""Writes the figures of a run into docs/performance.md, between two markers."""

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


class MissingMarker(ValueError):
    """The page lacks a marker."""


def write(report: str, verdict: str) -> None:
    """Replace the text between the markers of the page."""
    PAGE.write_text(replace_figures(PAGE.read_text(), f"{report}\n\n`{verdict}`\n\n{describe_machine()}"))


def replace_figures(page: str, figures: str) -> str:
    """Return the page with other figures. Raises MissingMarker."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not begin or not end:
        raise MissingMarker(f"{PAGE.name} has no {BEGIN} followed by {END}")
    return f"{before}{BEGIN}\n{figures}\n{END}{after}"


def describe_machine() -> str:
    """Describe machine and versions in one sentence."""
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
