"""PDF: a page as grey pixels, with its texts and without. No file is changed."""

import ctypes
import math
from collections.abc import Iterable
from dataclasses import dataclass

import pypdfium2.raw as pdfium

from documents.pdf.page_objects import Box, PageObjects, Rectangle
from documents.pdf.text_layers import Layers

# Pixels a point: the strokes of 4-point type are then about one pixel wide. A page over A3 gets fewer.
_SCALE = 2.0
_MAX_PIXELS = 4_000_000
# Each layer costs a drawing. What lies upon so many other texts is not legible, and counts as hidden.
_MAX_LAYERS = 4


@dataclass(frozen=True, slots=True)
class Pixels:
    """Rows of a byte a pixel, 0 for black, from the top left of the page as it is shown."""

    data: bytes
    width: int
    height: int
    scale: float

    def area(self, shape: Rectangle) -> tuple[int, int, int, int]:
        """Left, top, right and bottom of the pixels that a shape, in points, touches."""
        left, top, right, bottom = (value * self.scale for value in shape)
        return (
            max(0, math.floor(left)),
            max(0, math.floor(top)),
            min(self.width, math.ceil(right)),
            min(self.height, math.ceil(bottom)),
        )


@dataclass(frozen=True, slots=True)
class PagePixels:
    """A page as it is, without any text, and without the texts of each layer."""

    whole: Pixels
    bare: Pixels
    without: list[Pixels]


def draw(page: object, box: Box, objects: PageObjects, layers: Layers) -> PagePixels:
    """Draw a page once as it is, once without text, and where texts overlap once for each layer."""
    scale = min(_SCALE, math.sqrt(_MAX_PIXELS / (box.width * box.height)))
    whole = _draw(page, box, scale)
    _show(objects.texts.values(), shown=False)
    bare = _draw(page, box, scale)
    _show(objects.texts.values(), shown=True)
    count = 1 + max(layers.numbers.values(), default=0)
    if count == 1:
        return PagePixels(whole, bare, [bare])
    without = []
    for layer in range(min(count, _MAX_LAYERS)):
        # What has no characters may be the second stroke of a bold letter, and is always taken away.
        texts = [text for key, text in objects.texts.items() if layers.numbers.get(key, layer) == layer]
        _show(texts, shown=False)
        without.append(_draw(page, box, scale))
        _show(texts, shown=True)
    return PagePixels(whole, bare, without)


def _show(texts: Iterable[object], *, shown: bool) -> None:
    for text in texts:
        pdfium.FPDFPageObj_SetIsActive(text, shown)


def _draw(page: object, box: Box, scale: float) -> Pixels:
    width, height = max(1, round(box.width * scale)), max(1, round(box.height * scale))
    # Four bytes a pixel: with one, PDFium blends and makes transparent wrongly.
    buffer = bytearray(b"\xff") * (4 * width * height)
    memory = (ctypes.c_char * len(buffer)).from_buffer(buffer)
    bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_BGRA, memory, 4 * width)
    flags = pdfium.FPDF_ANNOT | pdfium.FPDF_GRAYSCALE
    pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, flags)
    pdfium.FPDFBitmap_Destroy(bitmap)
    return Pixels(bytes(buffer[::4]), width, height, scale)
