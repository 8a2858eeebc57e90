"""PDF: texts that lie upon each other, told apart so that each can be taken away by itself. Pure."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from request_api.documents.pdf_glyphs import Mark
from request_api.documents.pdf_objects import Box, Rectangle

# The grid in which neighbours are looked for: its cells are about as large as a letter on A4.
_CELLS = 100
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
    """Compare all characters but with the same ones, which make bold letters or a shadow."""
    numbers: dict[int | None, int] = {}
    meets: dict[int | None, set[int | None]] = defaultdict(set)
    piled: set[int] = set()
    grid: dict[tuple[int, int], list[tuple[int, Mark]]] = defaultdict(list)
    for at, mark in enumerate(marks):
        if mark is None:
            continue
        numbers[mark.style.source] = 0
        for cell in _cells(mark.shape, box):
            for other_at, other in grid[cell]:
                share = _overlap(mark.shape, other.shape)
                if share < _TOUCHES or (mark.glyph.text == other.glyph.text and share >= _COVERS):
                    continue
                if mark.style.source != other.style.source:
                    meets[mark.style.source].add(other.style.source)
                    meets[other.style.source].add(mark.style.source)
                elif share >= _COVERS:
                    piled |= {at, other_at}
            grid[cell].append((at, mark))
    given: set[int | None] = set()
    for source in numbers:
        taken = {numbers[other] for other in meets[source] & given}
        numbers[source] = next(number for number in range(len(taken) + 1) if number not in taken)
        given.add(source)
    return Layers(numbers, piled)


def _cells(shape: Rectangle, box: Box) -> Iterator[tuple[int, int]]:
    """Yield the cells that a shape touches; what is off the page counts as on its edge."""
    left, right = (int(_CELLS * max(0.0, min(x / box.width, 1.0))) for x in (shape[0], shape[2]))
    top, bottom = (int(_CELLS * max(0.0, min(y / box.height, 1.0))) for y in (shape[1], shape[3]))
    for x in range(left, right + 1):
        for y in range(top, bottom + 1):
            yield x, y


def _overlap(one: Rectangle, other: Rectangle) -> float:
    """Return the common area as a share of the smaller one."""
    width = min(one[2], other[2]) - max(one[0], other[0])
    height = min(one[3], other[3]) - max(one[1], other[1])
    if width <= 0 or height <= 0:
        return 0.0
    return (
        width
        * height
        / min((one[2] - one[0]) * (one[3] - one[1]), (other[2] - other[0]) * (other[3] - other[1]))
    )
