"""DOCX: walks the body, a header or a text box and gathers what is visible."""

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import Final

from lxml import etree

from documents.docx.colours import Colour
from documents.docx.numbering import Numbering
from documents.docx.package import attribute, child, local
from documents.docx.shapes import alternative, extent, fill, is_concealed, walk
from documents.docx.styles import Look, Styles, is_low
from documents.errors import TooMuchText
from documents.layout.headings import heading_type, is_ambiguous
from documents.layout.lines import Line
from documents.layout.normalize import count_cjk, tag_characters

# Holders of paragraphs or runs that say nothing of their own; tracked deletions are not among them.
_HOLDERS: Final = frozenset(
    {"ins", "moveTo", "customXml", "smartTag", "sdtContent", "hyperlink", "fldSimple"}
)
_MORE_HOLDERS: Final = frozenset({"sdt", "dir", "bdo", "ruby", "rubyBase", "oMath", "oMathPara"})
# Cells with this many lines make a row of a table columns of text.
_COLUMN_LINES: Final = 3
_MAX_HEADING: Final = 60
_SENTENCE_WORDS: Final = 5
_HAS_PARTS: Final = re.compile(r"[\d,、，。.;・]")


@dataclass(slots=True)
class Reading:
    """Lines in document order, and the same text read row by row across the cells of tables."""

    lines: list[Line] = field(default_factory=list)
    across: list[str] = field(default_factory=list)

    def add(self, other: "Reading") -> None:
        self.lines += other.lines
        self.across += other.across


@dataclass(slots=True)
class _Paragraph:
    """The text of a paragraph while it is gathered."""

    look: Look
    parts: list[str] = field(default_factory=list)
    looks: Counter[Look] = field(default_factory=Counter)
    # Text boxes, and whether they are concealed.
    boxes: list[tuple[etree._Element, bool]] = field(default_factory=list)


class BodyReader:
    """Reads parts of one document and counts over all of them.

    `paper`: the colour of the page, None where something may be painted behind the text; `page`: its width
    and height in EMU (1/12,700 of a point).
    Raises TooMuchText beyond `at_most` characters.
    """

    def __init__(
        self,
        *,
        styles: Styles,
        numbering: Numbering,
        paper: Colour | None,
        page: tuple[float, float],
        at_most: int,
    ) -> None:
        self._styles = styles
        self._numbering = numbering
        self._page = page
        self._left = at_most
        # What surrounds what is being read: the page, a cell, a box.
        self._around = replace(styles.default, paper=paper)
        # Rows and boxes around it that are not shown.
        self._concealed = 0
        self.fonts: Counter[tuple[str, float]] = Counter()
        self.hidden = 0
        self.hidden_parts: list[str] = []
        self.images = 0
        self.image_area = 0.0  # square EMU
        self.tables = 0
        self.columns = 1
        self.boxes = 0
        self.boxed: list[str] = []

    def read(self, holder: etree._Element) -> Reading:
        """Return the text of an element that holds paragraphs and tables."""
        reading = Reading()
        for item in holder:
            match local(item):
                case "p":
                    reading.add(self._paragraph(item))
                case "tbl":
                    reading.add(self._table(item))
                case "AlternateContent":
                    for chosen in alternative(item):
                        reading.add(self.read(chosen))
                case name if name in _HOLDERS or name in _MORE_HOLDERS:
                    reading.add(self.read(item))
        return reading

    def _paragraph(self, element: etree._Element) -> Reading:
        properties = child(element, "pPr")
        paragraph = _Paragraph(self._styles.paragraph(self._around, properties))
        self._inline(element, paragraph)
        self.hidden_parts.append(" ")
        reading = Reading()
        for box, concealed in paragraph.boxes:
            reading.add(self._box(box, concealed=concealed))
        text = "".join(paragraph.parts)
        if text.strip():
            mark = self._numbering.mark(self._styles.numbering(properties))
            text = f"{mark} {text.lstrip()}" if mark else text
        look = paragraph.looks.most_common(1)[0][0] if paragraph.looks else paragraph.look
        same = (look.font, look.size, look.bold, look.capitals, paragraph.look.heading)
        heading = paragraph.look.heading is not None
        for number, line in enumerate(text.split("\n")):
            reading.lines.append(Line(text=line, style=same, gap_before=heading and number == 0))
            reading.across.append(line)
        return reading

    def _inline(self, holder: etree._Element, paragraph: _Paragraph) -> None:
        for item in holder:
            match local(item):
                case "r":
                    self._run(item, paragraph)
                case "AlternateContent":
                    for chosen in alternative(item):
                        self._inline(chosen, paragraph)
                case name if name in _HOLDERS or name in _MORE_HOLDERS:
                    self._inline(item, paragraph)

    def _run(self, run: etree._Element, paragraph: _Paragraph) -> None:
        look = self._styles.run(paragraph.look, child(run, "rPr"))
        hidden = self._concealed > 0 or look.hidden
        for item in run:
            match local(item):
                case "drawing" | "pict" | "object":
                    self._drawing(item, paragraph)
                case "AlternateContent":
                    for chosen in alternative(item):
                        for drawing in chosen:
                            self._drawing(drawing, paragraph)
                case "ruby":
                    self._inline(item, paragraph)
                case _:
                    self._text(item, look, hidden=hidden, paragraph=paragraph)

    def _text(self, item: etree._Element, look: Look, *, hidden: bool, paragraph: _Paragraph) -> None:
        text = _characters(item)
        seen = sum(not character.isspace() for character in text)
        tagged = tag_characters(text)
        self.hidden += seen if hidden else len(tagged)
        self.hidden_parts.append(text if hidden else tagged)
        self._left -= len(text)
        if self._left < 0:
            raise TooMuchText
        if hidden:
            return
        paragraph.parts.append(text.upper() if look.capitals else text)
        paragraph.looks[look] += seen
        asian = count_cjk(text) if look.asian_font else 0
        for font, characters in ((look.font, seen - asian), (look.asian_font, asian)):
            if characters > 0:
                self.fonts[font, look.size] += characters

    def _drawing(self, drawing: etree._Element, paragraph: _Paragraph) -> None:
        concealed = is_concealed(drawing, self._page)
        for item in walk(drawing):
            match local(item):
                case "txbxContent":
                    paragraph.boxes.append((item, concealed))
                case "blip" | "imagedata" if not concealed:
                    self.images += 1
                    width, height = extent(drawing) or (0, 0)
                    self.image_area += width * height

    def _box(self, box: etree._Element, *, concealed: bool) -> Reading:
        self.boxes += not concealed
        paint = fill(box, self._styles.palette)
        reading = self._within(box, replace(self._around, **paint), concealed=concealed)
        self.boxed += [line.text for line in reading.lines]
        return reading

    def _within(self, holder: etree._Element, around: Look, *, concealed: bool) -> Reading:
        outside, self._around = self._around, around
        self._concealed += concealed
        reading = self.read(holder)
        self._concealed -= concealed
        self._around = outside
        return reading

    def _table(self, table: etree._Element) -> Reading:
        self.tables += 1
        reading = Reading()
        table_properties = child(table, "tblPr")
        rows = list(_rows(table))
        for number, row in enumerate(rows):
            properties = child(row, "trPr")
            if child(properties, "del") is not None:
                continue
            concealed = child(properties, "hidden") is not None or is_low(properties)
            cells = list(_cells(row))
            readings = []
            for place, cell in enumerate(cells):
                edges = _edges(number, len(rows), "Row") | _edges(place, len(cells), "Col")
                look = self._styles.cell(self._around, table_properties, edges)
                for paint in (table_properties, child(cell, "tcPr")):
                    look = replace(look, **self._styles.palette.paper(paint))
                readings.append(self._within(cell, look, concealed=concealed))
            reading.add(self._row(readings))
        return reading

    def _row(self, cells: list[Reading]) -> Reading:
        filled = [[line for line in cell.lines if line.text.strip()] for cell in cells]
        filled = [lines for lines in filled if lines]
        if all(len(lines) == 1 for lines in filled):
            if len(filled) == 2 and _is_heading(filled[0][0].text, over=filled[1][0].text):
                return Reading([line for lines in filled for line in lines], [_across(filled)])
            # An entry and its date, a label and its value.
            text = _across(filled)
            look = filled[0][0].style if len(filled) == 1 else None
            return Reading([Line(text=text, style=look)], [text])
        self.columns = max(self.columns, sum(len(lines) >= _COLUMN_LINES for lines in filled))
        reading = Reading()
        for cell in cells:
            reading.lines += cell.lines
        for across in zip_longest(*(cell.across for cell in cells), fillvalue=""):
            reading.across += across
        return reading


def _across(cells: list[list[Line]]) -> str:
    return "\t".join(lines[0].text for lines in cells)


def _is_heading(text: str, *, over: str) -> bool:
    """Whether a cell names a section, whose text is the cell beside it: no mere word ("Skill | Level")."""
    if len(text) > _MAX_HEADING or heading_type(text) is None or is_ambiguous(text):
        return False
    return len(over.split()) >= _SENTENCE_WORDS or _HAS_PARTS.search(over) is not None


def _characters(item: etree._Element) -> str:
    match local(item):
        case "t":
            return item.text or ""
        case "tab" | "ptab":
            return "\t"
        case "br" | "cr":
            return "\n"
        case "noBreakHyphen":
            return "-"
        case "sym":
            code = attribute(item, "char") or ""
            try:
                return chr(int(code, 16))
            except (ValueError, OverflowError):
                return ""
        case _:
            return ""


def _edges(place: int, count: int, kind: str) -> frozenset[str]:
    """Name the edges of a table that a row or column stands at."""
    found = [f"first{kind}"] if place == 0 else []
    return frozenset([*found, f"last{kind}"] if place == count - 1 else found)


def _rows(table: etree._Element) -> Iterator[etree._Element]:
    for item in table:
        if local(item) == "tr":
            yield item
        elif local(item) in _HOLDERS or local(item) == "sdt":
            yield from _rows(item)


def _cells(row: etree._Element) -> Iterator[etree._Element]:
    for item in row:
        if local(item) == "tc":
            yield item
        elif local(item) in _HOLDERS or local(item) == "sdt":
            yield from _cells(item)
