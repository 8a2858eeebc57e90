"""Render a PDF page as grey pixels, with and without its text."""

import ctypes
import math
from collections.abc import Iterable
from dataclasses import dataclass

import pypdfium2_raw as pdfium

from documents.pdf.page_objects import Box, PageObjects, Rectangle
from documents.pdf.text_layers import Layers

# Pixels per point: the strokes of 4-point type are about one pixel wide. Pages larger than A3 get fewer.
_SCALE = 2.0
_MAX_PIXELS = 4_000_000
# Each layer is rendered once. Text on top of more layers is not legible and counts as hidden.
_MAX_LAYERS = 4


@dataclass(frozen=True, slots=True)
class Bitmap:
    """Pixels of one byte, 0 for black, in rows from the top left of the page as it is shown."""

    data: bytes
    width: int
    height: int
    scale: float

    def area(self, shape: Rectangle) -> tuple[int, int, int, int]:
        """Return left, top, right and bottom of the pixels that a shape, in points, touches."""
        left, top, right, bottom = shape
        scale = self.scale
        return (
            max(0, math.floor(left * scale)),
            max(0, math.floor(top * scale)),
            min(self.width, math.ceil(right * scale)),
            min(self.height, math.ceil(bottom * scale)),
        )


@dataclass(frozen=True, slots=True)
class PageBitmaps:
    """Bitmaps of the complete page, of the page without text, and of the page without each layer of text."""

    complete: Bitmap
    without_text: Bitmap
    without_layers: list[Bitmap]


def render_page(page: object, box: Box, objects: PageObjects, layers: Layers) -> PageBitmaps:
    """Render a page with and without its text, and without each layer if texts overlap."""
    scale = min(_SCALE, math.sqrt(_MAX_PIXELS / (box.width * box.height)))
    complete = _render(page, box, scale)
    _show(objects.texts.values(), shown=False)
    without_text = _render(page, box, scale)
    _show(objects.texts.values(), shown=True)
    count = 1 + max(layers.numbers.values(), default=0)
    if count == 1:
        return PageBitmaps(complete, without_text, [without_text])
    without_layers = []
    for layer in range(min(count, _MAX_LAYERS)):
        # A text object without a layer may be the second stroke of a bold letter, so it is always removed.
        texts = [text for key, text in objects.texts.items() if layers.numbers.get(key, layer) == layer]
        _show(texts, shown=False)
        without_layers.append(_render(page, box, scale))
        _show(texts, shown=True)
    return PageBitmaps(complete, without_text, without_layers)


def _show(texts: Iterable[object], *, shown: bool) -> None:
    for text in texts:
        pdfium.FPDFPageObj_SetIsActive(text, shown)


def _render(page: object, box: Box, scale: float) -> Bitmap:
    width, height = max(1, round(box.width * scale)), max(1, round(box.height * scale))
    # Four bytes per pixel: with one, PDFium renders blending and transparency incorrectly.
    buffer = bytearray(b"\xff") * (4 * width * height)
    memory = (ctypes.c_char * len(buffer)).from_buffer(buffer)
    bitmap = pdfium.FPDFBitmap_CreateEx(width, height, pdfium.FPDFBitmap_BGRA, memory, 4 * width)
    flags = pdfium.FPDF_ANNOT | pdfium.FPDF_GRAYSCALE
    pdfium.FPDF_RenderPageBitmap(bitmap, page, 0, 0, width, height, 0, flags)
    pdfium.FPDFBitmap_Destroy(bitmap)
    return Bitmap(bytes(buffer[::4]), width, height, scale)
