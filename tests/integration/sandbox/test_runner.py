"""A worker that ends without output is an error that says why."""

import json
import logging
import resource
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest
from sandbox.errors import Crashed, NotStarted, OverLimit, Refused, TimedOut, WorkerError
from sandbox.limits import Limits
from sandbox.runner import run

LIMITS = Limits(seconds=10, cpu_seconds=10, memory_bytes=512 * 1024 * 1024, output_bytes=1024)


async def test_worker_that_does_not_start_says_nothing_about_its_input() -> None:
    with pytest.raises(WorkerError) as raised:
        await run("sandbox.no_such_module", b"", limits=LIMITS)
    assert type(raised.value) is WorkerError


async def test_code_that_cannot_be_loaded_says_nothing_about_the_input() -> None:
    with pytest.raises(WorkerError) as raised:
        await run("documents.worker", b"x", limits=LIMITS, options={"no_such_limit": 1})
    assert type(raised.value) is WorkerError


@contextmanager
def without_file_descriptors() -> Iterator[None]:
    """Leave this process no descriptor for a pipe, which fails like a limit on processes, for root too."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (3, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


async def test_worker_for_which_the_system_has_no_room_may_be_started_later(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with without_file_descriptors(), pytest.raises(NotStarted):
        await run("exports.worker", export_of(TEXT), limits=LIMITS)
    assert "exports.worker could not be started" in caplog.text
    assert (
        len(await run("exports.worker", export_of(TEXT), limits=replace(LIMITS, output_bytes=100_000))) > 1000
    )


async def test_worker_without_time_is_ended() -> None:
    with pytest.raises(TimedOut):
        await run("exports.worker", b"", limits=replace(LIMITS, seconds=0.01))


async def test_input_that_no_code_expects_is_a_crash_whose_log_quotes_nothing(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with caplog.at_level(logging.ERROR), pytest.raises(Crashed):
        await run("exports.worker", b'{"text": "Maya Okafor', limits=LIMITS)
    assert "JSONDecodeError at decoder.py" in caplog.text
    assert "Maya" not in caplog.text


TEXT = "Maya Okafor\nSkills\n- Python"


def export_of(text: str) -> bytes:
    """Return the input of an export worker."""
    return json.dumps(
        {
            "text": text,
            "signals": None,
            "names": [],
            "reference": "x",
            "now": "2026-11-22T00:00:00+00:00",
            "format": "docx",
            "font_families": "serif",
        }
    ).encode()


async def test_refusal_carries_the_code_of_the_worker() -> None:
    with pytest.raises(Refused, match="no_text"):
        await run("exports.worker", export_of("1 2 3"), limits=LIMITS)


async def test_output_over_its_limit_is_refused() -> None:
    with pytest.raises(OverLimit):
        await run("exports.worker", export_of(TEXT), limits=LIMITS)
