"""Read the visible text of a DOCX part: the body, a header or footer, or a text box."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Final

from lxml import etree

from documents.docx.characters import Fields, characters
from documents.docx.colours import Colour
from documents.docx.diagrams import find_diagram_texts, read_text_body
from documents.docx.formatting import Formatting
from documents.docx.numbering import Numbering
from documents.docx.package import Package, attribute, child, local
from documents.docx.shapes import (
    box_background,
    choose_alternative,
    drawing_size,
    is_hidden_drawing,
    walk_drawing,
)
from documents.docx.styles import Styles, is_cut_off_row
from documents.docx.tables import (
    CONTAINERS,
    BodyText,
    count_text_columns,
    find_in_table,
    join_row,
    table_edges,
)
from documents.errors import TooMuchText
from documents.layout.lines import Line
from documents.layout.normalize import count_cjk, tag_characters

# Elements that only wrap paragraphs and runs.
_TEXT_CONTAINERS: Final = CONTAINERS | {"dir", "bdo", "ruby", "rubyBase", "oMath", "oMathPara"}


@dataclass(slots=True)
class _Paragraph:
    """The text of a paragraph while it is read."""

    formatting: Formatting
    parts: list[str] = field(default_factory=list)
    formattings: Counter[Formatting] = field(default_factory=Counter)
    # Text boxes and text bodies of drawings, each with True if it is hidden.
    boxes: list[tuple[etree._Element, bool]] = field(default_factory=list)
    fields: Fields = field(default_factory=Fields)

    @property
    def usual_formatting(self) -> Formatting:
        """The formatting of most characters."""
        return self.formattings.most_common(1)[0][0] if self.formattings else self.formatting


class BodyReader:
    """Reads the parts of one document and counts over all of them.

    Args:
        package: the file
        styles: the styles of the document
        numbering: the lists of the document
        background: the colour of the page, or None if something may be painted behind the text
        page_size: width and height of the page in EMU (1/12,700 point)
        max_characters: the most characters to read, visible or not

    Raises:
        TooMuchText: the document contains more than `max_characters`.
    """

    def __init__(
        self,
        *,
        package: Package,
        styles: Styles,
        numbering: Numbering,
        background: Colour | None,
        page_size: tuple[float, float],
        max_characters: int,
    ) -> None:
        self._package = package
        self._styles = styles
        self._numbering = numbering
        self._page_size = page_size
        self._remaining = max_characters
        # The formatting of the page, the cell or the box that is being read.
        self._inherited = replace(styles.default, background=background)
        # The number of hidden rows and boxes around the current element.
        self._hidden_depth = 0
        self.fonts: Counter[tuple[str, float]] = Counter()
        self.hidden_characters = 0
        self.hidden_parts: list[str] = []
        self.images = 0
        self.image_area = 0.0  # square EMU
        self.tables = 0
        self.columns = 1
        self.text_boxes = 0
        self.box_lines: list[str] = []
        # The footnotes and endnotes that the text refers to: kind and number.
        self.notes: dict[tuple[str, str], None] = {}

    def read(self, container: etree._Element) -> BodyText:
        """Return the text of an element that contains paragraphs and tables."""
        body_text = BodyText()
        for item in container:
            match local(item):
                case "p":
                    body_text.extend(self._paragraph(item))
                case "tbl":
                    body_text.extend(self._table(item))
                case "AlternateContent":
                    for chosen in choose_alternative(item):
                        body_text.extend(self.read(chosen))
                case name if name in _TEXT_CONTAINERS:
                    body_text.extend(self.read(item))
        return body_text

    def _paragraph(self, element: etree._Element) -> BodyText:
        properties = child(element, "pPr")
        paragraph = _Paragraph(self._styles.paragraph(self._inherited, properties))
        self._inline(element, paragraph)
        self.hidden_parts.append(" ")
        body_text = BodyText()
        for box, hidden in paragraph.boxes:
            body_text.extend(self._box(box, hidden=hidden))
        text = "".join(paragraph.parts)
        if text.strip():
            label = self._numbering.next_label(self._styles.list_reference(properties))
            text = f"{label} {text.lstrip()}" if label else text
        usual = paragraph.usual_formatting
        heading = paragraph.formatting.heading
        style = (usual.font, usual.size, usual.bold, usual.capitals, heading)
        for number, line in enumerate(text.split("\n")):
            gap_before = heading is not None and number == 0
            body_text.lines.append(Line(text=line, style=style, gap_before=gap_before))
            body_text.by_row.append(line)
        return body_text

    def _inline(self, container: etree._Element, paragraph: _Paragraph) -> None:
        for item in container:
            match local(item):
                case "r":
                    self._run(item, paragraph)
                case "AlternateContent":
                    for chosen in choose_alternative(item):
                        self._inline(chosen, paragraph)
                case name if name in _TEXT_CONTAINERS:
                    self._inline(item, paragraph)

    def _run(self, run: etree._Element, paragraph: _Paragraph) -> None:
        formatting = self._styles.run(paragraph.formatting, child(run, "rPr"))
        hidden = self._hidden_depth > 0 or formatting.is_hidden
        for item in _shown_items(run):
            match local(item):
                case "drawing" | "pict" | "object":
                    self._drawing(item, paragraph)
                case "ruby":
                    self._inline(item, paragraph)
                case "fldChar":
                    self._text(paragraph.fields.read(item), formatting, hidden=hidden, paragraph=paragraph)
                case "footnoteReference" | "endnoteReference" as kind if not hidden:
                    self.notes[kind.removesuffix("Reference"), attribute(item, "id") or ""] = None
                case _ if not paragraph.fields.is_code:
                    text = characters(item, font=formatting.font, first=not paragraph.parts)
                    self._text(text, formatting, hidden=hidden, paragraph=paragraph)

    def _text(self, text: str, formatting: Formatting, *, hidden: bool, paragraph: _Paragraph) -> None:
        if not self._count(text, hidden=hidden):
            return
        paragraph.parts.append(text.upper() if formatting.capitals else text)
        count = sum(not character.isspace() for character in text)
        paragraph.formattings[formatting] += count
        asian = count_cjk(text) if formatting.asian_font else 0
        for font, number in ((formatting.font, count - asian), (formatting.asian_font, asian)):
            if number > 0:
                self.fonts[font, formatting.size] += number

    def _count(self, text: str, *, hidden: bool) -> bool:
        """Count text, and return True if any of it is visible."""
        tags = tag_characters(text)
        self.hidden_characters += sum(not each.isspace() for each in text) if hidden else len(tags)
        self.hidden_parts.append(text if hidden else tags)
        self._remaining -= len(text)
        if self._remaining < 0:
            raise TooMuchText
        return bool(text) and not hidden

    def _drawing(self, drawing: etree._Element, paragraph: _Paragraph) -> None:
        hidden = is_hidden_drawing(drawing, self._page_size)
        for item in walk_drawing(drawing):
            match local(item):
                case "txbxContent" | "txBody":
                    paragraph.boxes.append((item, hidden))
                case "relIds":
                    bodies = find_diagram_texts(item, self._package)
                    paragraph.boxes += [(body, hidden) for body in bodies]
                case "blip" | "imagedata" if not hidden:
                    self.images += 1
                    width, height = drawing_size(drawing) or (0, 0)
                    self.image_area += width * height

    def _box(self, box: etree._Element, *, hidden: bool) -> BodyText:
        self.text_boxes += not hidden
        if local(box) == "txbxContent":
            fill = box_background(box, self._styles.palette)
            body_text = self._read_within(box, replace(self._inherited, **fill), hidden=hidden)
        else:
            body_text = self._drawn_text(box, hidden=hidden or self._hidden_depth > 0)
        self.box_lines += [line.text for line in body_text.lines]
        return body_text

    def _drawn_text(self, body: etree._Element, *, hidden: bool) -> BodyText:
        parts = read_text_body(body, self._styles.palette, self._inherited.background)
        shown = [text for text, unseen in parts if self._count(text, hidden=hidden or unseen)]
        lines = [line for line in "".join(shown).split("\n") if line.strip()]
        return BodyText([Line(text=line) for line in lines], lines)

    def _read_within(self, container: etree._Element, inherited: Formatting, *, hidden: bool) -> BodyText:
        outside, self._inherited = self._inherited, inherited
        self._hidden_depth += hidden
        body_text = self.read(container)
        self._hidden_depth -= hidden
        self._inherited = outside
        return body_text

    def _table(self, table: etree._Element) -> BodyText:
        self.tables += 1
        body_text = BodyText()
        table_properties = child(table, "tblPr")
        rows = list(find_in_table(table, "tr"))
        for number, row in enumerate(rows):
            properties = child(row, "trPr")
            if child(properties, "del") is not None:
                continue
            hidden = child(properties, "hidden") is not None or is_cut_off_row(properties)
            cells = list(find_in_table(row, "tc"))
            cell_texts = []
            for place, cell in enumerate(cells):
                edges = table_edges(number, len(rows), "Row") | table_edges(place, len(cells), "Col")
                formatting = self._styles.cell(self._inherited, table_properties, edges)
                for fill in (table_properties, child(cell, "tcPr")):
                    formatting = replace(formatting, **self._styles.palette.background(fill))
                cell_texts.append(self._read_within(cell, formatting, hidden=hidden))
            self.columns = max(self.columns, count_text_columns(cell_texts))
            body_text.extend(join_row(cell_texts))
        return body_text


def _shown_items(run: etree._Element) -> Iterator[etree._Element]:
    for item in run:
        if local(item) == "AlternateContent":
            for chosen in choose_alternative(item):
                yield from _shown_items(chosen)
        else:
            yield item
