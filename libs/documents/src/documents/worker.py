"""The process that reads one file: bytes on standard input, one JSON object on standard output.

Started by `read` alone, with its limits as JSON in the first argument. The answer is `{"text", "signals"}`,
or `{"error", "detail"}` with the code of a DocumentError, or `{"crash"}` with the place of a fault of ours.
It imports as little as it can: the person who uploads waits for every import.
"""

import gc
import json
import os
import resource
import signal
import sys
from typing import Any

from documents.errors import DocumentError, TooComplex
from documents.extract import assemble
from documents.limits import Limits
from documents.plain_text import read_text
from documents.sniff import sniff


def read(data: bytes, limits: Limits) -> dict[str, Any]:
    """Return `{"text", "signals"}`. Raises DocumentError."""
    # The libraries of the other formats are only loaded for their files: half of the time goes there.
    match sniff(data):
        case "pdf":
            from documents.pdf.document import read_pdf  # noqa: PLC0415 - see above

            extract = read_pdf(data, limits=limits)
        case "docx":
            from documents.docx.document import read_docx  # noqa: PLC0415 - see above

            extract = read_docx(data, limits=limits)
        case "txt":
            extract = read_text(data, limits=limits)
    return assemble(extract, file_bytes=len(data), limits=limits)


def _restrict(limits: Limits) -> None:
    for kind, value in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, limits.cpu_seconds),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),  # a core dump would hold the resume
    ):
        _, hard = resource.getrlimit(kind)
        lowest = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (lowest, lowest))
    # Ends this process also where the service died and no one is left to kill it.
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limits.total_seconds)


def _answer(data: bytes, limits: Limits) -> dict[str, Any]:
    try:
        return read(data, limits)
    except DocumentError as error:
        return {"error": error.code, "detail": error.detail}
    except (MemoryError, RecursionError):
        return {"error": TooComplex.code, "detail": TooComplex.message}
    except Exception as error:  # noqa: BLE001 - one bad file is one answer; its message may quote the file
        trace = error.__traceback__
        while trace and trace.tb_next:
            trace = trace.tb_next
        line = f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}" if trace else "?"  # noqa: PTH119 - pathlib costs 5 ms
        return {"crash": f"{type(error).__name__} at {line}"}


def main() -> None:
    limits = Limits(**json.loads(sys.argv[1]))
    _restrict(limits)
    # One file makes few cycles and many objects: looking for the former is a fifth of the time.
    gc.disable()
    answer = _answer(sys.stdin.buffer.read(), limits)
    sys.stdout.buffer.write(json.dumps(answer, ensure_ascii=False).encode())
    sys.stdout.buffer.flush()
    # Nothing is left to tidy that the end of the process does not.
    os._exit(0)


if __name__ == "__main__":
    main()
