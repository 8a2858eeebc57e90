"""DOCX: pictures and text boxes: whether they are seen, and what they paint."""

import re
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from documents.docx.colours import WHITE, Palette, differs
from documents.docx.colours import parse as parse_colour
from documents.docx.package import child, local

EMU_PER_POINT: Final = 12_700
# A box that is lower or narrower shows no line of text.
_LEAST: Final = 4 * EMU_PER_POINT
# Whatever a position is measured from is at most so far from the edge of the page: two inches.
_ORIGIN: Final = 144 * EMU_PER_POINT
# Less of the page behind the text is decoration, and no ground for white text.
_GROUND: Final = 0.03
_UNITS: Final = {"": 0.75, "px": 0.75, "pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835}
_LENGTH: Final = re.compile(r"(-?\d{1,6}(?:\.\d{0,6})?)\s*(px|pt|in|cm|mm|)")


def alternative(element: etree._Element) -> tuple[etree._Element, ...]:
    """Return the one of several versions of the same content that today's Word shows."""
    chosen = child(element, "Choice")
    if chosen is None:
        chosen = child(element, "Fallback")
    return () if chosen is None else (chosen,)


def walk(element: etree._Element) -> Iterator[etree._Element]:
    """Walk down to pictures and text boxes; what is within a box is the box's own."""
    stack = [element]
    while stack:
        item = stack.pop()
        if local(item) == "AlternateContent":
            stack += alternative(item)
            continue
        yield item
        if local(item) != "txbxContent":
            stack += reversed(list(item))


def extent(drawing: etree._Element) -> tuple[int, int] | None:
    """Width and height in EMU (1/12,700 point), None where they are not stated."""
    found = next(drawing.iter("{*}extent"), None)
    width, height = (_whole(found.get(side)) for side in ("cx", "cy")) if found is not None else (None, None)
    return None if width is None or height is None else (width, height)


def is_concealed(drawing: etree._Element, page: tuple[float, float]) -> bool:
    """Whether a drawing is hidden, too small for text, or off the page (width and height in EMU)."""
    shown = next(drawing.iter("{*}docPr"), None)
    if shown is not None and shown.get("hidden") in ("1", "true"):
        return True
    size = extent(drawing)
    if size is not None:
        return min(size) < _LEAST or any(
            _is_off(next(drawing.iter(f"{{*}}{name}"), None), length, side)
            for name, length, side in zip(("positionH", "positionV"), size, page, strict=True)
        )
    return any(_is_concealed_shape(_style(item), page) for item in walk(drawing) if item.get("style"))


def _is_off(position: etree._Element | None, length: int, side: float) -> bool:
    offset = child(position, "posOffset")
    place = _whole((offset.text or "").strip()) if offset is not None else None
    return place is not None and (place + length < -_ORIGIN or place > side)


def _style(shape: etree._Element) -> dict[str, str]:
    """Return the parts of a style of VML, the language of drawings before Word 2010."""
    parts = (part.partition(":") for part in shape.get("style", "").lower().split(";"))
    return {name.strip(): value.strip() for name, _, value in parts}


def _is_concealed_shape(style: dict[str, str], page: tuple[float, float]) -> bool:
    if style.get("visibility") == "hidden" or style.get("display") == "none":
        return True
    for start, side, length in (("margin-left", "width", page[0]), ("margin-top", "height", page[1])):
        size, place = _length(style.get(side)), _length(style.get(start)) or 0.0
        if size is not None and (size < _LEAST or place + size < -_ORIGIN or place > length):
            return True
    return False


def _length(value: str | None) -> float | None:
    found = _LENGTH.fullmatch(value or "")
    return float(found[1]) * _UNITS[found[2]] * EMU_PER_POINT if found else None


def fill(box: etree._Element, palette: Palette) -> dict[str, Any]:
    """Return what a box paints behind its text as `Palette.paper` does."""
    shape = box.getparent()
    while shape is not None and local(shape) not in ("wsp", "sp", "shape", "rect", "roundrect", "oval"):
        shape = shape.getparent()
    if shape is None:
        return {"paper": None}
    properties = child(shape, "spPr")
    if properties is None:
        if shape.get("filled") in ("f", "false", "0"):
            return {}
        return {"paper": parse_colour(shape.get("fillcolor", "#ffffff").lstrip("#"))}
    for item in properties:
        match local(item):
            case "noFill":
                return {}
            case "solidFill":
                return {"paper": palette.solid(item)}
            case "gradFill" | "blipFill" | "pattFill" | "grpFill":
                return {"paper": None}
    # Without a fill of its own it has that of its style, which may be any.
    return {} if child(shape, "style") is None else {"paper": None}


def is_ground(anchor: etree._Element, palette: Palette, page: tuple[float, float]) -> bool:
    """Whether white text may be visible on a drawing: it is large, and not known to be as white as paper."""
    size = extent(anchor)
    if size is not None and size[0] * size[1] < _GROUND * page[0] * page[1]:
        return False
    for item in anchor.iter("{*}spPr"):
        filled = child(item, "solidFill")
        colour = palette.solid(filled)
        if child(item, "noFill") is None and (colour is None or differs(WHITE, colour)):
            return True
    return next(anchor.iter("{*}blip"), None) is not None


def _whole(value: str | None) -> int | None:
    return int(value) if value and re.fullmatch(r"-?\d{1,11}", value) else None
