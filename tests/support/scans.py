"""Makes of a PDF what a scanner with text recognition makes of its print: pictures of the pages, and words.

The words stand where they do on the picture, in another font than the print's, and are not seen: drawn
without ink, or under the picture.
"""

from collections.abc import Iterable
from io import BytesIO

import pypdfium2
from documents.layout.rows import Word
from documents.pdf.fallback_font import start_pdfium
from documents.pdf.glyphs import WORD_END, GlyphReader
from documents.pdf.page_objects import Box
from documents.pdf.words import make_words
from PIL import Image, ImageFilter
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

_FONT = "Times-Roman"
_DOTS_PER_INCH = 150


def scanned(print_out: bytes, *, under: bool = False, words_of: bytes | None = None) -> bytes:
    """Return pictures of the pages with the words that are on them, or with those of another PDF."""
    start_pdfium()
    buffer = BytesIO()
    pages = pypdfium2.PdfDocument(print_out)
    canvas = Canvas(buffer, pagesize=pages[0].get_size(), invariant=1)
    for page, words in zip(pages, _words(words_of or print_out), strict=False):
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


def picture_of(print_out: bytes) -> BytesIO:
    """Return the first page as a scanner takes it."""
    start_pdfium()
    return _picture(pypdfium2.PdfDocument(print_out)[0])


def _picture(page: pypdfium2.PdfPage) -> BytesIO:
    """Grey, a little blurred, with the grain of paper, as a JPEG."""
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
