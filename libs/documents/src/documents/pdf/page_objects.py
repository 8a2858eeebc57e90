"""Collect the objects that a PDF page is drawn with: text objects, and the number and area of pictures."""

import ctypes
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import pypdfium2_raw as pdfium

from documents.errors import TooComplex

# Left, top, right and bottom in points from the top left of the page.
Rectangle = tuple[float, float, float, float]
Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)

# A page of a resume has a few hundred objects. A dense page drawn letter by letter has a few thousand.
_MAX_OBJECTS = 200_000
# A page with more lines and areas is a drawing.
_MAX_PATHS = 10_000
# The largest cameras make 100 million. PDFium omits a picture that does not fit into memory, so text that the
# picture hides in other programs would count as visible.
_MAX_PIXELS = 110_000_000
# Points: the smallest and the largest bullet, and the width of a line.
_MIN_MARK = 0.8
_MAX_MARK = 10.0
_MAX_LINE = 3.0
# A page of lists has up to 60 bullets. Thousands of small shapes are a drawing.
_MAX_MARKS = 300


@dataclass(frozen=True, slots=True)
class Box:
    """The visible part of a page: its corner in page space, and its size and rotation as it is shown."""

    left: float
    bottom: float
    width: float
    height: float
    quarter_turns: int = 0

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Convert a position in page space to points from the top left corner of the page as it is shown."""
        x, y = x - self.left, y - self.bottom
        match self.quarter_turns:
            case 1:
                return y, x
            case 2:
                return self.width - x, y
            case 3:
                return self.width - y, self.height - x
            case _:
                return x, self.height - y

    def rectangle(self, left: float, bottom: float, right: float, top: float) -> Rectangle:
        """Convert a rectangle in page space to the page as it is shown."""
        if self.quarter_turns:
            (x0, y0), (x1, y1) = self.place(left, bottom), self.place(right, top)
        else:
            # `place` without the calls, because this converts the box of every character.
            x0, x1 = left - self.left, right - self.left
            y0, y1 = self.height - (bottom - self.bottom), self.height - (top - self.bottom)
        if x1 < x0:
            x0, x1 = x1, x0
        return (x0, y0, x1, y1) if y0 < y1 else (x0, y1, x1, y0)


@dataclass(slots=True)
class PageObjects:
    """The objects of a page and of the forms on it.

    Attributes:
        texts: the text objects by their address
        marks: shapes and pictures as small as a bullet
        lines: tall, thin shapes
        values: the addresses of the texts in form fields
        fields: the places of the form fields
        paths: larger shapes, each with the matrix of the forms around it and its rectangle on the page
    """

    texts: dict[int | None, object] = field(default_factory=dict)
    marks: list[Rectangle] = field(default_factory=list)
    lines: list[Rectangle] = field(default_factory=list)
    values: set[int | None] = field(default_factory=set)
    fields: list[Rectangle] = field(default_factory=list)
    image_count: int = 0
    image_area: float = 0.0
    paths: list[tuple[object, Matrix, Rectangle]] = field(default_factory=list)


def read_objects(page: object, box: Box, *, fields: Sequence[Rectangle] = ()) -> PageObjects:
    """Collect the texts and paths and measure the pictures of a page.

    Args:
        page: the page
        box: its visible part
        fields: the places in page space of form fields, whose values are the last object

    Raises:
        TooComplex: the page has too many objects or too large a picture.
    """
    found = PageObjects(fields=[box.rectangle(*place) for place in fields])
    last = pdfium.FPDFPage_CountObjects(page) - 1
    for kind, item, matrix, at in _walk_objects(page):
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            found.texts[object_address(item)] = item
            if fields and at == last:
                found.values.add(object_address(item))
        elif kind == pdfium.FPDF_PAGEOBJ_PATH and (rectangle := _bounds(item, matrix, box)):
            if not _add_shape(found, rectangle) and len(found.paths) < _MAX_PATHS:
                found.paths.append((item, matrix, rectangle))
        elif kind == pdfium.FPDF_PAGEOBJ_IMAGE and (rectangle := _bounds(item, matrix, box)):
            width, height = ctypes.c_uint(), ctypes.c_uint()
            pdfium.FPDFImageObj_GetImagePixelSize(item, width, height)
            if width.value * height.value > _MAX_PIXELS:
                raise TooComplex
            found.image_count += not _add_shape(found, rectangle)
            found.image_area += _visible_area(rectangle, box)
    return found


def _add_shape(found: PageObjects, rectangle: Rectangle) -> bool:
    """Add a shape to the marks or lines of a page. Return True if it is small enough to be a mark."""
    left, top, right, bottom = rectangle
    width, height = right - left, bottom - top
    if max(width, height) <= _MAX_MARK:
        if min(width, height) >= _MIN_MARK and len(found.marks) < _MAX_MARKS:
            found.marks.append(rectangle)
        return True
    if width <= _MAX_LINE and height > 2 * _MAX_MARK and len(found.lines) < _MAX_MARKS:
        found.lines.append(rectangle)
    return False


def object_address(item: object) -> int | None:
    """Return the address of a PDFium object, which identifies it."""
    # Called for every character: `addressof` takes a ninth of the time of a cast.
    return ctypes.addressof(item.contents) if item else None  # type: ignore[attr-defined]  # an untyped pointer


def _walk_objects(page: object) -> Iterator[tuple[int, object, Matrix, int]]:
    """Yield the kind of each object, the object, the matrix of its forms, and the place of the outermost."""
    seen = 0
    stack = [
        (pdfium.FPDFPage_GetObject(page, at), _IDENTITY, at)
        for at in range(pdfium.FPDFPage_CountObjects(page))
    ]
    while stack:
        seen += 1
        if seen > _MAX_OBJECTS:
            raise TooComplex
        item, matrix, outermost = stack.pop()
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_FORM:
            inner = multiply(object_matrix(item), matrix)
            stack += [
                (pdfium.FPDFFormObj_GetObject(item, at), inner, outermost)
                for at in range(pdfium.FPDFFormObj_CountObjects(item))
            ]
        else:
            yield kind, item, matrix, outermost


def object_matrix(item: object) -> Matrix:
    """Return the matrix of an object within the form or page that contains it."""
    m = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, m):
        return _IDENTITY
    return m.a, m.b, m.c, m.d, m.e, m.f


def multiply(first: Matrix, second: Matrix) -> Matrix:
    """Return the matrix that applies `first` and then `second`."""
    a, b, c, d, e, f = first
    m = second
    return (
        a * m[0] + b * m[2],
        a * m[1] + b * m[3],
        c * m[0] + d * m[2],
        c * m[1] + d * m[3],
        e * m[0] + f * m[2] + m[4],
        e * m[1] + f * m[3] + m[5],
    )


def _bounds(item: object, matrix: Matrix, box: Box) -> Rectangle | None:
    left, bottom, right, top = (ctypes.c_float() for _ in range(4))
    if not pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top):
        return None
    a, b, c, d, e, f = matrix
    corners = [
        (a * x + c * y + e, b * x + d * y + f)
        for x in (left.value, right.value)
        for y in (bottom.value, top.value)
    ]
    xs, ys = zip(*corners, strict=True)
    return box.rectangle(min(xs), min(ys), max(xs), max(ys))


def _visible_area(rectangle: Rectangle, box: Box) -> float:
    left, top, right, bottom = rectangle
    width = min(right, box.width) - max(left, 0.0)
    height = min(bottom, box.height) - max(top, 0.0)
    return max(0.0, width) * max(0.0, height)
