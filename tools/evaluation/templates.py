"""Render a resume as PDF, DOCX and plain text in several layouts. The same resume gives the same bytes."""

from collections.abc import Callable, Iterable, Sequence
from functools import cache
from io import BytesIO
from typing import Final
from xml.sax.saxutils import escape

import docx
from reportlab.lib.colors import HexColor, white
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    FrameBreak,
    NextPageTemplate,
    PageTemplate,
    Paragraph,
    Table,
    TableStyle,
)

from tests.support.documents.raw_files import save_docx
from tests.support.files import Part, resume_text
from tools.evaluation.resumes import Resume

_WIDTH, _HEIGHT = A4
_MARGIN: Final = 48
_DARK: Final = HexColor("#1f3044")
# Draws on the first page before or after the text. Attacks enter a PDF this way.
Draw = Callable[[Canvas], None]


def _nothing(canvas: Canvas) -> None:
    """Draw nothing."""


@cache
def _fonts(language: str) -> tuple[str, str]:
    if language == "en":
        return "Helvetica", "Helvetica-Bold"
    pdfmetrics.registerFont(UnicodeCIDFont("HeiseiKakuGo-W5"))
    return "HeiseiKakuGo-W5", "HeiseiKakuGo-W5"


def font_of(language: str) -> str:
    """Register the font of the body text and return its name."""
    return _fonts(language)[0]


class _Styles:
    def __init__(self, language: str, *, ink: object = None) -> None:
        font, bold = _fonts(language)
        wrap = "CJK" if language == "ja" else None
        colour = {"textColor": ink} if ink else {}
        self.name = ParagraphStyle("name", fontName=bold, fontSize=18, leading=24, **colour)
        self.heading = ParagraphStyle(
            "heading", fontName=bold, fontSize=13, leading=18, spaceBefore=10, spaceAfter=3, **colour
        )
        self.body = ParagraphStyle(
            "body", fontName=font, fontSize=10, leading=14, spaceAfter=3, wordWrap=wrap, **colour
        )
        self.item = ParagraphStyle(
            "item", parent=self.body, leftIndent=14, bulletIndent=2, bulletFontName="Helvetica"
        )


def _flow(parts: Iterable[Part], styles: _Styles) -> list[Flowable]:
    flow: list[Flowable] = []
    for part in parts:
        flow.append(Paragraph(escape(part.heading), styles.heading))
        for line in part.lines:
            if line.startswith("- "):
                flow.append(Paragraph(escape(line[2:]), styles.item, bulletText="•"))
            else:
                flow.append(Paragraph(escape(line), styles.body))
    return flow


def _head(resume: Resume, styles: _Styles) -> list[Flowable]:
    return [
        Paragraph(escape(resume.title), styles.name),
        *(Paragraph(escape(line), styles.body) for line in resume.contact),
    ]


def _build(
    flow: list[Flowable],
    first: Sequence[Frame],
    *,
    draw: Draw,
    before: Draw = _nothing,
    keywords: str = "",
) -> bytes:
    buffer = BytesIO()
    document = BaseDocTemplate(buffer, pagesize=A4, title="Resume", keywords=keywords, invariant=1)
    later = Frame(_MARGIN, _MARGIN, _WIDTH - 2 * _MARGIN, _HEIGHT - 2 * _MARGIN, id="later")
    document.addPageTemplates(
        [
            PageTemplate(
                id="first",
                frames=list(first),
                onPage=lambda canvas, _: before(canvas),
                onPageEnd=lambda canvas, _: draw(canvas),
            ),
            PageTemplate(id="later", frames=[later]),
        ]
    )
    document.build([NextPageTemplate("later"), *flow])
    return buffer.getvalue()


def pdf_one_column(
    resume: Resume, *, draw: Draw = _nothing, before: Draw = _nothing, keywords: str = ""
) -> bytes:
    """Render one column. An attack adds drawings or keywords."""
    styles = _Styles(resume.language)
    frame = Frame(_MARGIN, _MARGIN, _WIDTH - 2 * _MARGIN, _HEIGHT - 2 * _MARGIN, id="main")
    flow = [*_head(resume, styles), *_flow(resume.parts, styles)]
    return _build(flow, [frame], draw=draw, before=before, keywords=keywords)


def _main_and_side(resume: Resume) -> tuple[list[Part], list[Part]]:
    """Split the parts: up to the work for the wide column, the rest for the narrow one."""
    at = next(at for at, part in enumerate(resume.parts) if any(line.startswith("- ") for line in part.lines))
    return resume.parts[: at + 1], resume.parts[at + 1 :]


def pdf_two_columns(resume: Resume, *, draw: Draw = _nothing, keywords: str = "") -> bytes:
    """Render two columns: education and skills in a narrow column on the left, which is drawn first."""
    styles = _Styles(resume.language)
    top = _HEIGHT - 130
    frames = [
        Frame(_MARGIN, top, _WIDTH - 2 * _MARGIN, 82, id="head"),
        Frame(_MARGIN, _MARGIN, 150, top - _MARGIN - 10, id="side"),
        Frame(_MARGIN + 168, _MARGIN, _WIDTH - 2 * _MARGIN - 168, top - _MARGIN - 10, id="main"),
    ]
    main, side = _main_and_side(resume)
    flow = [*_head(resume, styles), FrameBreak(), *_flow(side, styles), FrameBreak(), *_flow(main, styles)]
    return _build(flow, frames, draw=draw, keywords=keywords)


def pdf_sidebar(resume: Resume, *, draw: Draw = _nothing, keywords: str = "") -> bytes:
    """Render a dark panel with white text on the right, which is drawn after the work."""
    styles, light = _Styles(resume.language), _Styles(resume.language, ink=white)
    side = _WIDTH - 190

    def panel(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.setFillColor(_DARK)
        canvas.rect(side, 0, 190, _HEIGHT, stroke=0, fill=1)
        canvas.restoreState()

    frames = [
        Frame(_MARGIN, _MARGIN, side - _MARGIN - 14, _HEIGHT - 2 * _MARGIN, id="main"),
        Frame(side + 8, _MARGIN, 174, _HEIGHT - 2 * _MARGIN, id="side"),
    ]
    main, aside = _main_and_side(resume)
    flow = [*_head(resume, styles), *_flow(main, styles), FrameBreak(), *_flow(aside, light)]
    return _build(flow, frames, draw=draw, before=panel, keywords=keywords)


def pdf_table(resume: Resume, *, draw: Draw = _nothing, keywords: str = "") -> bytes:
    """Render one column in which each position is a table row with its dates on the right."""
    styles = _Styles(resume.language)
    heads = {position.head: position for position in resume.positions}
    flow = _head(resume, styles)
    for part in resume.parts:
        flow.append(Paragraph(escape(part.heading), styles.heading))
        for line in part.lines:
            if position := heads.get(line):
                cells = [f"{position.title}, {position.company}", position.dates]
                row = Table([[Paragraph(escape(cell), styles.body) for cell in cells]], colWidths=[360, 130])
                row.setStyle(TableStyle([("LEFTPADDING", (0, 0), (-1, -1), 0)]))
                flow.append(row)
            else:
                flow += _flow([Part("", (line,))], styles)[1:]
    frame = Frame(_MARGIN, _MARGIN, _WIDTH - 2 * _MARGIN, _HEIGHT - 2 * _MARGIN, id="main")
    return _build(flow, [frame], draw=draw, keywords=keywords)


# Changes a document before it is saved. Attacks enter a DOCX this way.
Change = Callable[["docx.document.Document"], None]


def _unchanged(document: "docx.document.Document") -> None:
    """Change nothing."""


def _write(parent: "docx.document.Document", parts: Iterable[Part]) -> None:
    for part in parts:
        parent.add_heading(part.heading, level=1)
        for line in part.lines:
            item = line.startswith("- ")
            parent.add_paragraph(line.removeprefix("- "), style="List Bullet" if item else None)


def docx_plain(resume: Resume, *, change: Change = _unchanged) -> bytes:
    """Render headings, paragraphs and lists."""
    document = docx.Document()
    document.add_paragraph(resume.title, style="Title")
    for line in resume.contact:
        document.add_paragraph(line)
    _write(document, resume.parts)
    change(document)
    return save_docx(document)


def docx_table(resume: Resume, *, change: Change = _unchanged) -> bytes:
    """Render a table with a row for each section: heading on the left, text on the right."""
    document = docx.Document()
    document.add_paragraph(resume.title, style="Title")
    for line in resume.contact:
        document.add_paragraph(line)
    table = document.add_table(rows=0, cols=2)
    for part in resume.parts:
        left, right = table.add_row().cells
        left.paragraphs[0].add_run(part.heading).bold = True
        for number, line in enumerate(part.lines):
            style = "List Bullet" if line.startswith("- ") else None
            paragraph = right.paragraphs[0] if number == 0 else right.add_paragraph()
            if style:
                paragraph.style = style
            paragraph.add_run(line.removeprefix("- "))
    change(document)
    return save_docx(document)


def txt(resume: Resume) -> bytes:
    """Render plain text."""
    return resume_text(resume.title, resume.contact, resume.parts).encode()


TEMPLATES: Final[dict[str, Callable[[Resume], bytes]]] = {
    "PDF, one column": pdf_one_column,
    "PDF, two columns": pdf_two_columns,
    "PDF, dark sidebar": pdf_sidebar,
    "PDF, rows with dates": pdf_table,
    "DOCX, plain": docx_plain,
    "DOCX, table": docx_table,
    "TXT": txt,
}
