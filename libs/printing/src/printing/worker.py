"""The sandboxed process that prints one document: HTML on standard input, PDF on standard output.

Only `printing.renderer` starts it, with the limits as JSON and the process id of the service. The return code
says why there is no PDF.
"""

import ctypes
import gc
import json
import os
import resource
import signal
import sys
from typing import Final, NoReturn

from printing.limits import Limits

MISSING_LIBRARY: Final = 3
TOO_LARGE: Final = 4
# Type and place of the exception are on standard output.
CRASHED: Final = 5

_PR_SET_PDEATHSIG: Final = 1


def main() -> None:
    """Apply the limits, print standard input, write the PDF and exit."""
    limits = Limits(**json.loads(sys.argv[1]))
    _restrict(limits, parent=int(sys.argv[2]))
    output = os.dup(sys.stdout.fileno())
    # WeasyPrint prints a hint if a library is missing.
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())
    try:
        pdf = _pdf(sys.stdin.buffer.read().decode())
    except (MemoryError, RecursionError):
        _exit(TOO_LARGE)
    except Exception as error:  # noqa: BLE001 - the message is omitted, because it may quote the document
        trace = error.__traceback__
        while trace and trace.tb_next:
            trace = trace.tb_next
        place = f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}" if trace else "?"  # noqa: PTH119 - as below
        os.write(output, f"{type(error).__name__} at {place}".encode())
        _exit(CRASHED)
    with os.fdopen(output, "wb") as stream:
        stream.write(pdf)
    _exit(0)


def _restrict(limits: Limits, *, parent: int) -> None:
    # The kernel ends this process with the service, and the timer ends it if the service hangs.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        _exit(CRASHED)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limits.seconds)
    _limit(resource.RLIMIT_AS, limits.memory_bytes)
    _limit(resource.RLIMIT_CPU, limits.cpu_seconds)
    _limit(resource.RLIMIT_CORE, 0)  # a core dump would contain the document
    # Callers who wait for JSON go first.
    os.nice(10)
    # One document creates many objects and few cycles.
    gc.disable()


def _limit(kind: int, value: int) -> None:
    _, hard = resource.getrlimit(kind)
    lowest = value if hard == resource.RLIM_INFINITY else min(value, hard)
    resource.setrlimit(kind, (lowest, lowest))


def _pdf(html: str) -> bytes:
    try:
        import weasyprint  # noqa: PLC0415 - after the limits, and not in the service that imports the constants
        from weasyprint.urls import URLFetcher  # noqa: PLC0415 - as above
    except OSError:
        _exit(MISSING_LIBRARY)
    # Only now, because the first import writes bytecode.
    _limit(resource.RLIMIT_FSIZE, 0)
    document = weasyprint.HTML(string=html, url_fetcher=URLFetcher(allowed_protocols={"data"}))
    pdf: bytes = document.write_pdf(pdf_variant="pdf/ua-1")
    return pdf


def _exit(code: int) -> NoReturn:
    # Skip the interpreter's shutdown: the kernel frees everything.
    os._exit(code)


if __name__ == "__main__":
    main()
