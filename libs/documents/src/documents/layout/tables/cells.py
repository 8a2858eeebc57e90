"""Join the cells of a table row into lines, alike for every format."""

import re
from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from documents.layout.headings import heading_type, is_ambiguous
from documents.layout.lines import Line
from documents.layout.rows import has_bullet
from documents.layout.tables.dates import continues_date, is_date, join_date

_MAX_HEADING: Final = 60
_SENTENCE_WORDS: Final = 5
_DATE_CELL_LINES: Final = 3
_YEAR: Final = re.compile(
    r"(?:(?:昭和|平成|令和|[SHR])\s?(?:\d{1,2}|元)|(?:19|20)\d\d|\d{1,2}(?=\s?年))\s?年?"
)
_MONTH: Final = re.compile(r"(?:1[0-2]|0?[1-9])\s?月?")
_HAS_PARTS: Final = re.compile(r"[\d,、，。.;・]")


def join_cells(cells: Sequence[Sequence[Line]]) -> list[Line]:
    """Return the lines of a table row.

    If every cell has one line and none is a list item, the row is one line. A date stands on the first line
    of the cell beside it. All other cells are read one after the other.
    """
    filled = [_join_dates([line for line in cell if line.text.strip()]) for cell in cells]
    filled = [lines for lines in filled if lines]
    if not filled:
        return []
    if len(filled) == 2 and len(filled[0]) == 1 and len(filled[1]) == 1:
        (first,), (second,) = filled
        if is_heading_cell(first.text, section=second.text):
            return [first, second]
    if all(len(lines) == 1 and not has_bullet(lines[0].text) for lines in filled):
        first, text = filled[0][0], "\t".join(lines[0].text for lines in filled)
        return [first if len(filled) == 1 else replace(first, text=text, style=None, label_style=first.style)]
    return [line for lines in _attach_dates(_join_year_and_month(filled)) for line in lines]


def is_heading_cell(text: str, *, section: str) -> bool:
    """Return True if a cell is the heading of the text in the cell beside it, unlike in "Skill | Level"."""
    if len(text) > _MAX_HEADING or heading_type(text) is None or is_ambiguous(text):
        return False
    return len(section.split()) >= _SENTENCE_WORDS or _HAS_PARTS.search(section) is not None


def _join_dates(lines: Sequence[Line]) -> list[Line]:
    """Join the lines of a cell that are the parts of one date."""
    joined: list[Line] = []
    for line in lines:
        if joined and continues_date(joined[-1].text, line.text):
            joined[-1] = replace(joined[-1], text=join_date(joined[-1].text, line.text))
        else:
            joined.append(line)
    return joined


def _join_year_and_month(cells: Sequence[list[Line]]) -> Sequence[list[Line]]:
    """Put a year and a month, which Japanese tables hold in cells of their own, on the line of their entry.

    One year belongs to the first line of the entry. Several belong to one line each.
    """
    if len(cells) < 3:
        return cells
    years, months, entries, *others = cells
    dates = list(zip(years, months, strict=False))
    if len(years) != len(months) or len(years) not in (1, len(entries)):
        return cells
    if not all(
        _YEAR.fullmatch(year.text.strip()) and _MONTH.fullmatch(month.text.strip()) for year, month in dates
    ):
        return cells
    dated = [
        replace(entry, text=f"{year.text}\t{month.text}\t{entry.text}")
        for (year, month), entry in zip(dates, entries, strict=False)
    ]
    return [[*dated, *entries[len(dated) :]], *others]


def _attach_dates(cells: Sequence[list[Line]]) -> list[list[Line]]:
    """Put a date on the first line of the cell to its right, or else of the cell to its left."""
    result = [list(lines) for lines in cells]
    for at, lines in enumerate(cells):
        if not _is_date_cell(lines):
            continue
        date, *others = lines
        if at + 1 < len(cells) and not _is_date_cell(cells[at + 1]):
            first, *rest = result[at + 1]
            first = replace(date, text=f"{date.text}\t{first.text}", style=first.style)
            result[at], result[at + 1] = [], [first, *others, *rest]
        elif at > 0 and result[at - 1] and not _is_date_cell(cells[at - 1]):
            first, *rest = result[at - 1]
            first = replace(first, text=f"{first.text}\t{date.text}")
            result[at], result[at - 1] = [], [first, *others, *rest]
    return result


def _is_date_cell(lines: Sequence[Line]) -> bool:
    """Return True if a cell holds one date, and at most a place or a name below it."""
    dates = [is_date(line.text.strip()) for line in lines[: _DATE_CELL_LINES + 1]]
    return dates[0] and len(dates) <= _DATE_CELL_LINES and sum(dates) == 1
