"""One stack at a time in one folder: a file that is locked while the process lives, with its id inside."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from local_stack.errors import StackError

_NAME = "lock"


class StackRuns(StackError):
    """Somebody runs a stack in the folder already."""


@contextmanager
def only_one(folder: Path) -> Iterator[None]:
    """Hold the folder.

    Raises:
        StackRuns: another process holds it.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / _NAME).open("a+") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            file.seek(0)
            pid = file.read().strip() or "unknown"
            raise StackRuns(f"a stack runs here already (process {pid}, data in {folder})") from None
        file.truncate(0)
        file.write(str(os.getpid()))
        file.flush()
        yield
