"""Render pages as DOCX."""

import io
from typing import Any, Final

from docx import Document
from docx.enum.text import WD_TAB_ALIGNMENT
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor

from tools.corpus.blocks import Blocks, Bullets, Heading, Page, Rows, Text

_WIDTH: Final = 180
_DARK: Final = "2B3A4A"
_FONTS: Final = {"en": "Liberation Sans", "ja": "Noto Sans CJK JP"}


def to_docx(page: Page) -> bytes:
    """Return the file of a page."""
    document = Document()
    layout = document.sections[0]
    layout.page_width, layout.page_height = Mm(210), Mm(297)
    layout.left_margin = layout.right_margin = layout.top_margin = layout.bottom_margin = Mm(15)
    normal = document.styles["Normal"]
    normal.font.name, normal.font.size = _FONTS[page.persona.language], Pt(12.5 if page.large else 9.5)
    normal.element.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), _FONTS[page.persona.language])
    normal.paragraph_format.space_after = Pt(1)
    if page.footer:
        layout.footer.paragraphs[0].text = page.footer
    if page.band:
        _add(document, [Rows((100,), ((page.band,),), dark=0)], _WIDTH)
    _add(document, page.blocks, _WIDTH)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _add(parent: Any, blocks: Blocks, width: float, *, colour: RGBColor | None = None) -> None:
    for block in blocks:
        if isinstance(block, Rows):
            _add_table(parent, block, width)
            continue
        for run in _add_paragraphs(parent, block, width):
            if colour is not None:
                run.font.color.rgb = colour


def _add_paragraphs(parent: Any, block: Text | Heading | Bullets, width: float) -> list[Any]:
    """Add a block that is no table, and return its runs."""
    match block:
        case Text(role, text, right):
            paragraph = parent.add_paragraph()
            run = paragraph.add_run(text)
            run.bold, run.italic = role in ("name", "entry"), role == "meta"
            if role == "name":
                run.font.size = Pt(20)
            if right:
                paragraph.paragraph_format.tab_stops.add_tab_stop(Mm(width), WD_TAB_ALIGNMENT.RIGHT)
                paragraph.add_run(f"\t{right}")
            return list(paragraph.runs)
        case Heading(text, style):
            run = parent.add_paragraph(style="Heading 2" if style != "plain" else None).add_run(
                _heading(text, style)
            )
            run.bold, run.font.size, run.font.small_caps = True, Pt(12), style == "small-caps"
            run.font.color.rgb = RGBColor(0, 0, 0)
            if style == "spaced":
                spacing = OxmlElement("w:spacing")
                spacing.set(qn("w:val"), "60")
                run._element.get_or_add_rPr().append(spacing)
            return [run]
        case Bullets(items, "•"):
            return [parent.add_paragraph(style="List Bullet").add_run(item) for item in items]
        case Bullets(items, sign):
            return [parent.add_paragraph().add_run(f"{sign} {item}") for item in items]


def _heading(text: str, style: str) -> str:
    if style == "typed":
        return " ".join(text.upper())
    return text.upper() if style in ("upper", "spaced") else text


def _add_table(parent: Any, rows: Rows, width: float) -> None:
    widths = [width * each / 100 for each in rows.widths]
    table = parent.add_table(len(rows.rows), len(widths))
    table.autofit = False
    for column, each in zip(table.columns, widths, strict=True):
        column.width = Mm(each)
    if rows.ruled:
        table.style = "Table Grid"
    for row, cells in zip(table.rows, rows.rows, strict=True):
        for number, (cell, blocks) in enumerate(zip(row.cells, cells, strict=True)):
            cell.width = Mm(widths[number])
            is_dark = rows.dark == number
            if is_dark:
                shade = OxmlElement("w:shd")
                shade.set(qn("w:val"), "clear")
                shade.set(qn("w:fill"), _DARK)
                cell._element.get_or_add_tcPr().append(shade)
            _add(cell, blocks, widths[number] - 4, colour=RGBColor(255, 255, 255) if is_dark else None)
            if len(cell.paragraphs) > 1 and not cell.paragraphs[0].text:
                cell._element.remove(cell.paragraphs[0]._element)
