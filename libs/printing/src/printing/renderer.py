"""Render HTML documents as PDF, each in a sandboxed worker.

WeasyPrint takes half a second to load and holds 50 to 200 MB, which a process per document returns.
"""

from typing import Final

from sandbox.errors import Crashed, NotStarted, OverLimit, Refused, TimedOut, WorkerError
from sandbox.limits import Limits as SandboxLimits
from sandbox.runner import run

from printing.errors import PrintingError, RendererBusy, RendererMissing, TooLargeToPrint, Unprintable
from printing.limits import Limits

# Callers who wait for JSON go first.
_NICE: Final = 10


class PdfRenderer:
    """Renders documents. The caller limits how many are rendered at the same time."""

    def __init__(self, *, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()

    async def render(self, html: str) -> bytes:
        """Return a self-contained HTML document as tagged PDF (PDF/UA).

        The document needs a title and a language. Anything it refers to is ignored, except for `data:` URLs.

        Raises:
            PrintingError: the document cannot be printed, or cannot be printed now.
        """
        document = html.encode(errors="replace")
        if len(document) > self._limits.html_bytes:
            raise TooLargeToPrint
        return await _print(document, self._limits)


async def _print(document: bytes, limits: Limits) -> bytes:
    sandbox = SandboxLimits(
        seconds=limits.seconds,
        cpu_seconds=limits.cpu_seconds,
        memory_bytes=limits.memory_bytes,
        output_bytes=limits.pdf_bytes,
        nice=_NICE,
    )
    try:
        return await run("printing.worker", document, limits=sandbox)
    except Refused:
        raise RendererMissing from None
    except OverLimit:
        raise TooLargeToPrint from None
    except (NotStarted, TimedOut):
        # A document that needs more time than allowed reaches the limit on processor time first.
        raise RendererBusy from None
    except Crashed:
        raise Unprintable from None
    except WorkerError:
        raise PrintingError from None
