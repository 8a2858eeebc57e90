"""Exports run in processes of their own, with limits."""

import asyncio
import os
import signal
from datetime import UTC, datetime
from pathlib import Path

import pytest
from contracts.vocabulary import MAX_TEXT_CHARACTERS
from exports.errors import ExporterBusy, ExportError, ExportTooComplex, NotExportable, NoWords
from exports.exporter import Exporter
from exports.limits import Limits
from exports.source import Source

from tests.support.polling import eventually
from tests.unit.exports.test_blind_cv import TEXT

NOW = datetime(2026, 11, 22, tzinfo=UTC)


def source(text: str = TEXT) -> Source:
    return Source(text=text, signals=None, names=("Maya Okafor",), reference="1a2b3c4d", now=NOW)


def _workers() -> list[int]:
    """Return the process ids of the export workers of this process."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        try:
            command = (process / "cmdline").read_bytes().split(b"\0")
        except OSError:
            continue
        if b"exports.worker" in command and command[-2] == str(os.getpid()).encode():
            found.append(int(process.name))
    return found


BULLET = "- Built 3 models for 4 clients and presented them to the board in time\n"
ENTRY = "2016年4月〜2020年3月 株式会社山田 山田太郎 部長\n・山田太郎が3件\n"
# The longest text, whose export takes long enough to be ended.
LONG = TEXT + BULLET * ((MAX_TEXT_CHARACTERS - len(TEXT)) // len(BULLET))


async def test_export_that_gets_no_processor_may_be_made_later() -> None:
    with pytest.raises(ExporterBusy) as refused:
        await Exporter(limits=Limits(seconds=0.01))(source(), "docx")
    assert refused.value.retry_after


@pytest.mark.parametrize(
    ("ended_by", "error"),
    [
        pytest.param(signal.SIGSEGV, NotExportable, id="crash"),
        pytest.param(signal.SIGKILL, ExportError, id="memory of the machine"),
    ],
)
async def test_end_of_a_process_is_reported(ended_by: signal.Signals, error: type[ExportError]) -> None:
    before = set(_workers())
    export = asyncio.create_task(Exporter()(source(LONG), "docx"))

    async def started() -> set[int]:
        return set(_workers()) - before

    for worker in await eventually(started):
        os.kill(worker, ended_by)
    with pytest.raises(ExportError) as reported:
        await export
    assert type(reported.value) is error


async def test_export_over_its_processor_time_is_ended() -> None:
    # The start of the process and the longest text take more than the second that the kernel counts at least.
    slow = source(ENTRY * (MAX_TEXT_CHARACTERS // len(ENTRY)))
    with pytest.raises(ExportTooComplex):
        await Exporter(limits=Limits(cpu_seconds=0, seconds=60))(slow, "docx")


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
