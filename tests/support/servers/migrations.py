"""Runs many migration commands without importing a service for each.

The imports take nearly all the time of a command. The processes are forked from one that did them once.
"""

import asyncio
import multiprocessing
import os
import runpy
import sys
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile

_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(
    [
        "chassis.db.migrations",
        "request_api.storage.jobs",
        "request_api.storage.legacy.industries",
        "results_api.storage.tables",
    ]
)


async def run_migration(package: str, *arguments: str, environment: Mapping[str, str]) -> tuple[int, str]:
    """Run `python -m <package>.migrate` with more `environment`, and return its exit status and output."""
    with NamedTemporaryFile("r") as output:
        process = _processes.Process(target=_run, args=(package, arguments, dict(environment), output.name))
        process.start()
        await asyncio.to_thread(process.join)
        assert process.exitcode is not None
        return process.exitcode, output.read()


def _run(package: str, arguments: tuple[str, ...], environment: dict[str, str], output: str) -> None:
    with Path(output).open("wb") as file:
        os.dup2(file.fileno(), 1)
        os.dup2(file.fileno(), 2)
    os.environ.update(environment)
    sys.argv = [f"{package}.migrate", *arguments]
    runpy.run_module(f"{package}.migrate", run_name="__main__", alter_sys=True)
