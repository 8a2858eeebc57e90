"""The worker's side: limits, input on standard input, output on standard output.

The exit code says how it ended. With `REFUSED` the output is the code and detail as JSON, with `CRASHED` and
`NOT_LOADED` the type and place of an exception. The latter is a fault of the installation, not of the input.
"""

import gc
import json
import os
import resource
import signal
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Final, NoReturn

from sandbox.errors import Refused
from sandbox.limits import Limits
from sandbox.process import die_with_parent

# Python itself ends with 1 or 2.
REFUSED: Final = 3
OVER_LIMIT: Final = 4
CRASHED: Final = 5
NOT_LOADED: Final = 6


def work(load: Callable[[Any], Callable[[bytes], bytes]]) -> NoReturn:
    """Apply the limits, do the work on standard input, write the output and exit.

    Args:
        load: imports the code that does the work, and returns it as a function from input to output. It is
            called with the options that were passed to `sandbox.runner.run`. Both may raise `Refused`.
    """
    # One input creates many objects and few cycles. Searching for cycles takes a tenth of the time of a file.
    gc.disable()
    limits, options = json.loads(sys.argv[1])
    _restrict(Limits(**limits), parent=int(sys.argv[2]))
    output = os.dup(sys.stdout.fileno())
    # Keep what libraries print out of the output.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    failed = NOT_LOADED
    try:
        act = load(options)
        failed = CRASHED
        # Only now, because a first import writes bytecode.
        _limit(resource.RLIMIT_FSIZE, 0)
        code, answer = 0, act(sys.stdin.buffer.read())
    except Refused as refused:
        code, answer = REFUSED, json.dumps([refused.code, refused.detail]).encode()
    except (MemoryError, RecursionError):
        os._exit(OVER_LIMIT)
    except Exception as error:  # noqa: BLE001 - the message is omitted, because it may quote the input
        code, answer = failed, _place(error).encode()
    with os.fdopen(output, "wb") as stream:
        stream.write(answer)
    # Skip the interpreter's shutdown: the kernel frees everything.
    os._exit(code)


def _restrict(limits: Limits, *, parent: int) -> None:
    die_with_parent(parent)
    # The timer ends this process if its parent hangs.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limits.seconds)
    _limit(resource.RLIMIT_AS, limits.memory_bytes)
    # SIGXCPU a second before the SIGKILL, which the kernel also sends when memory is short.
    _limit(resource.RLIMIT_CPU, limits.cpu_seconds, grace=1)
    _limit(resource.RLIMIT_CORE, 0)  # a core dump would contain the input
    if limits.nice:
        os.nice(limits.nice)
        # Many kernels share the processors among sessions first, and this process has one of its own.
        with suppress(OSError), open("/proc/self/autogroup", "w") as session:  # noqa: PTH123 - pathlib costs 5 ms
            session.write(str(limits.nice))


def _limit(kind: int, value: int, *, grace: int = 0) -> None:
    _, hard = resource.getrlimit(kind)
    highest = value + grace if hard == resource.RLIM_INFINITY else min(value + grace, hard)
    resource.setrlimit(kind, (min(value, highest), highest))


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace and trace.tb_next:
        trace = trace.tb_next
    line = f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}" if trace else "?"  # noqa: PTH119 - pathlib costs 5 ms
    return f"{type(error).__name__} at {line}"
