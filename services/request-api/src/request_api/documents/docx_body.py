"""DOCX: walks the body, a header or a text box and gathers what is visible."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from itertools import zip_longest
from typing import Final

from lxml import etree

from request_api.documents.docx_numbering import Numbering
from request_api.documents.docx_package import attribute, child, local
from request_api.documents.docx_styles import Look, Styles
from request_api.documents.errors import TooMuchText
from request_api.documents.extract import Line
from request_api.documents.headings import heading_type, is_ambiguous
from request_api.documents.normalize import count_cjk, count_tags

# Smaller is not meant to be read, as in pdf_glyphs.
_TINY: Final = 4.0
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
    boxes: list[etree._Element] = field(default_factory=list)


class BodyReader:
    """Reads parts of one document and counts over all of them.

    `dark_page`: something may be painted behind the text, so white text may be visible.
    Raises TooMuchText beyond `at_most` characters.
    """

    def __init__(self, *, styles: Styles, numbering: Numbering, dark_page: bool, at_most: int) -> None:
        self._styles = styles
        self._numbering = numbering
        self._dark_page = dark_page
        self._left = at_most
        # Tables and text boxes around what is being read: their shading is not looked up.
        self._enclosing = 0
        self.fonts: Counter[tuple[str, float]] = Counter()
        self.hidden = 0
        self.images = 0
        self.image_area = 0.0  # square EMU (1/12,700 point)
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
                    for chosen in _alternative(item):
                        reading.add(self.read(chosen))
                case name if name in _HOLDERS or name in _MORE_HOLDERS:
                    reading.add(self.read(item))
        return reading

    def _paragraph(self, element: etree._Element) -> Reading:
        properties = child(element, "pPr")
        paragraph = _Paragraph(self._styles.paragraph(properties))
        self._inline(element, paragraph)
        reading = Reading()
        for box in paragraph.boxes:
            reading.add(self._box(box))
        text = "".join(paragraph.parts)
        if text.strip():
            mark = self._numbering.mark(self._styles.numbering(properties))
            text = f"{mark} {text.lstrip()}" if mark else text
        look = paragraph.looks.most_common(1)[0][0] if paragraph.looks else paragraph.look
        same = (look.font, look.size, look.bold, look.capitals, paragraph.look.heading)
        heading = paragraph.look.heading is not None
        for number, line in enumerate(text.split("\n")):
            reading.lines.append(Line(text=line, look=same, gap_before=heading and number == 0))
            reading.across.append(line)
        return reading

    def _inline(self, holder: etree._Element, paragraph: _Paragraph) -> None:
        for item in holder:
            match local(item):
                case "r":
                    self._run(item, paragraph)
                case "AlternateContent":
                    for chosen in _alternative(item):
                        self._inline(chosen, paragraph)
                case name if name in _HOLDERS or name in _MORE_HOLDERS:
                    self._inline(item, paragraph)

    def _run(self, run: etree._Element, paragraph: _Paragraph) -> None:
        look = self._styles.run(paragraph.look, child(run, "rPr"))
        hidden = self._is_hidden(look)
        for item in run:
            match local(item):
                case "drawing" | "pict" | "object":
                    self._drawing(item, paragraph)
                case "AlternateContent":
                    for chosen in _alternative(item):
                        for drawing in chosen:
                            self._drawing(drawing, paragraph)
                case "ruby":
                    self._inline(item, paragraph)
                case _:
                    self._text(item, look, hidden=hidden, paragraph=paragraph)

    def _text(self, item: etree._Element, look: Look, *, hidden: bool, paragraph: _Paragraph) -> None:
        text = _characters(item)
        seen = sum(not character.isspace() for character in text)
        self.hidden += count_tags(text)
        self._left -= len(text)
        if self._left < 0:
            raise TooMuchText
        if hidden:
            self.hidden += seen
            return
        paragraph.parts.append(text.upper() if look.capitals else text)
        paragraph.looks[look] += seen
        asian = count_cjk(text) if look.asian_font else 0
        for font, characters in ((look.font, seen - asian), (look.asian_font, asian)):
            if characters > 0:
                self.fonts[font, look.size] += characters

    def _is_hidden(self, look: Look) -> bool:
        if look.vanished or look.size < _TINY:
            return True
        return look.white and not (look.shaded or self._dark_page or self._enclosing)

    def _drawing(self, drawing: etree._Element, paragraph: _Paragraph) -> None:
        shown = next(drawing.iter("{*}docPr"), None)
        concealed = shown is not None and shown.get("hidden") in ("1", "true")
        for item in _without_fallback(drawing):
            match local(item):
                case "txbxContent" if not concealed:
                    paragraph.boxes.append(item)
                case "txbxContent":
                    self.hidden += sum(len("".join((text.text or "").split())) for text in item.iter("{*}t"))
                case "blip" | "imagedata" if not concealed:
                    self.images += 1
                    self.image_area += _extent(drawing)

    def _box(self, box: etree._Element) -> Reading:
        self.boxes += 1
        self._enclosing += 1
        reading = self.read(box)
        self._enclosing -= 1
        self.boxed += [line.text for line in reading.lines]
        return reading

    def _table(self, table: etree._Element) -> Reading:
        self.tables += 1
        self._enclosing += 1
        reading = Reading()
        for row in _rows(table):
            properties = child(row, "trPr")
            if child(properties, "del") is not None:
                continue
            cells = [self.read(cell) for cell in _cells(row)]
            if child(properties, "hidden") is not None:
                self.hidden += sum(len("".join(line.text.split())) for cell in cells for line in cell.lines)
                continue
            reading.add(self._row(cells))
        self._enclosing -= 1
        return reading

    def _row(self, cells: list[Reading]) -> Reading:
        filled = [[line for line in cell.lines if line.text.strip()] for cell in cells]
        filled = [lines for lines in filled if lines]
        if all(len(lines) == 1 for lines in filled):
            if len(filled) == 2 and _is_heading(filled[0][0].text, over=filled[1][0].text):
                return Reading([line for lines in filled for line in lines], [_across(filled)])
            # An entry and its date, a label and its value.
            text = _across(filled)
            look = filled[0][0].look if len(filled) == 1 else None
            return Reading([Line(text=text, look=look)], [text])
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


def _alternative(element: etree._Element) -> Iterable[etree._Element]:
    """Yield the one of several versions of the same content that today's Word shows."""
    chosen = child(element, "Choice")
    if chosen is None:
        chosen = child(element, "Fallback")
    return () if chosen is None else (chosen,)


def _without_fallback(element: etree._Element) -> Iterator[etree._Element]:
    """Walk down to pictures and text boxes; what is within a box is the box's own."""
    stack = [element]
    while stack:
        item = stack.pop()
        if local(item) == "AlternateContent":
            stack += list(_alternative(item))
            continue
        yield item
        if local(item) != "txbxContent":
            stack += reversed(list(item))


def _extent(drawing: etree._Element) -> float:
    extent = next(drawing.iter("{*}extent"), None)
    width, height = (extent.get("cx", ""), extent.get("cy", "")) if extent is not None else ("", "")
    if not (width.isdecimal() and height.isdecimal() and len(width) < 12 and len(height) < 12):
        return 0.0
    return float(width) * float(height)


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
