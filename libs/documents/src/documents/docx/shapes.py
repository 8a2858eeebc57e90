"""Inspect pictures and text boxes of a DOCX file: visibility, size and background."""

import re
from collections.abc import Iterator
from typing import Any, Final

from lxml import etree

from documents.docx.colours import WHITE, Palette, contrasts, parse_colour
from documents.docx.package import child, local

EMU_PER_POINT: Final = 12_700
# A lower or narrower box shows no line of text.
_MIN_SIDE: Final = 4 * EMU_PER_POINT
# Positions are measured from a point at most two inches from the edge of the page.
_MAX_ORIGIN_OFFSET: Final = 144 * EMU_PER_POINT
# A drawing behind the text that covers less of the page is decoration, not a background for white text.
_BACKGROUND_SHARE: Final = 0.03
_UNITS: Final = {"": 0.75, "px": 0.75, "pt": 1.0, "in": 72.0, "cm": 28.35, "mm": 2.835}
_LENGTH: Final = re.compile(r"(-?\d{1,6}(?:\.\d{0,6})?)\s*(px|pt|in|cm|mm|)")


def choose_alternative(element: etree._Element) -> tuple[etree._Element, ...]:
    """Return the version of alternative content that current versions of Word show, if there is one."""
    chosen = child(element, "Choice")
    if chosen is None:
        chosen = child(element, "Fallback")
    return () if chosen is None else (chosen,)


def walk_drawing(element: etree._Element) -> Iterator[etree._Element]:
    """Yield the elements of a drawing, without the content of text boxes."""
    stack = [element]
    while stack:
        item = stack.pop()
        if local(item) == "AlternateContent":
            stack += choose_alternative(item)
            continue
        yield item
        if local(item) != "txbxContent":
            stack += reversed(list(item))


def drawing_size(drawing: etree._Element) -> tuple[int, int] | None:
    """Return width and height in EMU (1/12,700 point), or None if they are not stated."""
    found = next(drawing.iter("{*}extent"), None)
    width, height = (_whole(found.get(side)) for side in ("cx", "cy")) if found is not None else (None, None)
    return None if width is None or height is None else (width, height)


def is_hidden_drawing(drawing: etree._Element, page: tuple[float, float]) -> bool:
    """Return True if a drawing is hidden, too small for text, or off the page.

    `page` holds the width and height of the page in EMU.
    """
    shown = next(drawing.iter("{*}docPr"), None)
    if shown is not None and shown.get("hidden") in ("1", "true"):
        return True
    size = drawing_size(drawing)
    if size is not None:
        return min(size) < _MIN_SIDE or any(
            _is_off(next(drawing.iter(f"{{*}}{name}"), None), length, side)
            for name, length, side in zip(("positionH", "positionV"), size, page, strict=True)
        )
    return any(_is_hidden_shape(_style(item), page) for item in walk_drawing(drawing) if item.get("style"))


def _is_off(position: etree._Element | None, length: int, side: float) -> bool:
    offset = child(position, "posOffset")
    place = _whole((offset.text or "").strip()) if offset is not None else None
    return place is not None and (place + length < -_MAX_ORIGIN_OFFSET or place > side)


def _style(shape: etree._Element) -> dict[str, str]:
    """Return the properties in a style of VML, the language of drawings before Word 2010."""
    parts = (part.partition(":") for part in shape.get("style", "").lower().split(";"))
    return {name.strip(): value.strip() for name, _, value in parts}


def _is_hidden_shape(style: dict[str, str], page: tuple[float, float]) -> bool:
    if style.get("visibility") == "hidden" or style.get("display") == "none":
        return True
    for start, side, length in (("margin-left", "width", page[0]), ("margin-top", "height", page[1])):
        size, place = _length(style.get(side)), _length(style.get(start)) or 0.0
        if size is not None and (size < _MIN_SIDE or place + size < -_MAX_ORIGIN_OFFSET or place > length):
            return True
    return False


def _length(value: str | None) -> float | None:
    found = _LENGTH.fullmatch(value or "")
    return float(found[1]) * _UNITS[found[2]] * EMU_PER_POINT if found else None


def box_background(box: etree._Element, palette: Palette) -> dict[str, Any]:
    """Return the change that a box makes to the background of its text, like `Palette.background`."""
    shape = box.getparent()
    while shape is not None and local(shape) not in ("wsp", "sp", "shape", "rect", "roundrect", "oval"):
        shape = shape.getparent()
    if shape is None:
        return {"background": None}
    properties = child(shape, "spPr")
    if properties is None:
        if shape.get("filled") in ("f", "false", "0"):
            return {}
        return {"background": parse_colour(shape.get("fillcolor", "#ffffff").lstrip("#"))}
    for item in properties:
        match local(item):
            case "noFill":
                return {}
            case "solidFill":
                return {"background": palette.solid_fill(item)}
            case "gradFill" | "blipFill" | "pattFill" | "grpFill":
                return {"background": None}
    # The fill of a style is not resolved, so it is unknown.
    return {} if child(shape, "style") is None else {"background": None}


def may_be_background(anchor: etree._Element, palette: Palette, page: tuple[float, float]) -> bool:
    """Return True if white text may be visible on a drawing: it is large and not known to be white."""
    size = drawing_size(anchor)
    if size is not None and size[0] * size[1] < _BACKGROUND_SHARE * page[0] * page[1]:
        return False
    for item in anchor.iter("{*}spPr"):
        filled = child(item, "solidFill")
        colour = palette.solid_fill(filled)
        if child(item, "noFill") is None and (colour is None or contrasts(WHITE, colour)):
            return True
    return next(anchor.iter("{*}blip"), None) is not None


def _whole(value: str | None) -> int | None:
    return int(value) if value and re.fullmatch(r"-?\d{1,11}", value) else None
