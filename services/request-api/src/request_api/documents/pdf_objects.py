"""PDF: the pictures and painted areas of a page, as boxes on the upright page."""

import ctypes
import math
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

import pypdfium2.raw as pdfium

from request_api.documents.errors import TooComplex

Rectangle = tuple[float, float, float, float]  # left, top, right, bottom; points, from the top left

# Form XObjects within each other; deeper ones count as painted area as a whole.
_MAX_DEPTH = 4
# A page of a resume has a few hundred objects, a dense one drawn letter by letter a few thousand.
_MAX_OBJECTS = 200_000
# More boxes than this are kept as the one around them all: each is compared with each white character.
_MAX_BOXES = 300
# Lighter than this is as good as white.
_WHITE = 245


@dataclass(frozen=True, slots=True)
class Box:
    """The visible part of a page: its corner in page space, and its size and turn as it is shown."""

    left: float
    bottom: float
    width: float
    height: float
    quarter_turns: int = 0

    def place(self, x: float, y: float) -> tuple[float, float]:
        """Return a point of page space as points right of and below the upper left corner that is shown."""
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
        """Return a rectangle of page space as it is shown."""
        x0, y0 = self.place(left, bottom)
        x1, y1 = self.place(right, top)
        return min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)


@dataclass(slots=True)
class PageObjects:
    """What may lie behind text."""

    images: list[Rectangle] = field(default_factory=list)
    # Filled with anything but white, or not known with what.
    painted: list[Rectangle] = field(default_factory=list)
    image_count: int = 0
    image_area: float = 0.0
    # Opaque rectangles, each with its place in the order of drawing.
    lids: list[tuple[int, Rectangle]] = field(default_factory=list)
    # By the address of a text object: its place, and the area that it is clipped to.
    places: dict[int | None, int] = field(default_factory=dict)
    windows: dict[int | None, Rectangle] = field(default_factory=dict)

    def conceals(self, text_object: int | None, x: float, y: float) -> bool:
        """Whether a point of a text object is clipped away, or painted over by what is drawn later."""
        window = self.windows.get(text_object)
        if window is not None and not _any_holds([window], x, y):
            return True
        place = self.places.get(text_object)
        if place is None:
            return False
        return _any_holds([lid for at, lid in self.lids if at > place], x, y)

    def covers(self, x: float, y: float) -> bool:
        """Whether anything but white may be painted at a point."""
        return _any_holds(self.painted, x, y) or self.on_image(x, y)

    def on_image(self, x: float, y: float) -> bool:
        """Whether the point is on a picture."""
        return _any_holds(self.images, x, y)


def _around(rectangles: list[Rectangle]) -> Rectangle:
    lefts, tops, rights, bottoms = zip(*rectangles, strict=True)
    return min(lefts), min(tops), max(rights), max(bottoms)


def _any_holds(rectangles: list[Rectangle], x: float, y: float) -> bool:
    return any(left <= x <= right and top <= y <= bottom for left, top, right, bottom in rectangles)


def read_objects(page: object, box: Box) -> PageObjects:
    """Collect pictures and painted areas; what is within forms as well."""
    found = PageObjects()
    seen = 0
    for place, kind, item, shift in _walk(page):
        seen += 1
        if seen > _MAX_OBJECTS:
            raise TooComplex
        if kind == pdfium.FPDF_PAGEOBJ_TEXT:
            _note_text(found, place, item, _window(item, box) if shift == _IDENTITY else None)
            continue
        rectangle = _bounds(item, shift, box)
        if rectangle is None:
            continue
        if kind == pdfium.FPDF_PAGEOBJ_IMAGE:
            found.images.append(rectangle)
            found.image_count += 1
            found.image_area += _visible_area(rectangle, box)
        elif kind == pdfium.FPDF_PAGEOBJ_SHADING or (kind == pdfium.FPDF_PAGEOBJ_PATH and _is_painted(item)):
            found.painted.append(rectangle)
        _note_lid(found, place, kind, item, rectangle)
        for boxes in (found.images, found.painted):
            if len(boxes) > _MAX_BOXES:
                boxes[:] = [_around(boxes)]
    return found


def _note_text(found: PageObjects, place: int, item: object, window: Rectangle | None) -> None:
    address = ctypes.cast(item, ctypes.c_void_p).value  # type: ignore[arg-type]  # an untyped pointer
    found.places[address] = place
    if window is not None:
        found.windows[address] = window


def _note_lid(found: PageObjects, place: int, kind: int, item: object, rectangle: Rectangle) -> None:
    if kind == pdfium.FPDF_PAGEOBJ_PATH and len(found.lids) < _MAX_BOXES and _is_lid(item):
        found.lids.append((place, rectangle))


Matrix = tuple[float, float, float, float, float, float]
_IDENTITY: Matrix = (1, 0, 0, 1, 0, 0)


def _walk(page: object) -> Iterator[tuple[int, int, object, Matrix]]:
    """Yield the place in the order of drawing (a form's for all that is in it), kind, object and matrix."""
    stack = [
        (at, pdfium.FPDFPage_GetObject(page, at), _IDENTITY, 0)
        for at in range(pdfium.FPDFPage_CountObjects(page))
    ]
    while stack:
        place, item, matrix, depth = stack.pop()
        kind = pdfium.FPDFPageObj_GetType(item)
        if kind == pdfium.FPDF_PAGEOBJ_FORM and depth < _MAX_DEPTH:
            inner = _times(_matrix(item), matrix)
            stack += [
                (place, pdfium.FPDFFormObj_GetObject(item, at), inner, depth + 1)
                for at in range(pdfium.FPDFFormObj_CountObjects(item))
            ]
        else:
            yield place, kind, item, matrix


def _matrix(item: object) -> Matrix:
    m = pdfium.FS_MATRIX()
    if not pdfium.FPDFPageObj_GetMatrix(item, m):
        return _IDENTITY
    return m.a, m.b, m.c, m.d, m.e, m.f


def _times(first: Matrix, second: Matrix) -> Matrix:
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


def _is_painted(path: object) -> bool:
    mode, stroke = ctypes.c_int(), pdfium.FPDF_BOOL()
    if not pdfium.FPDFPath_GetDrawMode(path, mode, stroke):
        return True
    if mode.value == pdfium.FPDF_FILLMODE_NONE:
        # A thick line can be a panel: a stroke counts with all of its bounds.
        width = ctypes.c_float()
        pdfium.FPDFPageObj_GetStrokeWidth(path, width)
        return bool(stroke.value) and width.value > 4
    colour = fill_colour(path)
    return colour is None or not is_white(colour)


def _is_lid(path: object) -> bool:
    """Whether a path paints all of its bounds, so that nothing below it is seen."""
    mode, stroke = ctypes.c_int(), pdfium.FPDF_BOOL()
    if not pdfium.FPDFPath_GetDrawMode(path, mode, stroke) or mode.value == pdfium.FPDF_FILLMODE_NONE:
        return False
    colour = fill_colour(path)
    if colour is None or colour[3] < 255 or pdfium.FPDFPageObj_HasTransparency(path):
        return False
    if pdfium.FPDFClipPath_CountPaths(pdfium.FPDFPageObj_GetClipPath(path)) > 0:
        return False
    count = pdfium.FPDFPath_CountSegments(path)
    if not 4 <= count <= 5:
        return False
    points = [_point(pdfium.FPDFPath_GetPathSegment(path, at)) for at in range(count)]
    xs, ys = {x for x, _ in points}, {y for _, y in points}
    # All four corners, one after the other along the sides.
    if len(xs) != 2 or len(ys) != 2 or len(set(points)) != 4:
        return False
    return all(first[0] == second[0] or first[1] == second[1] for first, second in pairwise(points))


def _point(segment: object) -> tuple[float, float]:
    x, y = ctypes.c_float(), ctypes.c_float()
    pdfium.FPDFPathSegment_GetPoint(segment, x, y)
    return round(x.value, 2), round(y.value, 2)


def _window(item: object, box: Box) -> Rectangle | None:
    """Return the bounds of what an object is clipped to; None where it is not."""
    clip = pdfium.FPDFPageObj_GetClipPath(item)
    left, bottom, right, top = -math.inf, -math.inf, math.inf, math.inf
    for number in range(max(0, pdfium.FPDFClipPath_CountPaths(clip))):
        count = pdfium.FPDFClipPath_CountPathSegments(clip, number)
        if not 1 <= count <= _MAX_BOXES:
            continue
        segments = (pdfium.FPDFClipPath_GetPathSegment(clip, number, at) for at in range(count))
        xs, ys = zip(*map(_point, segments), strict=True)
        left, bottom = max(left, min(xs)), max(bottom, min(ys))
        right, top = min(right, max(xs)), min(top, max(ys))
    if left == -math.inf:
        return None
    # A point of room: letters touch the edge of a cell.
    return box.rectangle(left - 1, bottom - 1, right + 1, top + 1)


Colour = tuple[int, int, int, int]


def fill_colour(item: object) -> Colour | None:
    """Red, green, blue and opacity, 0 to 255; None for a pattern or where it is not known."""
    channels = [ctypes.c_uint() for _ in range(4)]
    if not pdfium.FPDFPageObj_GetFillColor(item, *channels):
        return None
    red, green, blue, opacity = (channel.value for channel in channels)
    return red, green, blue, opacity


def is_white(colour: Colour) -> bool:
    """Whether the colour cannot be told from paper."""
    return min(colour[:3]) >= _WHITE or colour[3] == 0
