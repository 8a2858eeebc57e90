"""The cells of tables, from the rulings that are drawn around them.

Coordinates are points (1/72 inch) from the top left corner of the upright page.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise, product
from typing import Final

# Left, top, right and bottom. A ruling is a rectangle without a width or without a height.
Rectangle = tuple[float, float, float, float]
# The position of a ruling, and where it starts and ends.
Ruling = tuple[float, float, float]

# Rulings that are closer than this touch each other, as the two lines of a double border do.
_TOUCH: Final = 3.0
_MIN_CELL: Final = 6.0
# The share of the side of a cell that a ruling must cover.
_COVERED: Final = 0.6
# Tables of resumes have at most a few hundred rulings. Drawings with more are not tables.
_MAX_RULINGS: Final = 1_500
# A larger grid is a chart or a calendar.
_MAX_LINES: Final = 80
_MAX_CELLS: Final = 800


@dataclass(frozen=True, slots=True)
class Cell:
    """A rectangle between rulings."""

    left: float
    top: float
    right: float
    bottom: float


@dataclass(slots=True)
class Table:
    """Cells whose rulings touch each other."""

    cells: list[Cell]

    @property
    def top(self) -> float:
        return min(cell.top for cell in self.cells)

    @property
    def bottom(self) -> float:
        return max(cell.bottom for cell in self.cells)

    @property
    def left(self) -> float:
        return min(cell.left for cell in self.cells)

    @property
    def right(self) -> float:
        return max(cell.right for cell in self.cells)


@dataclass(slots=True)
class _Lines:
    """The rulings of one table."""

    horizontal: list[Ruling] = field(default_factory=list)
    vertical: list[Ruling] = field(default_factory=list)


def find_tables(rulings: Sequence[Rectangle]) -> list[Table]:
    """Return the tables of a page, top to bottom. A table has at least two cells side by side."""
    if not 3 <= len(rulings) <= _MAX_RULINGS:
        return []
    horizontal = _merge(
        (top, left, right) for left, top, right, bottom in rulings if bottom - top <= right - left
    )
    vertical = _merge(
        (left, top, bottom) for left, top, right, bottom in rulings if bottom - top > right - left
    )
    if len(horizontal) < 2 or not vertical:
        return []
    tables = [Table(cells) for lines in _connect(horizontal, vertical) if (cells := _cells(lines))]
    return sorted(tables, key=lambda table: table.top)


def split_rows(cells: Sequence[Cell]) -> list[list[Cell]]:
    """Divide cells at the heights that no cell crosses."""
    return _split(sorted(cells, key=lambda cell: cell.top), lambda cell: (cell.top, cell.bottom))


def split_columns(cells: Sequence[Cell]) -> list[list[Cell]]:
    """Divide cells at the positions that no cell crosses."""
    return _split(sorted(cells, key=lambda cell: cell.left), lambda cell: (cell.left, cell.right))


def _split(cells: Sequence[Cell], span: Callable[[Cell], tuple[float, float]]) -> list[list[Cell]]:
    groups: list[list[Cell]] = []
    end = 0.0
    for cell in cells:
        first, last = span(cell)
        if groups and first < end - _TOUCH:
            groups[-1].append(cell)
            end = max(end, last)
        else:
            groups.append([cell])
            end = last
    return groups


def _merge(lines: Iterable[Ruling]) -> list[Ruling]:
    """Join rulings in a line that touch or overlap."""
    merged: list[Ruling] = []
    for at, start, end in sorted(lines, key=lambda line: (round(line[0] / _TOUCH), line[1])):
        last = merged[-1] if merged else None
        if last and abs(last[0] - at) <= _TOUCH and start <= last[2] + _TOUCH:
            merged[-1] = (last[0], last[1], max(last[2], end))
        else:
            merged.append((at, start, end))
    return merged


def _connect(horizontal: Sequence[Ruling], vertical: Sequence[Ruling]) -> list[_Lines]:
    """Group rulings that touch each other."""
    groups: list[_Lines] = []
    rows, columns = list(horizontal), list(vertical)
    while columns:
        lines, added = _Lines(), [columns.pop()]
        while added:
            lines.vertical += added
            touched = [row for row in rows if any(_meet(row, column) for column in added)]
            rows = [row for row in rows if row not in touched]
            lines.horizontal += touched
            added = [column for column in columns if any(_meet(row, column) for row in touched)]
            columns = [column for column in columns if column not in added]
        groups.append(lines)
    return groups


def _meet(row: Ruling, column: Ruling) -> bool:
    (y, left, right), (x, top, bottom) = row, column
    return left - _TOUCH <= x <= right + _TOUCH and top - _TOUCH <= y <= bottom + _TOUCH


def _cells(lines: _Lines) -> list[Cell]:
    if len(lines.horizontal) < 2:
        return []
    row_ends = [end for _, *ends in lines.horizontal for end in ends]
    column_ends = [end for _, *ends in lines.vertical for end in ends]
    xs = _positions([x for x, _, _ in lines.vertical] + row_ends)
    ys = _positions([y for y, _, _ in lines.horizontal] + column_ends)
    if len(xs) < 3 or len(ys) < 2 or max(len(xs), len(ys)) > _MAX_LINES:
        return []
    width = len(xs) - 1
    groups = {at: {at} for at in range(width * (len(ys) - 1))}
    for first, second in _open_sides(lines, xs, ys):
        if groups[first] is not groups[second]:
            small, large = sorted((groups[first], groups[second]), key=len)
            large |= small
            groups.update(dict.fromkeys(small, large))
    cells = []
    for members in {id(group): group for group in groups.values()}.values():
        columns, rows = [at % width for at in members], [at // width for at in members]
        cells.append(Cell(xs[min(columns)], ys[min(rows)], xs[max(columns) + 1], ys[max(rows) + 1]))
    return cells if 1 < len(cells) <= _MAX_CELLS else []


def _open_sides(lines: _Lines, xs: Sequence[float], ys: Sequence[float]) -> Iterator[tuple[int, int]]:
    """Yield the neighbours without a ruling between them, numbered row by row."""
    width = len(xs) - 1
    at_x = [_spans_near(lines.vertical, x) for x in xs]
    at_y = [_spans_near(lines.horizontal, y) for y in ys]
    for (j, (top, bottom)), (i, (left, right)) in product(enumerate(pairwise(ys)), enumerate(pairwise(xs))):
        at = j * width + i
        if i + 1 < width and not _covers(at_x[i + 1], top, bottom):
            yield at, at + 1
        if j + 2 < len(ys) and not _covers(at_y[j + 1], left, right):
            yield at, at + width


def _positions(values: Iterable[float]) -> list[float]:
    positions: list[float] = []
    for value in sorted(values):
        if not positions or value - positions[-1] > _MIN_CELL:
            positions.append(value)
    return positions


def _spans_near(lines: Iterable[Ruling], at: float) -> list[tuple[float, float]]:
    return [(first, last) for place, first, last in lines if abs(place - at) <= _MIN_CELL]


def _covers(spans: Iterable[tuple[float, float]], start: float, end: float) -> bool:
    covered = sum(max(0.0, min(end, last) - max(start, first)) for first, last in spans)
    return covered >= _COVERED * (end - start)
