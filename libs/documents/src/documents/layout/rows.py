"""Words with their positions on a page, grouped into rows and into pieces of rows.

Coordinates are points (1/72 inch) from the top left corner of the upright page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

# Multiples of the font size: a wider gap separates two pieces of a row.
_PIECE_GAP: Final = 0.9
# Baselines closer than this share a row (a superscript is raised by a third).
_SAME_ROW: Final = 0.4
BULLETS: Final = frozenset("•‣⁃◦∙·▪▫■□●○◆◇►▶▸▹➢➤✓✔★☆–-*—・●◎※»›\uf0b7\uf0a7\uf0d8\uf0fc\uf06e\uf076\uf0a8")
# A row may begin with one of these within a sentence or a date.
DASHES: Final = frozenset("-–—*ー")


@dataclass(slots=True, frozen=True, kw_only=True)
class Word:
    """Characters without a space between them; `order` is the position in the content stream of the page."""

    text: str
    left: float
    right: float
    base: float
    size: float
    font: str
    bold: bool
    order: int


@dataclass(slots=True)
class Piece:
    """Neighbouring words of one row without a wide gap between them."""

    words: list[Word]
    # Looked up for every possible gutter.
    left: float = field(init=False)
    right: float = field(init=False)

    def __post_init__(self) -> None:
        self.left = self.words[0].left
        self.right = max(word.right for word in self.words)

    def append(self, word: Word) -> None:
        """Add the next word."""
        self.words.append(word)
        self.right = max(self.right, word.right)

    @property
    def base(self) -> float:
        return self.words[0].base

    @property
    def order(self) -> int:
        return self.words[0].order

    @property
    def characters(self) -> int:
        return sum(len(word.text) for word in self.words)

    @property
    def text(self) -> str:
        return " ".join(word.text for word in self.words)


@dataclass(slots=True)
class Row:
    """The pieces that share a baseline within one column, left to right."""

    pieces: list[Piece]

    @property
    def base(self) -> float:
        return self.pieces[0].base

    @property
    def words(self) -> list[Word]:
        return [word for piece in self.pieces for word in piece.words]


@dataclass(slots=True)
class Column:
    """Rows that are read one after the other, or one row of a table.

    Attributes:
        rows: the rows, of a table row those of all its cells
        side_by_side: the number of columns side by side at this place, including this one
        cells: the cells of a table row from left to right, each with its columns, or nothing
        edge: the right edge that text is wrapped at, or None if it is that of the longest row
        gap_before: True or False if the white space above is known
        is_cell: True for the cell of a table, whose text is wrapped even if it is narrow
    """

    rows: list[Row]
    side_by_side: int = 1
    cells: list[list["Column"]] = field(default_factory=list)
    edge: float | None = None
    gap_before: bool | None = None
    is_cell: bool = False


def group_rows(words: Iterable[Word]) -> list[list[Word]]:
    """Group words into rows by their baselines, top to bottom and left to right."""
    rows: list[list[Word]] = []
    anchor: Word | None = None
    for word in sorted(words, key=lambda word: (word.base, word.left)):
        if anchor and word.base - anchor.base <= _SAME_ROW * min(
            max(word.size, anchor.size), 2 * anchor.size
        ):
            rows[-1].append(word)
        else:
            rows.append([word])
            anchor = word
    for row in rows:
        row.sort(key=lambda word: word.left)
    return rows


def split_row(words: Sequence[Word]) -> list[Piece]:
    """Split the words of a row at wide gaps."""
    pieces = [Piece([words[0]])]
    for word in words[1:]:
        piece = pieces[-1]
        gap = word.left - piece.words[-1].right
        # A bullet stays with its item, however far the item is indented.
        if gap > _PIECE_GAP * max(word.size, piece.words[-1].size) and not is_bullet(piece.text):
            pieces.append(Piece([word]))
        else:
            piece.append(word)
    return pieces


def is_bullet(text: str) -> bool:
    """Return True if `text` is nothing but a bullet."""
    return len(text) == 1 and text in BULLETS


def has_bullet(text: str) -> bool:
    """Return True if `text` begins with a bullet that is no dash, unlike the rating "●●○"."""
    return is_bullet(text[0]) and text[0] not in DASHES and text[1:].lstrip()[:1].isalnum()


def count_characters(pieces: Iterable[Piece]) -> int:
    """Count the characters of some pieces, without spaces."""
    return sum(piece.characters for piece in pieces)
