"""Exports run in processes of their own, with limits."""

import asyncio
from datetime import UTC, datetime
from pathlib import Path

import pytest
from exports.errors import ExportTooComplex, NoWords
from exports.exporter import Exporter
from exports.limits import Limits
from exports.source import Source

from tests.support.polling import eventually
from tests.unit.exports.test_blind_cv import TEXT

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def source(text: str = TEXT) -> Source:
    return Source(text=text, signals=None, names=("Maya Okafor",), reference="1a2b3c4d", now=NOW)


def _workers() -> list[str]:
    """Return the command lines of export workers that are running."""
    found = []
    for path in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            found.append(path.read_bytes().replace(b"\0", b" ").decode())
        except OSError:
            continue
    return [each for each in found if "exports.worker" in each]


async def test_export_over_its_time_is_ended() -> None:
    with pytest.raises(ExportTooComplex):
        await Exporter(limits=Limits(seconds=0.01))(source(), "docx")


async def test_export_over_its_memory_is_ended() -> None:
    with pytest.raises(ExportTooComplex):
        await Exporter(limits=Limits(memory_bytes=1024 * 1024))(source(), "docx")


async def test_export_larger_than_allowed_is_refused() -> None:
    with pytest.raises(ExportTooComplex):
        await Exporter(limits=Limits(output_bytes=100))(source(), "docx")


async def test_text_without_words_is_refused() -> None:
    with pytest.raises(NoWords):
        await Exporter()(source("1 2 3"), "json-resume")


async def test_cancelled_export_leaves_no_process() -> None:
    before = len(_workers())
    task = asyncio.create_task(Exporter()(source(), "docx"))
    await eventually(_count, until=lambda count: count > before)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await eventually(_count, until=lambda count: count <= before)


async def _count() -> int:
    return len(_workers())
