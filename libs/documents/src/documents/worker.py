"""The sandboxed process that parses one file: bytes on standard input, one JSON object on standard output.

Only `documents.reader` starts it, with the limits as JSON in the first argument. The answer is one of:

- `{"text", "signals"}`: the content of the file;
- `{"error", "detail"}`: the code and message of a `DocumentError`;
- `{"crash"}`: type and place of an unexpected exception.

Imports are kept to a minimum because the user who uploads waits for each of them.
"""

import gc
import json
import os
import resource
import signal
import sys
from typing import Any

from documents.errors import DocumentError, TooComplex
from documents.limits import Limits


def main() -> None:
    """Apply the limits, parse standard input, write the answer and exit."""
    # Imports and one file create many objects and few cycles. Searching for cycles would take a tenth of the
    # time.
    gc.disable()
    limits = Limits(**json.loads(sys.argv[1]))
    _restrict(limits)
    answer = _answer(sys.stdin.buffer.read(), limits)
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode())
    sys.stdout.buffer.flush()
    # Skip the interpreter's shutdown: the kernel frees everything.
    os._exit(0)


def _restrict(limits: Limits) -> None:
    for kind, value in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),  # a core dump would contain the resume
    ):
        _, hard = resource.getrlimit(kind)
        lowest = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (lowest, lowest))
    # The timer ends this process even if the service crashed and cannot kill it.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limits.total_seconds)


def _answer(data: bytes, limits: Limits) -> dict[str, Any]:
    from documents.parser import parse_file  # noqa: PLC0415 - after the search for cycles was disabled

    try:
        return parse_file(data, limits)
    except DocumentError as error:
        return {"error": error.code, "detail": error.detail}
    except (MemoryError, RecursionError):
        return {"error": TooComplex.code, "detail": TooComplex.message}
    except Exception as error:  # noqa: BLE001 - the answer omits the message, which may quote the file
        trace = error.__traceback__
        while trace and trace.tb_next:
            trace = trace.tb_next
        line = f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}" if trace else "?"  # noqa: PTH119 - pathlib costs 5 ms
        return {"crash": f"{type(error).__name__} at {line}"}


if __name__ == "__main__":
    main()
