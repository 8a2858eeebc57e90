"""Export resumes, each in a sandboxed worker.

Parsing the longest text takes seconds of the processor, which the event loop does not have.
"""

import json
from dataclasses import asdict, dataclass
from typing import Literal

from sandbox.errors import Crashed, NotStarted, OverLimit, Refused, TimedOut, WorkerError
from sandbox.limits import Limits as SandboxLimits
from sandbox.runner import run

from exports.errors import ExporterBusy, ExportError, ExportTooComplex, NotExportable, NoWords
from exports.limits import Limits
from exports.source import Source

Format = Literal["json-resume", "docx", "html"]


@dataclass(frozen=True, slots=True)
class Export:
    """A finished export. `has_name` is False if no name of the person was recognised in the resume."""

    data: bytes
    has_name: bool


class Exporter:
    """Makes exports in processes of their own. The caller limits how many run at the same time."""

    def __init__(self, *, limits: Limits | None = None) -> None:
        self._limits = limits or Limits()

    async def __call__(self, source: Source, form: Format, *, font_families: str = "sans-serif") -> Export:
        """Return a resume in a format. "html" is a page to print, whose fonts are `font_families`.

        Raises:
            ExportError: the resume cannot be exported, or cannot be exported now.
        """
        request = {
            "format": form,
            "font_families": font_families,
            **asdict(source),
            "now": source.now.isoformat(),
        }
        limits = SandboxLimits(
            seconds=self._limits.seconds,
            cpu_seconds=self._limits.cpu_seconds,
            memory_bytes=self._limits.memory_bytes,
            output_bytes=self._limits.output_bytes,
        )
        try:
            output = await run("exports.worker", json.dumps(request).encode(), limits=limits)
        except Refused:
            raise NoWords from None
        except OverLimit:
            raise ExportTooComplex from None
        except (NotStarted, TimedOut):
            # A resume that needs more time than allowed reaches the limit on processor time first.
            raise ExporterBusy from None
        except Crashed:
            raise NotExportable from None
        except WorkerError:
            raise ExportError from None
        head, _, data = output.partition(b"\n")
        return Export(data, bool(json.loads(head).get("has_name")))
