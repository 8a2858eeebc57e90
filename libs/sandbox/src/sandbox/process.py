"""Tie the life of a child process to its parent. Imports little, to keep children small."""

import ctypes
import os
import signal
from typing import Final

_PR_SET_PDEATHSIG: Final = 1
# Loaded at import, because loading between fork and exec is not safe.
_LIBC: Final = ctypes.CDLL(None, use_errno=True)


def die_with_parent(parent: int) -> None:
    """Make the kernel kill this process when its parent, given by process id, ends in any way.

    A closed pipe alone would be noticed only after the current work.
    """
    _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # the parent ended before the call above
        os.kill(os.getpid(), signal.SIGKILL)
