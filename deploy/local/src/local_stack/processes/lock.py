"""A file lock that allows one stack per folder. The file holds the id of the process that locked it."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local_stack.errors import StackError

_NAME = "lock"


class StackAlreadyRunning(StackError):
    """Another process already uses the folder."""


@contextmanager
def exclusive(folder: Path) -> Iterator[None]:
    """Lock the folder for the duration of the context.

    Raises:
        StackAlreadyRunning: another process holds the lock.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _NAME).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            pid = file.read().strip() or "unknown"
            raise StackAlreadyRunning(
                f"a stack runs here already (process {pid}, data in {folder})"
            ) from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
