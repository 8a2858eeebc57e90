"""Limits on one worker."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits on one worker. Times are in seconds, sizes in bytes.

    `seconds` is wall-clock time from the start of the process. `memory_bytes` limits address space, not
    resident memory. `nice` lowers the priority.
    """

    seconds: float
    cpu_seconds: int
    memory_bytes: int
    output_bytes: int
    nice: int = 0
