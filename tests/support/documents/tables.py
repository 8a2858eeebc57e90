"""The same table as a PDF with borders, as a PDF without, and as a DOCX."""

from collections.abc import Sequence
from io import BytesIO

import docx
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import Flowable, Paragraph, SimpleDocTemplate, Spacer, Table

from tests.support.documents.raw_files import save_docx

# A row has cells, and a cell has paragraphs.
Rows = Sequence[Sequence[Sequence[str]]]
JAPANESE = "HeiseiKakuGo-W5"


def table_pdf(
    rows: Rows,
    widths: Sequence[float],
    *,
    before: Sequence[str] = (),
    after: Sequence[str] = (),
    borders: bool = True,
    font: str = "Helvetica",
    size: float = 10.0,
) -> bytes:
    """Return a PDF with a table between paragraphs."""
    if font == JAPANESE:
        pdfmetrics.registerFont(UnicodeCIDFont(font))
    wrap = "CJK" if font == JAPANESE else None
    style = ParagraphStyle("text", fontName=font, fontSize=size, leading=1.25 * size, wordWrap=wrap)
    bullet = ParagraphStyle("bullet", style, leftIndent=size)

    def paragraph(text: str) -> Paragraph:
        if text.startswith("• "):
            return Paragraph(text[2:], bullet, bulletText="•")
        return Paragraph(text, style)

    cells = [[[paragraph(text) for text in cell] for cell in row] for row in rows]
    styles = [("VALIGN", (0, 0), (-1, -1), "TOP")]
    table = Table(cells, colWidths=widths, hAlign="LEFT", style=styles)
    if borders:
        table.setStyle([("GRID", (0, 0), (-1, -1), 0.5, "black")])
    story: list[Flowable] = [paragraph(text) for text in before]
    story += [Spacer(1, 8), table, Spacer(1, 8), *(paragraph(text) for text in after)]
    out = BytesIO()
    SimpleDocTemplate(out, pagesize=A4, leftMargin=60, rightMargin=60, invariant=1).build(story)
    return out.getvalue()


def table_docx(rows: Rows, *, before: Sequence[str] = (), after: Sequence[str] = ()) -> bytes:
    """Return a DOCX with a table between paragraphs."""
    document = docx.Document()
    for text in before:
        document.add_paragraph(text)
    table = document.add_table(len(rows), len(rows[0]))
    for at, row in enumerate(rows):
        for place, cell in enumerate(row):
            target = table.cell(at, place)
            target.text = cell[0] if cell else ""
            for text in cell[1:]:
                target.add_paragraph(text)
    for text in after:
        document.add_paragraph(text)
    return save_docx(document)
