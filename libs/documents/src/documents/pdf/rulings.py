"""Straight horizontal and vertical lines of a PDF page, such as the borders of table cells."""

import ctypes
from collections.abc import Sequence
from typing import Final

import pypdfium2_raw as pdfium

from documents.pdf.page_objects import Box, Matrix, Rectangle, multiply, object_matrix

# Points: a thicker area is a background, and a shorter line is a part of a letter, a bullet or an icon.
_MAX_THICKNESS: Final = 3.0
_MIN_LENGTH: Final = 8.0
# Tables of resumes have at most a few hundred rulings. A path with more segments is a drawing.
_MAX_RULINGS: Final = 2_000
_MAX_SEGMENTS: Final = 64


def find_rulings(paths: Sequence[tuple[object, Matrix, Rectangle]], box: Box) -> list[Rectangle]:
    """Return the rulings among the paths of a page, as rectangles with little or no width or height."""
    rulings: list[Rectangle] = []
    for item, matrix, rectangle in paths:
        left, top, right, bottom = rectangle
        if max(right - left, bottom - top) < _MIN_LENGTH:
            continue
        if min(right - left, bottom - top) <= _MAX_THICKNESS:
            rulings.append(_line(rectangle))
        elif _is_stroked(item):
            rulings += _stroked_lines(item, multiply(object_matrix(item), matrix), box)
        if len(rulings) > _MAX_RULINGS:
            break
    return rulings


def _line(rectangle: Rectangle) -> Rectangle:
    """Return the line through the middle of a thin rectangle."""
    left, top, right, bottom = rectangle
    if right - left >= bottom - top:
        middle = (top + bottom) / 2
        return left, middle, right, middle
    middle = (left + right) / 2
    return middle, top, middle, bottom


def _is_stroked(item: object) -> bool:
    fill, stroke = ctypes.c_int(), ctypes.c_int()
    pdfium.FPDFPath_GetDrawMode(item, fill, stroke)
    return bool(stroke.value)


def _stroked_lines(item: object, matrix: Matrix, box: Box) -> list[Rectangle]:
    count = pdfium.FPDFPath_CountSegments(item)
    if not 2 <= count <= _MAX_SEGMENTS:
        return []
    lines: list[Rectangle] = []
    start: tuple[float, float] | None = None
    last: tuple[float, float] | None = None
    x, y = ctypes.c_float(), ctypes.c_float()
    for at in range(count):
        segment = pdfium.FPDFPath_GetPathSegment(item, at)
        pdfium.FPDFPathSegment_GetPoint(segment, x, y)
        point = _place(x.value, y.value, matrix, box)
        kind = pdfium.FPDFPathSegment_GetType(segment)
        if kind == pdfium.FPDF_SEGMENT_MOVETO:
            start = point
        elif kind == pdfium.FPDF_SEGMENT_LINETO and last is not None:
            lines.append((*last, *point))
        last = point
        if start is not None and pdfium.FPDFPathSegment_GetClose(segment):
            lines.append((*point, *start))
            last = start
    return [
        _line((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))
        for x0, y0, x1, y1 in lines
        if min(abs(x1 - x0), abs(y1 - y0)) <= 1.0 and max(abs(x1 - x0), abs(y1 - y0)) >= _MIN_LENGTH
    ]


def _place(x: float, y: float, matrix: Matrix, box: Box) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return box.place(a * x + c * y + e, b * x + d * y + f)
