"""Turn PDF files into scans with recognised text (OCR).

The result contains a picture of each page, and invisible words at their positions on the picture. The words
use another font and are drawn without ink or below the picture.
"""

from collections.abc import Iterable
from io import BytesIO

import pypdfium2
from documents.layout.rows import Word
from documents.pdf.characters.fallback_font import start_pdfium
from documents.pdf.characters.glyphs import WORD_END, GlyphReader
from documents.pdf.page_objects import Box
from documents.pdf.words import make_words
from PIL import Image, ImageFilter
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

_FONT = "Times-Roman"
_DOTS_PER_INCH = 150


def scan_pdf(printed: bytes, *, under: bool = False, words_of: bytes | None = None) -> bytes:
    """Return the scan of a PDF file, with its own words or with those of another file.

    Args:
        printed: the PDF file to scan
        under: draw the words visibly below the picture, instead of without ink above it
        words_of: the file whose words are used
    """
    start_pdfium()
    buffer = BytesIO()
    pages = pypdfium2.PdfDocument(printed)
    canvas = Canvas(buffer, pagesize=pages[0].get_size(), invariant=1)
    for page, words in zip(pages, _words(words_of or printed), strict=False):
        width, height = page.get_size()
        picture = ImageReader(_picture(page))
        if not under:
            canvas.drawImage(picture, 0, 0, width, height)
        for word in words:
            _write(canvas, word, height, mode=0 if under else 3)
        if under:
            canvas.drawImage(picture, 0, 0, width, height)
        canvas.showPage()
    canvas.save()
    return buffer.getvalue()


def scan_first_page(printed: bytes) -> BytesIO:
    """Return the picture of the first page."""
    start_pdfium()
    return _picture(pypdfium2.PdfDocument(printed)[0])


def _picture(page: pypdfium2.PdfPage) -> BytesIO:
    """Return a grey, slightly blurred JPEG with the grain of paper."""
    picture = page.render(scale=_DOTS_PER_INCH / 72, grayscale=True).to_pil().convert("L")
    grain = Image.radial_gradient("L").resize(picture.size)
    picture = Image.blend(picture.filter(ImageFilter.GaussianBlur(0.6)), grain, 0.06)
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=60)
    buffer.seek(0)
    return buffer


def _words(data: bytes) -> Iterable[list[Word]]:
    reader = GlyphReader()
    for page in pypdfium2.PdfDocument(data):
        box = Box(0, 0, *page.get_size())
        drawn_glyphs = reader.read(page.raw, box, max_characters=100_000)
        yield make_words(drawn.glyph if drawn else WORD_END for drawn in drawn_glyphs)


def _write(canvas: Canvas, word: Word, height: float, *, mode: int) -> None:
    text = canvas.beginText(word.left, height - word.base)
    text.setFont(_FONT, word.size)
    text.setTextRenderMode(mode)
    text.setHorizScale(100 * (word.right - word.left) / stringWidth(word.text, _FONT, word.size))
    text.textOut(word.text)
    canvas.drawText(text)
