"""Tricks that hide text in a PDF file."""

from collections.abc import Callable
from functools import cache
from io import BytesIO
from random import Random
from typing import Final

from PIL import Image
from reportlab.lib.colors import HexColor
from reportlab.lib.utils import ImageReader
from reportlab.pdfgen.canvas import Canvas

from tests.support.documents.scans import scan_first_page
from tests.support.files import strong_resume_pdf
from tools.evaluation import templates
from tools.evaluation.payload import payload
from tools.evaluation.resumes import Resume

Render = Callable[[Resume], bytes]
_SIZE: Final = 8
_LEFT, _TOP = 50, 330


def _pdf(change: Callable[[Canvas], None], *, x: float = _LEFT, size: float = _SIZE) -> Render:
    """Return a renderer that draws the lines on the first page, in the state that `change` sets."""

    def render(resume: Resume) -> bytes:
        def draw(canvas: Canvas) -> None:
            canvas.saveState()
            canvas.setFont(templates.font_of(resume.language), size)
            change(canvas)
            _lines(canvas, resume, x=x, leading=1.2 * size)
            canvas.restoreState()

        return templates.pdf_one_column(resume, draw=draw)

    return render


def _lines(
    canvas: Canvas, resume: Resume, *, x: float, leading: float, mode: int | None = None, y: float = _TOP
) -> None:
    text = canvas.beginText(x, y)
    if mode is not None:
        text.setTextRenderMode(mode)
    text.setLeading(leading)
    for line in payload(resume):
        text.textLine(line)
    canvas.drawText(text)


def _white(canvas: Canvas) -> None:
    canvas.setFillColorRGB(1, 1, 1)


def _nearly_white(canvas: Canvas) -> None:
    canvas.setFillColorRGB(0.98, 0.98, 0.98)


def _transparent(canvas: Canvas) -> None:
    canvas.setFillAlpha(0)


def _blended(canvas: Canvas) -> None:
    """Blend black text so that it does not darken the page."""
    canvas.setBlendMode("Screen")


def _clipped(canvas: Canvas) -> None:
    path = canvas.beginPath()
    path.rect(0, 0, 1, 1)
    canvas.clipPath(path, stroke=0, fill=0)


def _white_panel(canvas: Canvas) -> None:
    canvas.setFillColorRGB(1, 1, 1)
    canvas.rect(_LEFT, 20, 480, _TOP - 10, stroke=0, fill=1)


def _no_change(canvas: Canvas) -> None:
    """Keep the drawing state of the page."""


def _pdf_inkless(resume: Resume) -> bytes:
    def draw(canvas: Canvas) -> None:
        canvas.setFont(templates.font_of(resume.language), _SIZE)
        _lines(canvas, resume, x=_LEFT, leading=10, mode=3)

    return templates.pdf_one_column(resume, draw=draw)


def _pdf_squashed(resume: Resume) -> bytes:
    def draw(canvas: Canvas) -> None:
        canvas.saveState()
        canvas.setFont(templates.font_of(resume.language), _SIZE)
        canvas.transform(0.002, 0, 0, 1, 100, 0)
        _lines(canvas, resume, x=0, leading=10)
        canvas.restoreState()

    return templates.pdf_one_column(resume, draw=draw)


Cover = Callable[[Canvas], None]


def under(cover: Cover) -> Render:
    """Return a renderer that draws black lines and then a cover over them."""

    def render(resume: Resume) -> bytes:
        def draw(canvas: Canvas) -> None:
            canvas.setFont(templates.font_of(resume.language), _SIZE)
            _lines(canvas, resume, x=_LEFT, leading=10)
            cover(canvas)

        return templates.pdf_one_column(resume, draw=draw)

    return render


def _panel(canvas: Canvas) -> None:
    canvas.setFillColorRGB(1, 1, 1)
    canvas.rect(0, 0, 595, _TOP + 12, stroke=0, fill=1)


def _ellipse(canvas: Canvas) -> None:
    canvas.setFillColorRGB(0.9, 0.95, 1)
    canvas.ellipse(-300, -_TOP, 895, _TOP + 100, stroke=0, fill=1)


def _gradient(canvas: Canvas) -> None:
    path = canvas.beginPath()
    path.rect(0, 0, 595, _TOP + 12)
    canvas.clipPath(path, stroke=0, fill=0)
    canvas.linearGradient(0, 0, 595, _TOP, (HexColor("#ffe0c0"), HexColor("#c0e0ff")))


def _picture(canvas: Canvas, *, of: Image.Image) -> None:
    canvas.drawImage(ImageReader(of), 0, 0, 595, _TOP + 12)


def _plain(canvas: Canvas) -> None:
    _picture(canvas, of=Image.new("RGB", (8, 8), "white"))


def _photo(canvas: Canvas) -> None:
    """Draw a reproducible texture that is as rough as a photograph."""
    tones = Random(7).randbytes(96 * 56)  # noqa: S311 - a pattern, no secret
    _picture(canvas, of=Image.frombytes("L", (96, 56), tones).resize((960, 560)))


def _scan(canvas: Canvas) -> None:
    """Draw the lower part of a scanned page of another resume."""
    canvas.drawImage(ImageReader(BytesIO(_scanned_page())), 0, _TOP + 12 - 842, 595, 842)


@cache
def _scanned_page() -> bytes:
    return scan_first_page(strong_resume_pdf()).getvalue()


def _pdf_below_the_page(resume: Resume) -> bytes:
    """Draw the lines, then a white page over them, then the resume."""

    def draw(canvas: Canvas) -> None:
        canvas.setFont(templates.font_of(resume.language), _SIZE)
        _lines(canvas, resume, x=_LEFT, leading=10, y=800)
        canvas.setFillColorRGB(1, 1, 1)
        canvas.rect(0, 0, 595, 842, stroke=0, fill=1)
        canvas.setFillColorRGB(0, 0, 0)

    return templates.pdf_one_column(resume, before=draw)


def _pdf_in_a_form(resume: Resume) -> bytes:
    def draw(canvas: Canvas) -> None:
        canvas.beginForm("lines")
        canvas.setFont(templates.font_of(resume.language), _SIZE)
        _lines(canvas, resume, x=_LEFT, leading=10)
        canvas.endForm()
        canvas.doForm("lines")
        _panel(canvas)

    return templates.pdf_one_column(resume, draw=draw)


def _pdf_metadata(resume: Resume) -> bytes:
    return templates.pdf_one_column(resume, keywords=" ".join(payload(resume)))


HIDDEN: Final[tuple[tuple[str, Render], ...]] = (
    ("white text", _pdf(_white)),
    ("nearly white text", _pdf(_nearly_white)),
    ("white text on a white panel", _pdf(_white_panel)),
    ("render mode 3", _pdf_inkless),
    ("text of 1 pt", _pdf(_no_change, size=1)),
    ("text off the page", _pdf(_no_change, x=-3000)),
    ("text covered by a panel", under(_panel)),
    ("text below the page", _pdf_below_the_page),
    ("text in a form, covered by a panel", _pdf_in_a_form),
    ("transparent text", _pdf(_transparent)),
    ("text blended away", _pdf(_blended)),
    ("text clipped away", _pdf(_clipped)),
    ("squashed text", _pdf_squashed),
    ("keywords in the metadata", _pdf_metadata),
)
# Visible covers that `under` draws over the text.
COVERS: Final[tuple[tuple[str, Cover], ...]] = (
    ("an ellipse", _ellipse),
    ("a gradient", _gradient),
    ("a picture", _plain),
    ("a photograph", _photo),
    ("a scan of other text", _scan),
)
