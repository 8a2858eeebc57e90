"""A child process that cannot outlive its parent. Imports nothing: children are to be small."""

import ctypes
import os
import signal
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
# Loaded once, and not between fork and exec.
_LIBC: Final = ctypes.CDLL(None, use_errno=True)


def die_with_parent(parent: int) -> None:
    """In the child: the kernel kills it when its `parent` (a process id) ends, however that ends; a closed
    pipe alone would be noticed only after what it is at."""
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the call above
        os.kill(os.getpid(), signal.SIGKILL)
