"""PDF: texts that lie upon each other, told apart so that each can be taken away by itself. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from documents.errors import TooComplex
from documents.pdf.glyphs import Mark
from documents.pdf.page_objects import Box, Rectangle

# The grid in which neighbours are looked for: its cells are about as large as a letter on A4.
_CELLS = 100
# So many in one cell are no text: a dense one has twenty.
_MOST = 1_000
# Share of the smaller of two boxes. Kerning and slanted letters overlap by a little. By half, letters of one
# text object, which can only be taken away together, do so to hide each other.
_TOUCHES = 0.05
_COVERS = 0.5


@dataclass(frozen=True, slots=True)
class Layers:
    """A number from 0 for each text object, by its address: those of the same number do not overlap.

    `piled`: the marks, by their number, that lie upon others of the same object.
    """

    numbers: dict[int | None, int]
    piled: set[int]


def find_layers(marks: Sequence[Mark | None], box: Box) -> Layers:
    """Compare each character with those around it. Raises TooComplex."""
    numbers: dict[int | None, int] = {}
    meets: dict[int | None, set[int | None]] = defaultdict(set)
    piled: set[int] = set()
    grid: dict[tuple[int, int], list[tuple[int, Mark]]] = defaultdict(list)
    for at, mark in enumerate(marks):
        if mark is None or mark.style.inkless:
            continue
        source = mark.style.source
        numbers[source] = 0
        for cell in _cells(mark.shape, box):
            inside = grid[cell]
            if len(inside) > _MOST:
                raise TooComplex
            for other_at, other, share in _overlapped(mark, inside):
                if source != other:
                    meets[source].add(other)
                    meets[other].add(source)
                elif share >= _COVERS:
                    piled |= {at, other_at}
            inside.append((at, mark))
    given: set[int | None] = set()
    for source in numbers:
        taken = {numbers[other] for other in meets[source] & given}
        numbers[source] = next(number for number in range(len(taken) + 1) if number not in taken)
        given.add(source)
    return Layers(numbers, piled)


def _overlapped(mark: Mark, others: Sequence[tuple[int, Mark]]) -> Iterator[tuple[int, int | None, float]]:
    """Yield which of the others a character overlaps, their sources, and the share of the smaller one.

    The same character upon itself makes a bold letter or a shadow, and belongs with it.
    """
    left, top, right, bottom = mark.shape
    for at, other in others:
        x0, y0, x1, y1 = other.shape
        if x0 >= right or x1 <= left or y0 >= bottom or y1 <= top:
            continue
        width, height = min(right, x1) - max(left, x0), min(bottom, y1) - max(top, y0)
        smaller = min((right - left) * (bottom - top), (x1 - x0) * (y1 - y0))
        share = width * height / smaller if smaller > 0 else 0.0
        if share >= _TOUCHES and not (mark.glyph.text == other.glyph.text and share >= _COVERS):
            yield at, other.style.source, share


def _cells(shape: Rectangle, box: Box) -> list[tuple[int, int]]:
    """Return the cells of the page that a shape touches."""
    if shape[2] < 0 or shape[0] > box.width or shape[3] < 0 or shape[1] > box.height:
        return []
    left, right = (round(_CELLS * max(0.0, min(x / box.width, 1.0))) for x in (shape[0], shape[2]))
    top, bottom = (round(_CELLS * max(0.0, min(y / box.height, 1.0))) for y in (shape[1], shape[3]))
    return [(x, y) for x in range(left, right + 1) for y in range(top, bottom + 1)]
