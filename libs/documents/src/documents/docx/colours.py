"""Resolve the colours of DOCX text and of its background."""

import re
from typing import Any, Final

from lxml import etree

from documents.docx.package import Package, attribute, child, local

Colour = tuple[int, int, int]
WHITE: Final[Colour] = (255, 255, 255)
_BLACK: Final[Colour] = (0, 0, 0)

# The difference in lightness (0 to 255) that makes text readable, as in `pdf.visibility`. Two colours of
# equal lightness, such as a red and a green, have to differ by `_HUE` in one channel.
_CONTRAST: Final = 16
_HUE: Final = 96
# Names in `w:themeColor` and in drawings, with the names that the theme uses.
_THEME: Final = {
    "background1": "bg1", "text1": "t1", "background2": "bg2", "text2": "t2", "tx1": "t1", "tx2": "t2",
    "light1": "lt1", "dark1": "dk1", "light2": "lt2", "dark2": "dk2",
    "hyperlink": "hlink", "followedHyperlink": "folHlink",
}  # fmt: skip
_MAPPED: Final = {"bg1": "light1", "t1": "dark1", "bg2": "light2", "t2": "dark2"}
_HIGHLIGHTS: Final = {
    "black": "000000", "blue": "0000ff", "cyan": "00ffff", "green": "00ff00", "magenta": "ff00ff",
    "red": "ff0000", "yellow": "ffff00", "white": "ffffff", "darkBlue": "000080", "darkCyan": "008080",
    "darkGreen": "008000", "darkMagenta": "800080", "darkRed": "800000", "darkYellow": "808000",
    "darkGray": "808080", "lightGray": "c0c0c0",
}  # fmt: skip
_PRESET: Final = {"white": WHITE, "black": _BLACK}
_PERCENT: Final = re.compile(r"pct(\d{1,2})")


def contrasts(colour: Colour, background: Colour) -> bool:
    """Return True if text of a colour is readable on a background."""
    return abs(_luma(colour) - _luma(background)) >= _CONTRAST or any(
        abs(one - other) >= _HUE for one, other in zip(colour, background, strict=True)
    )


def _luma(colour: Colour) -> float:
    return 0.30 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2]


def parse_colour(value: str | None) -> Colour | None:
    """Return the colour of six hexadecimal digits, or None for any other value."""
    if value is None or not re.fullmatch("[0-9a-fA-F]{6}", value):
        return None
    red, green, blue = bytes.fromhex(value)
    return red, green, blue


class Palette:
    """The colours of a document's theme."""

    def __init__(self, package: Package) -> None:
        self._colours = {"lt1": WHITE, "dk1": _BLACK}
        for name in package.part_names("theme"):
            scheme = child(child(package.part(name), "themeElements"), "clrScheme")
            for item in scheme if scheme is not None else ():
                for colour in item:
                    if found := parse_colour(colour.get("lastClr") or colour.get("val")):
                        self._colours[local(item)] = found
        self._names = {key: _THEME[value] for key, value in _MAPPED.items()}
        for name in package.part_names("settings"):
            mapping = child(package.part(name), "clrSchemeMapping")
            for key in _MAPPED if mapping is not None else ():
                value = attribute(mapping, key)
                self._names[key] = _THEME.get(value or "", value) or self._names[key]

    def theme_colour(self, name: str | None) -> Colour | None:
        """Return a colour of the theme by its name."""
        name = _THEME.get(name or "", name or "")
        return self._colours.get(self._names.get(name, name))

    def colour(self, item: etree._Element, value: str = "val") -> Colour | None:
        """Return the colour in an attribute of an element, or None if Word chooses it."""
        kind = "Fill" if value == "fill" else ""
        found = self.theme_colour(attribute(item, f"theme{kind or 'Color'}"))
        if found is None:
            return parse_colour(attribute(item, value))
        if tint := attribute(item, f"theme{kind}Tint"):
            found = _mix(found, WHITE, _share(tint))
        if shade := attribute(item, f"theme{kind}Shade"):
            found = _mix(found, _BLACK, _share(shade))
        return found

    def solid_fill(self, fill: etree._Element | None) -> Colour | None:
        """Return the colour of a solid fill of a drawing or of text, or None if it is unknown."""
        item = next(iter(fill), None) if fill is not None else None
        if item is None:
            return None
        value = attribute(item, "val")
        is_named = local(item) == "schemeClr"
        colour = self.theme_colour(value) if is_named else _PRESET.get(value or "", parse_colour(value))
        return None if colour is None else _apply_changes(colour, item)

    def background(self, properties: etree._Element | None) -> dict[str, Any]:
        """Return the change that highlighting or shading makes to a `Formatting`.

        The result is `{"background": colour}`, with None for an unknown colour, or `{}` for no change.
        """
        highlight = child(properties, "highlight")
        if highlight is not None and (name := attribute(highlight, "val")) in _HIGHLIGHTS:
            return {"background": parse_colour(_HIGHLIGHTS[name])}
        shading = child(properties, "shd")
        if shading is None:
            return {}
        pattern = attribute(shading, "val") or "clear"
        fill = self.colour(shading, "fill")
        if pattern in ("clear", "nil"):
            return {} if fill is None or pattern == "nil" else {"background": fill}
        share = 1.0 if pattern == "solid" else 0.0
        if found := _PERCENT.fullmatch(pattern):
            share = int(found[1]) / 100
        elif not share:
            return {"background": None}
        return {"background": _mix(self.colour(shading, "color") or _BLACK, fill or WHITE, share)}


def _apply_changes(colour: Colour, changes: etree._Element) -> Colour:
    """Return a colour with the tints and shades of a drawing applied."""
    for change in changes:
        number = attribute(change, "val") or ""
        if not number.isdecimal() or len(number) > 6:
            continue
        share = min(1.0, int(number) / 100_000)
        match local(change):
            case "lumMod" | "shade":
                colour = _mix(colour, _BLACK, share)
            case "tint":
                colour = _mix(colour, WHITE, share)
            case "lumOff":
                colour = _mix(WHITE, colour, share)
    return colour


def _share(value: str) -> float:
    return int(value, 16) / 255 if re.fullmatch("[0-9a-fA-F]{1,2}", value) else 1.0


def _mix(one: Colour, other: Colour, share: float) -> Colour:
    """Mix two colours; `share` is the share of the first."""
    red, green, blue = (round(share * a + (1 - share) * b) for a, b in zip(one, other, strict=True))
    return red, green, blue
