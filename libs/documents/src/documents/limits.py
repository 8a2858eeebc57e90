"""What one file may cost."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Bounds for one file.

    Sizes are bytes, times seconds, lengths of a page points (1/72 inch).
    """

    file_bytes: int = 30 * MEGABYTE
    pages: int = 30
    # As `contracts.vocabulary.MAX_TEXT_CHARACTERS` (a test holds them equal); not imported, because pydantic
    # would more than double the start of the worker.
    text_characters: int = 100_000
    # 200 inches, the largest page that Acrobat makes; no person reads a larger one.
    page_points: float = 14_400.0
    unzipped_bytes: int = 50 * MEGABYTE
    # A Word file with a hundred pictures has under 200 entries.
    zip_entries: int = 1_000
    # WordprocessingML of long, empty tables shrinks to about 1 in 100.
    zip_ratio: int = 200
    # The frontend gives up at 10 s and an upload answers within 8 s: one second is left to store it.
    total_seconds: float = 7.0
    # Of those, how long a file may wait for its turn; what remains is enough for any good file.
    wait_seconds: float = 3.0
    cpu_seconds: int = 7
    # Address space, not resident memory: the interpreter and its libraries map about 150 MB of it.
    memory_bytes: int = 512 * MEGABYTE
