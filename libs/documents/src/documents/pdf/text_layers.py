"""Divide the text objects of a PDF page into layers, so that the objects of a layer do not overlap."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from documents.errors import TooComplex
from documents.pdf.characters.glyphs import DrawnGlyph
from documents.pdf.page_objects import Box, Rectangle

# Rows and columns of the grid that finds neighbours. Its cells are about as large as a letter on A4.
_CELLS = 100
_STRIDE = _CELLS + 1
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
    # In the order of the page, and each once.
    sources: dict[int | None, None] = {}
    overlaps: dict[int | None, set[int | None]] = defaultdict(set)
    stacked: set[int] = set()
    grid: dict[int, list[tuple[int, DrawnGlyph]]] = defaultdict(list)
    for at, drawn in enumerate(drawn_glyphs):
        if drawn is None or drawn.style.invisible:
            continue
        source = drawn.style.source
        sources[source] = None
        left, top, right, bottom = drawn.shape
        for cell in _cells(drawn.shape, box):
            inside = grid[cell]
            if len(inside) > _MAX_PER_CELL:
                raise TooComplex
            for other_at, other in inside:
                x0, y0, x1, y1 = other.shape
                if x0 >= right or x1 <= left or y0 >= bottom or y1 <= top:
                    continue
                share = _overlap(drawn, other)
                if share < _OVERLAP:
                    continue
                if source != other.style.source:
                    overlaps[source].add(other.style.source)
                    overlaps[other.style.source].add(source)
                elif share >= _COVERED:
                    stacked |= {at, other_at}
            inside.append((at, drawn))
    return Layers(_number(sources, overlaps), stacked)


def _number(
    sources: Iterable[int | None], overlaps: Mapping[int | None, set[int | None]]
) -> dict[int | None, int]:
    """Return for each text object the first layer without an object that it overlaps."""
    numbers: dict[int | None, int] = {}
    for source in sources:
        taken = {numbers[other] for other in overlaps.get(source, ()) if other in numbers}
        numbers[source] = next(number for number in range(len(taken) + 1) if number not in taken)
    return numbers


def _overlap(drawn: DrawnGlyph, other: DrawnGlyph) -> float:
    """Return the share of the smaller box that two overlapping characters share.

    It is 0 for a character on top of an equal one, which makes a bold letter or a shadow.
    """
    left, top, right, bottom = drawn.shape
    x0, y0, x1, y1 = other.shape
    width, height = min(right, x1) - max(left, x0), min(bottom, y1) - max(top, y0)
    smaller = min((right - left) * (bottom - top), (x1 - x0) * (y1 - y0))
    share = width * height / smaller if smaller > 0 else 0.0
    return 0.0 if share >= _COVERED and drawn.glyph.text == other.glyph.text else share


def _cells(shape: Rectangle, box: Box) -> Sequence[int]:
    """Return the numbers of the cells of the page that a shape touches."""
    left, top, right, bottom = shape
    width, height = box.width, box.height
    if right < 0 or left > width or bottom < 0 or top > height:
        return ()
    x0, x1 = round(_CELLS * max(0.0, left) / width), round(_CELLS * min(width, right) / width)
    y0, y1 = round(_CELLS * max(0.0, top) / height), round(_CELLS * min(height, bottom) / height)
    if x0 == x1 and y0 == y1:
        return (x0 + _STRIDE * y0,)
    return [x + _STRIDE * y for y in range(y0, y1 + 1) for x in range(x0, x1 + 1)]
