"""Divide the text objects of a PDF page into layers, so that the objects of a layer do not overlap."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from documents.errors import TooComplex
from documents.pdf.characters.glyphs import DrawnGlyph
from documents.pdf.page_objects import Box, Rectangle

# Rows and columns of the grid that finds neighbours. Its cells are about as large as a letter on A4.
_CELLS = 100
# A cell of dense text contains twenty characters.
_MAX_PER_CELL = 1_000
# Shares of the smaller of two boxes. Kerned and slanted letters overlap by less than the first. Letters of
# one text object, which can only be removed together, hide each other if they overlap by the second.
_OVERLAP = 0.05
_COVERED = 0.5


@dataclass(frozen=True, slots=True)
class Layers:
    """The layers of a page.

    Attributes:
        numbers: the layer of each text object, from 0, by the address of the object
        stacked: the positions of the characters that lie on top of others of the same object
    """

    numbers: dict[int | None, int]
    stacked: set[int]


def find_layers(drawn_glyphs: Sequence[DrawnGlyph | None], box: Box) -> Layers:
    """Divide the text objects into layers by comparing each character with its neighbours.

    Raises:
        TooComplex: too many characters lie in one place.
    """
    numbers: dict[int | None, int] = {}
    overlaps: dict[int | None, set[int | None]] = defaultdict(set)
    stacked: set[int] = set()
    grid: dict[tuple[int, int], list[tuple[int, DrawnGlyph]]] = defaultdict(list)
    for at, drawn in enumerate(drawn_glyphs):
        if drawn is None or drawn.style.invisible:
            continue
        source = drawn.style.source
        numbers[source] = 0
        for cell in _cells(drawn.shape, box):
            inside = grid[cell]
            if len(inside) > _MAX_PER_CELL:
                raise TooComplex
            for other_at, other, share in _overlapped(drawn, inside):
                if source != other:
                    overlaps[source].add(other)
                    overlaps[other].add(source)
                elif share >= _COVERED:
                    stacked |= {at, other_at}
            inside.append((at, drawn))
    assigned: set[int | None] = set()
    for source in numbers:
        taken = {numbers[other] for other in overlaps[source] & assigned}
        numbers[source] = next(number for number in range(len(taken) + 1) if number not in taken)
        assigned.add(source)
    return Layers(numbers, stacked)


def _overlapped(
    drawn: DrawnGlyph, others: Sequence[tuple[int, DrawnGlyph]]
) -> Iterator[tuple[int, int | None, float]]:
    """Yield the characters that a character overlaps: position, text object, and share of the smaller box.

    A character on top of an equal one is not yielded: it makes a bold letter or a shadow.
    """
    left, top, right, bottom = drawn.shape
    for at, other in others:
        x0, y0, x1, y1 = other.shape
        if x0 >= right or x1 <= left or y0 >= bottom or y1 <= top:
            continue
        width, height = min(right, x1) - max(left, x0), min(bottom, y1) - max(top, y0)
        smaller = min((right - left) * (bottom - top), (x1 - x0) * (y1 - y0))
        share = width * height / smaller if smaller > 0 else 0.0
        if share >= _OVERLAP and not (drawn.glyph.text == other.glyph.text and share >= _COVERED):
            yield at, other.style.source, share


def _cells(shape: Rectangle, box: Box) -> list[tuple[int, int]]:
    """Return the cells of the page that a shape touches."""
    if shape[2] < 0 or shape[0] > box.width or shape[3] < 0 or shape[1] > box.height:
        return []
    left, right = _cell(shape[0], box.width), _cell(shape[2], box.width)
    top, bottom = _cell(shape[1], box.height), _cell(shape[3], box.height)
    if left == right and top == bottom:
        return [(left, top)]
    return [(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]


def _cell(position: float, size: float) -> int:
    return round(_CELLS * max(0.0, min(position / size, 1.0)))
