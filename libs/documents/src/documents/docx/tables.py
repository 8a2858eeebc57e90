"""The rows and cells of DOCX tables, and the text of a row."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Final

from lxml import etree

from documents.docx.package import local
from documents.layout.headings import heading_type, is_ambiguous
from documents.layout.lines import Line

# Elements that only wrap others. Tracked deletions are not among them.
CONTAINERS: Final = frozenset(
    {"ins", "moveTo", "customXml", "smartTag", "sdt", "sdtContent", "hyperlink", "fldSimple"}
)
# A cell with this many lines is a column of text.
_COLUMN_LINES: Final = 3
_MAX_HEADING: Final = 60
_SENTENCE_WORDS: Final = 5
_HAS_PARTS: Final = re.compile(r"[\d,、，。.;・]")


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
    """Return the text of a row: one line if every cell has one line, else the cells one after the other."""
    filled = [[line for line in cell.lines if line.text.strip()] for cell in cells]
    filled = [lines for lines in filled if lines]
    if all(len(lines) == 1 for lines in filled):
        # An entry and its date, or a label and its value.
        text = "\t".join(lines[0].text for lines in filled)
        if len(filled) == 2 and _is_heading(filled[0][0].text, section=filled[1][0].text):
            return BodyText([line for lines in filled for line in lines], [text])
        style = filled[0][0].style if len(filled) == 1 else None
        return BodyText([Line(text=text, style=style)], [text])
    body_text = BodyText()
    for cell in cells:
        body_text.lines += cell.lines
    for by_row in zip_longest(*(cell.by_row for cell in cells), fillvalue=""):
        body_text.by_row += by_row
    return body_text


def _is_heading(text: str, *, section: str) -> bool:
    """Return True if a cell is the heading of the text in the cell beside it, unlike in "Skill | Level"."""
    if len(text) > _MAX_HEADING or heading_type(text) is None or is_ambiguous(text):
        return False
    return len(section.split()) >= _SENTENCE_WORDS or _HAS_PARTS.search(section) is not None
