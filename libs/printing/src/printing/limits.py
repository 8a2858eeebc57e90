"""Limits on the size, time and memory of one document."""

from dataclasses import dataclass

_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits for one document.

    Sizes are in bytes, times in seconds.
    """

    # The HTML of the largest report takes 2 MB.
    html_bytes: int = 4 * _MEGABYTE
    pdf_bytes: int = 16 * _MEGABYTE
    # The largest report takes 8 s of the processor.
    cpu_seconds: int = 20
    # More than the time of the processor, of which the document has only a part on a busy machine.
    seconds: float = 40.0
    # Address space, not resident memory. The largest report needs 200 MB of resident memory.
    memory_bytes: int = 1024 * _MEGABYTE
