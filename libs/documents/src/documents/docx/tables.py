"""The rows and cells of DOCX tables, and the text of a row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Final

from lxml import etree

from documents.docx.package import local
from documents.layout.lines import Line
from documents.layout.tables.cells import join_cells

# Elements that only wrap others. Tracked deletions are not among them.
CONTAINERS: Final = frozenset(
    {"ins", "moveTo", "customXml", "smartTag", "sdt", "sdtContent", "hyperlink", "fldSimple"}
)
# A cell with this many lines is a column of text.
_COLUMN_LINES: Final = 3


@dataclass(slots=True)
class BodyText:
    """Lines in document order, and the same text row by row across the cells of tables."""

    lines: list[Line] = field(default_factory=list)
    by_row: list[str] = field(default_factory=list)

    def extend(self, other: "BodyText") -> None:
        self.lines += other.lines
        self.by_row += other.by_row


def find_in_table(element: etree._Element, name: str) -> Iterator[etree._Element]:
    """Yield the rows ("tr") of a table, or the cells ("tc") of a row."""
    for item in element:
        if local(item) == name:
            yield item
        elif local(item) in CONTAINERS:
            yield from find_in_table(item, name)


def table_edges(place: int, count: int, kind: str) -> frozenset[str]:
    """Return the edges of a table that a row or column lies at, such as "firstRow"."""
    found = [f"first{kind}"] if place == 0 else []
    return frozenset([*found, f"last{kind}"] if place == count - 1 else found)


def count_text_columns(cells: Sequence[BodyText]) -> int:
    """Count the cells of a row that are columns of text."""
    return sum(sum(bool(line.text.strip()) for line in cell.lines) >= _COLUMN_LINES for cell in cells)


def join_row(cells: Sequence[BodyText]) -> BodyText:
    """Return the text of a row, and the same text as a simple parser reads it across the cells."""
    lines = join_cells([cell.lines for cell in cells])
    filled = [cell for cell in cells if any(line.text.strip() for line in cell.lines)]
    if all(sum(bool(line.text.strip()) for line in cell.lines) == 1 for cell in filled):
        by_row = ["\t".join(line.text for cell in filled for line in cell.lines if line.text.strip())]
        return BodyText(lines, by_row)
    body_text = BodyText(lines)
    for texts in zip_longest(*(cell.by_row for cell in cells), fillvalue=""):
        body_text.by_row += texts
    return body_text
