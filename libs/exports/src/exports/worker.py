"""The process that makes one export: a resume as JSON on standard input, the file on standard output.

Only `exports.exporter` starts it, with the limits as JSON and the process id of the service. The first line
of the output is JSON: `{"has_name"}` before the file, or `{"error"}` with the code of an `ExportError`.
"""

import ctypes
import gc
import json
import os
import resource
import signal
import sys
from datetime import datetime
from typing import Any, Final

from scoring import NotAssessable

from exports.errors import ExportTooComplex, NoWords
from exports.limits import Limits
from exports.source import Source

_PR_SET_PDEATHSIG: Final = 1


def main() -> None:
    """Apply the limits, export the resume on standard input and exit."""
    _restrict(Limits(**json.loads(sys.argv[1])), parent=int(sys.argv[2]))
    # One resume creates many objects and few cycles.
    gc.disable()
    head, data = _answer(json.loads(sys.stdin.buffer.read()))
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n" + data)
    sys.stdout.buffer.flush()
    # Skip the interpreter's shutdown: the kernel frees everything.
    os._exit(0)


def _restrict(limits: Limits, *, parent: int) -> None:
    # The kernel ends this process with the service, and the timer ends it if the service hangs.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:
        os._exit(1)
    for kind, value in (
        (resource.RLIMIT_AS, limits.memory_bytes),
        (resource.RLIMIT_CPU, int(limits.seconds) + 1),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),  # a core dump would contain the resume
    ):
        _, hard = resource.getrlimit(kind)
        lowest = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(kind, (lowest, lowest))
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, limits.seconds)


def _answer(request: dict[str, Any]) -> tuple[dict[str, Any], bytes]:
    source = Source(
        text=request["text"],
        signals=request["signals"],
        names=tuple(request["names"]),
        reference=request["reference"],
        now=datetime.fromisoformat(request["now"]),
    )
    try:
        return _export(source, request["format"], request["font_families"])
    except NotAssessable:
        return {"error": NoWords.code}, b""
    except (MemoryError, RecursionError):
        return {"error": ExportTooComplex.code}, b""
    except Exception as error:  # noqa: BLE001 - the answer omits the message, which may quote the resume
        trace = error.__traceback__
        while trace and trace.tb_next:
            trace = trace.tb_next
        line = f"{os.path.basename(trace.tb_frame.f_code.co_filename)}:{trace.tb_lineno}" if trace else "?"  # noqa: PTH119 - no path is made
        return {"crash": f"{type(error).__name__} at {line}"}, b""


def _export(source: Source, form: str, font_families: str) -> tuple[dict[str, Any], bytes]:
    # Each format loads only what it needs: python-docx takes a quarter of a second.
    if form == "json-resume":
        from exports.json_resume import to_json_resume  # noqa: PLC0415 - see above

        return {}, json.dumps(to_json_resume(source), ensure_ascii=False).encode()
    from exports.blind.compose import compose  # noqa: PLC0415 - see above

    blind = compose(source)
    if form == "html":
        from exports.blind.html_page import to_html  # noqa: PLC0415 - see above

        return {"has_name": blind.has_name}, to_html(blind, font_families=font_families).encode()
    from exports.blind.docx_file import to_docx  # noqa: PLC0415 - see above

    return {"has_name": blind.has_name}, to_docx(blind)


if __name__ == "__main__":
    main()
