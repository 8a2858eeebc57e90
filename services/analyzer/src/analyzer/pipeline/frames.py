"""What the pool and its workers say to each other: pickles, each behind its length, and what a step raised.

Both ends are this code, and nothing else can write to the pipes between them.
"""

from dataclasses import dataclass
from typing import Final

# Length of what follows, in bytes.
HEADER_BYTES: Final = 4


class StepFailed(Exception):
    """A step raised; `error` is the class, `place` file and line. No message: it may quote the resume."""

    def __init__(self, error: str, place: str) -> None:
        super().__init__(error, place)
        self.error = error
        self.place = place


@dataclass(frozen=True, slots=True)
class Raised:
    """What a step raised, on its way from the worker."""

    error: Exception


def frame(content: bytes) -> bytes:
    """With its length in front."""
    return len(content).to_bytes(HEADER_BYTES, "big") + content


def place_of(error: BaseException) -> str:
    """File and line where an error arose."""
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "unknown"
