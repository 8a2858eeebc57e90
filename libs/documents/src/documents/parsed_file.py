"""The result of every format reader."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from documents.layout.lines import Line
from documents.sniff import FileType

# The cap of `contracts.document.DocumentSignals.hidden_excerpt`.
MAX_EXCERPT: Final = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedFile:
    """The visible lines of a file in reading order, and measurements of its layout.

    A measurement is None if the format does not provide it. Lengths are points (1/72 inch).
    """

    file_type: FileType
    lines: Sequence[Line]
    page_sizes: Sequence[tuple[float, float]] = ()
    page_count: int | None = None
    # Number of visible characters for each font name and size.
    fonts: Counter[tuple[str, float]] = field(default_factory=Counter)
    # Left, right, top, bottom.
    margins: tuple[float, float, float, float] | None = None
    parse_survival: float | None = None
    # The body row by row across columns and cells, as a simple parser reads it. Empty if none does.
    across: Sequence[str] = ()
    columns: int | None = None
    images: int | None = None
    image_area: float | None = None
    tables: int | None = None
    text_boxes: int | None = None
    marginal_text: str | None = None
    unmapped_glyphs: float | None = None
    hidden_characters: int | None = None
    # The hidden text, words separated by spaces. Only the first MAX_EXCERPT characters are used.
    hidden_text: str = ""
    # The addresses that the file links to, each once.
    links: Sequence[str] = ()
