"""Limits on the size, time and memory of one file."""

from dataclasses import dataclass

_MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Limits for one file.

    Sizes are in bytes, times in seconds, lengths of a page in points (1/72 inch).
    """

    file_bytes: int = 30 * _MEGABYTE
    pages: int = 30
    # Equal to `contracts.vocabulary.MAX_TEXT_CHARACTERS`, as a test checks. Importing it would load pydantic,
    # which would more than double the start time of the worker.
    text_characters: int = 100_000
    # 200 inches, the largest page that Acrobat creates.
    page_points: float = 14_400.0
    unzipped_bytes: int = 50 * _MEGABYTE
    # A Word file with a hundred pictures has fewer than 200 entries.
    zip_entries: int = 1_000
    # The XML of long, empty tables is compressed to about 1 %.
    zip_ratio: int = 200
    # The frontend gives up after 10 s and an upload answers within 8 s, which leaves one second to store it.
    total_seconds: float = 7.0
    # The part of `total_seconds` that a file may wait for its turn. The rest suffices for any ordinary file.
    wait_seconds: float = 3.0
    cpu_seconds: int = 7
    # Address space, not resident memory. The interpreter and its libraries map about 150 MB of it.
    memory_bytes: int = 512 * _MEGABYTE
