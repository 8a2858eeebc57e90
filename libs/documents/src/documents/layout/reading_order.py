"""Reading order: the columns of a page, from words with their positions.

A page is read in rows from top to bottom. Cells between drawn rulings are read as a table. If a clear
vertical gutter divides the page, the left side is read before the right. Rows that cross the gutter, such as
a name over two columns, end the columns above them. A gutter only counts if it divides two texts, not an
entry from its date or a label from its value: `documents.layout.columns.gutters` decides, and
`documents.layout.tables.rails` finds the entries. Coordinates are points (1/72 inch) from the top left corner
of the upright page.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import reduce
from itertools import chain, pairwise
from typing import Final

from documents.layout.columns.regions import split_at_gutter
from documents.layout.line_breaks import join_rows
from documents.layout.rows import Column, Piece, Row, Word, group_rows, split_row
from documents.layout.tables.dates import count_dates, is_date, join_date
from documents.layout.tables.grid import Cell, Rectangle, Table, find_tables, split_columns, split_rows
from documents.layout.tables.rails import Rail, Record, find_rivers

# The head of a page has few rows, little text, and below it white space of so many times the font size.
_HEAD_ROWS: Final = 8
_HEAD_SHARE: Final = 0.25
_HEAD_GAP: Final = 2.2
_MIN_GAP_SIZE: Final = 10.0
_MAX_DEPTH: Final = 5
# Multiple of the font size: a larger distance between two records is a blank line.
_RECORD_GAP: Final = 1.75
# A cell with this many rows is a column of text.
_COLUMN_ROWS: Final = 6
# A date in a narrow cell takes at most so many rows.
_DATE_ROWS: Final = 4
# Text ends so many points before the ruling at the right of its cell.
_CELL_PADDING: Final = 3.0


def read_columns(words: Sequence[Word], rulings: Sequence[Rectangle] = ()) -> list[Column]:
    """Return the columns of a page in reading order.

    Args:
        words: the words of the page
        rulings: the straight lines drawn on the page
    """
    tables = find_tables(rulings)
    table = _first_table(words, tables)
    head, rest = _split_head(words)
    if table and head and head[-1].base > table.top:
        head, rest = [], list(words)
    edge = max((word.right for word in words), default=0.0)
    # A name beside an address is one row beside several. It does not make two columns.
    columns = [replace(column, side_by_side=1) for column in _read_region(head, min_rows=1, edge=edge)]
    return columns + _read_region(rest, tables=tables, edge=edge)


def _split_head(words: Sequence[Word]) -> tuple[list[Word], list[Word]]:
    """Separate the head of a page from the rest, if white space over the whole width divides them."""
    rows = group_rows(words)
    for at, (above, below) in enumerate(pairwise(rows[: _HEAD_ROWS + 1]), 1):
        size = max(_MIN_GAP_SIZE, *(word.size for word in (*above, *below)))
        if below[0].base - max(word.base for word in above) > _HEAD_GAP * size:
            head, rest = list(chain(*rows[:at])), list(chain(*rows[at:]))
            return (head, rest) if len(head) <= _HEAD_SHARE * len(words) else ([], list(words))
    return [], list(words)


def _words(pieces: Iterable[Piece]) -> list[Word]:
    return [word for piece in pieces for word in piece.words]


def _read_region(
    words: list[Word],
    *,
    depth: int = 0,
    side_by_side: int = 1,
    min_rows: int = 2,
    tables: Sequence[Table] = (),
    edge: float | None = None,
) -> list[Column]:
    """Return the columns of a part of the page, whose text is wrapped at `edge` if that is known."""
    if depth < _MAX_DEPTH and (table := _first_table(words, tables)):
        return _read_around_table(
            words, table, depth=depth + 1, side_by_side=side_by_side, tables=tables, edge=edge
        )
    rows = [Row(split_row(row)) for row in group_rows(words)]
    split = split_at_gutter(rows, min_rows) if depth < _MAX_DEPTH else None
    if split is None:
        return [Column(rows, side_by_side, edge=edge)] if rows else []
    sides = [piece.right for region in split if region.right is not None for piece in region.left]
    columns: list[Column] = []
    for region in split:
        if region.rail is not None:
            columns += _read_records(region.rail, depth=depth + 1, side_by_side=side_by_side, edge=edge)
        elif region.right is None:
            columns += _read_region(
                _words(region.left), depth=depth + 1, side_by_side=side_by_side, tables=tables, edge=edge
            )
        else:
            for side, side_edge in ((region.left, max(sides)), (region.right, edge)):
                columns += _read_region(
                    _words(side),
                    depth=depth + 1,
                    side_by_side=side_by_side + 1,
                    tables=tables,
                    edge=side_edge,
                )
    return columns


def _first_table(words: Sequence[Word], tables: Sequence[Table]) -> Table | None:
    """Return the first table that has words in it and none of `words` beside it."""
    for table in tables:
        inside = [word for word in words if table.top < _middle(word) < table.bottom]
        if inside and all(
            table.left - 2 <= (word.left + word.right) / 2 <= table.right + 2 for word in inside
        ):
            filled = {id(cell) for word in inside if (cell := _cell_of(word, table.cells))}
            if len(filled) > 1:
                return table
    return None


def _middle(word: Word) -> float:
    """Return the height of the middle of the small letters of a word."""
    return word.base - 0.3 * word.size


def _cell_of(word: Word, cells: Sequence[Cell]) -> Cell | None:
    x, y = (word.left + word.right) / 2, _middle(word)
    return next(
        (cell for cell in cells if cell.left <= x <= cell.right and cell.top <= y <= cell.bottom), None
    )


def _read_around_table(
    words: Sequence[Word],
    table: Table,
    *,
    depth: int,
    side_by_side: int,
    tables: Sequence[Table],
    edge: float | None,
) -> list[Column]:
    others = [other for other in tables if other is not table]
    above = [word for word in words if _middle(word) <= table.top]
    below = [word for word in words if _middle(word) >= table.bottom]
    inside = [word for word in words if table.top < _middle(word) < table.bottom]
    columns = _read_region(above, depth=depth, side_by_side=side_by_side, tables=others, edge=edge)
    columns += _read_cells(table.cells, inside, depth=depth, side_by_side=side_by_side)
    return columns + _read_region(below, depth=depth, side_by_side=side_by_side, tables=others, edge=edge)


def _read_cells(
    cells: Sequence[Cell], words: Sequence[Word], *, depth: int, side_by_side: int
) -> list[Column]:
    """Read a table row by row, and a row cell by cell."""
    content: dict[int, list[Word]] = {id(cell): [] for cell in cells}
    for word in words:
        x, y = (word.left + word.right) / 2, _middle(word)
        nearest = _cell_of(word, cells) or min(
            cells,
            key=lambda cell: max(cell.top - y, y - cell.bottom, 0) + max(cell.left - x, x - cell.right, 0),
        )
        content[id(nearest)].append(word)
    return _read_cell_group(list(cells), content, depth=depth, side_by_side=side_by_side)


def _read_cell_group(
    cells: list[Cell], content: dict[int, list[Word]], *, depth: int, side_by_side: int
) -> list[Column]:
    columns: list[Column] = []
    bands = split_rows(cells)
    for number, band in enumerate(bands):
        stacks = split_columns(band)
        inner = [word for cell in band for word in content[id(cell)]]
        if len(band) == 1 or not inner or depth >= _MAX_DEPTH:
            columns += _read_region(inner, depth=depth, side_by_side=side_by_side)
        elif all(len(stack) == 1 for stack in stacks):
            row = [(stack[0], content[id(stack[0])]) for stack in stacks]
            is_frame = len(bands) == 1 and not any(_is_dated(words) for _, words in row)
            if is_frame or _holds_records(words for _, words in row):
                columns += _read_region(inner, depth=depth, side_by_side=side_by_side)
            else:
                columns.append(_table_row(row, depth, first=number == 0))
        elif len(stacks) > 1:
            for stack in stacks:
                columns += _read_cell_group(stack, content, depth=depth + 1, side_by_side=side_by_side)
        else:
            for cell in sorted(band, key=lambda cell: (cell.top, cell.left)):
                columns += _read_region(content[id(cell)], depth=depth, side_by_side=side_by_side)
    return columns


def _is_dated(words: Sequence[Word]) -> bool:
    """Return True if a cell holds one date and nothing else."""
    rows = [" ".join(word.text for word in row) for row in group_rows(words)]
    return 0 < len(rows) <= _DATE_ROWS and is_date(reduce(join_date, rows))


def _holds_records(cells: Iterable[Sequence[Word]]) -> bool:
    """Return True if a row of cells is a frame around several records, each with its date."""
    texts = [[" ".join(word.text for word in row) for row in group_rows(words)] for words in cells]
    return any(count_dates(rows) > 1 for rows in texts) and sum(len(rows) > 1 for rows in texts) > 1


def _table_row(cells: Sequence[tuple[Cell, list[Word]]], depth: int, *, first: bool) -> Column:
    read = [_read_region(words, depth=depth + 1, edge=cell.right - _CELL_PADDING) for cell, words in cells]
    return _row_of_cells(read, gap_before=first)


def _row_of_cells(cells: list[list[Column]], *, gap_before: bool | None) -> Column:
    cells = [[replace(column, is_cell=True) for column in cell] for cell in cells if cell]
    rows = [row for cell in cells for column in cell for row in column.rows]
    text_columns = sum(sum(len(column.rows) for column in cell) >= _COLUMN_ROWS for cell in cells)
    return Column(rows, max(1, text_columns), cells, gap_before=gap_before)


def _read_records(rail: Rail, *, depth: int, side_by_side: int, edge: float | None) -> list[Column]:
    """Read each block of a rail with the text beside it."""
    columns: list[Column] = []
    rivers = find_rivers(rail.records)
    pieces = [piece for record in rail.records for piece in record.body]
    # The right edges of the cells: text of another record may be longer.
    edges = [max((piece.right for piece in pieces if piece.left < river), default=river) for river in rivers]
    if edge is None or not rail.is_left:
        edge = max((piece.right for piece in pieces), default=0.0)
    edges.append(edge)
    bottom: float | None = None
    for record in rail.records:
        words = [*_words(record.rail), *_words(record.body)]
        size = max(word.size for word in words)
        gap = bottom is None or min(word.base for word in words) - bottom > _RECORD_GAP * size
        bottom = max(word.base for word in words)
        read = _read_record(
            record, rivers, edges, is_left=rail.is_left, depth=depth, side_by_side=side_by_side
        )
        columns += [replace(read[0], gap_before=gap), *read[1:]]
    return columns


def _label(record: Record, side_by_side: int) -> Column:
    """Return the cell of a rail. A heading or a label over several rows is one row."""
    rows = group_rows(_words(record.rail))
    if record.is_date or not (record.is_heading or record.body):
        return Column([Row(split_row(row)) for row in rows], side_by_side)
    return Column([Row([Piece(_unwrap(rows))])] if rows else [], side_by_side)


def _unwrap(rows: Sequence[Sequence[Word]]) -> list[Word]:
    """Return the words of wrapped rows, with those joined that a line break divides."""
    words = list(rows[0])
    for row in rows[1:]:
        joined = join_rows(words[-1].text, row[0].text, ())
        if " " in joined:
            words += row
        else:
            words[-1:] = [replace(words[-1], text=joined, right=max(words[-1].right, row[0].right)), *row[1:]]
    return words


def _read_record(
    record: Record,
    rivers: Sequence[float],
    edges: Sequence[float],
    *,
    is_left: bool,
    depth: int,
    side_by_side: int,
) -> list[Column]:
    label = [_label(record, side_by_side)]
    if not record.rail or not record.body or record.is_heading:
        body = _read_region(_words(record.body), depth=depth, side_by_side=side_by_side, edge=edges[-1])
        if not record.rail:
            return body
        return [*label, *(replace(column, gap_before=False) for column in body[:1]), *body[1:]]
    cells: list[list[Piece]] = [[] for _ in range(len(rivers) + 1)]
    for piece in record.body:
        cells[sum(piece.left > river for river in rivers)].append(piece)
    texts = [
        _read_region(_words(cell), depth=depth, edge=edge)
        for cell, edge in zip(cells, edges, strict=True)
        if cell
    ]
    return [_row_of_cells([label, *texts] if is_left else [*texts, label], gap_before=None)]
