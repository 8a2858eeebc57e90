"""Limits on the time, memory and size of one export."""

from dataclasses import dataclass

_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits for one export. Sizes are in bytes, times in seconds."""

    # The longest text takes two seconds of the processor, the start of the process one.
    cpu_seconds: int = 8
    # More than the time of the processor, of which the export has only a part on a busy machine.
    seconds: float = 15.0
    # Address space, not resident memory. The longest text needs less than 100 MB.
    memory_bytes: int = 512 * _MEGABYTE
    # A text of 100,000 characters is 400 kB at most, and twice that as markup.
    output_bytes: int = 4 * _MEGABYTE
