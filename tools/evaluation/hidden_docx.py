"""Tricks that hide text in a DOCX file."""

from collections.abc import Callable
from typing import Final
from xml.sax.saxutils import escape

from docx.document import Document
from docx.enum.dml import MSO_THEME_COLOR
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_LINE_SPACING
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Pt, RGBColor

from tools.evaluation import templates
from tools.evaluation.payload import payload
from tools.evaluation.resumes import Resume

Change = Callable[[Document, list[str]], None]


def hide(change: Change) -> Callable[[Resume], bytes]:
    """Return a renderer that adds the hidden lines to a document by `change`."""

    def render(resume: Resume) -> bytes:
        return templates.docx_plain(resume, change=lambda document: change(document, payload(resume)))

    return render


def _vanished(document: Document, lines: list[str]) -> None:
    for line in lines:
        document.add_paragraph().add_run(line).font.hidden = True


def _white_run(document: Document, lines: list[str]) -> None:
    for line in lines:
        document.add_paragraph().add_run(line).font.color.rgb = RGBColor(255, 255, 255)


def _white_on_white(document: Document, lines: list[str]) -> None:
    for line in lines:
        run = document.add_paragraph().add_run(line)
        run.font.color.rgb = RGBColor(255, 255, 255)
        shading = OxmlElement("w:shd")
        for name, value in (("val", "clear"), ("fill", "FFFFFF")):
            shading.set(qn(f"w:{name}"), value)
        run._r.get_or_add_rPr().append(shading)


def _one_point(document: Document, lines: list[str]) -> None:
    for line in lines:
        document.add_paragraph().add_run(line).font.size = Pt(1)


def _theme_white(document: Document, lines: list[str]) -> None:
    """Set black as the explicit value, which Word ignores in favour of the theme colour."""
    for line in lines:
        colour = document.add_paragraph().add_run(line).font.color
        colour.rgb = RGBColor(0, 0, 0)
        colour.theme_color = MSO_THEME_COLOR.BACKGROUND_1


def _white_style(document: Document, lines: list[str]) -> None:
    """Set white in the base style of the paragraph's style."""
    pale = document.styles.add_style("Pale", WD_STYLE_TYPE.PARAGRAPH)
    pale.font.color.rgb = RGBColor(255, 255, 255)
    paler = document.styles.add_style("Paler", WD_STYLE_TYPE.PARAGRAPH)
    paler.base_style = pale
    for line in lines:
        document.add_paragraph(line, style=paler)


def _white_in_cells(document: Document, lines: list[str]) -> None:
    table = document.add_table(rows=0, cols=1)
    for line in lines:
        run = table.add_row().cells[0].paragraphs[0].add_run(line)
        run.font.color.rgb = RGBColor(255, 255, 255)


def _white_header(document: Document, lines: list[str]) -> None:
    for line in lines:
        run = document.sections[0].header.add_paragraph().add_run(line)
        run.font.color.rgb = RGBColor(255, 255, 255)


def _no_fill(document: Document, lines: list[str]) -> None:
    fill = '<w14:textFill xmlns:w14="http://schemas.microsoft.com/office/word/2010/wordml"><w14:noFill/></w14:textFill>'
    for line in lines:
        document.add_paragraph().add_run(line)._r.get_or_add_rPr().append(parse_xml(fill))


def _low_lines(document: Document, lines: list[str]) -> None:
    for line in lines:
        shape = document.add_paragraph(line).paragraph_format
        shape.line_spacing_rule, shape.line_spacing = WD_LINE_SPACING.EXACTLY, Pt(1)


def _drawn_together(document: Document, lines: list[str]) -> None:
    for line in lines:
        run = document.add_paragraph().add_run(line)._r.get_or_add_rPr()
        spacing = OxmlElement("w:spacing")
        spacing.set(qn("w:val"), "-120")
        run.append(spacing)


def _boxed(style: str) -> Change:
    """Return a change that puts the lines into a text box with a style."""

    def change(document: Document, lines: list[str]) -> None:
        paragraphs = "".join(f"<w:p><w:r><w:t>{escape(line)}</w:t></w:r></w:p>" for line in lines)
        box = (
            f'<w:pict {nsdecls("w")} xmlns:v="urn:schemas-microsoft-com:vml"><v:shape style="{style}">'
            f"<v:textbox><w:txbxContent>{paragraphs}</w:txbxContent></v:textbox></v:shape></w:pict>"
        )
        document.add_paragraph().add_run()._r.append(parse_xml(box))

    return change


def _properties(document: Document, lines: list[str]) -> None:
    document.core_properties.keywords = " ".join(lines)[:250]
    document.core_properties.comments = " ".join(lines)[:250]


HIDDEN: Final[tuple[tuple[str, Change], ...]] = (
    ("w:vanish", _vanished),
    ("white text", _white_run),
    ("white text shaded white", _white_on_white),
    ("text of 1 pt", _one_point),
    ("white of the theme", _theme_white),
    ("white by a style of a style", _white_style),
    ("white text in a table", _white_in_cells),
    ("white text in the header", _white_header),
    ("letters without fill", _no_fill),
    ("lines of 1 pt", _low_lines),
    ("letters drawn together", _drawn_together),
    ("a text box without size", _boxed("width:0;height:0")),
    ("a text box off the page", _boxed("margin-left:-3000pt;width:200pt;height:200pt")),
    ("keywords in the properties", _properties),
)
