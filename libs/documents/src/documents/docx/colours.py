"""DOCX: the colours of text and of what is painted behind it."""

import re
from typing import Any, Final

from lxml import etree

from documents.docx.package import Package, attribute, child, local

Colour = tuple[int, int, int]
WHITE: Final[Colour] = (255, 255, 255)
_BLACK: Final[Colour] = (0, 0, 0)

# As in pdf_visible: steps of grey by which text has to differ from what is behind it. Of two colours that are
# equally light, such as a red and a green, one channel has to differ by much.
_CONTRAST: Final = 16
_HUE: Final = 96
# Names in `w:themeColor` or in drawings, and those in the theme.
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


def differs(ink: Colour, paper: Colour) -> bool:
    """Whether a person can tell text of one colour from what is behind it."""
    return abs(_grey(ink) - _grey(paper)) >= _CONTRAST or any(
        abs(one - other) >= _HUE for one, other in zip(ink, paper, strict=True)
    )


def _grey(colour: Colour) -> float:
    return 0.30 * colour[0] + 0.59 * colour[1] + 0.11 * colour[2]


def parse(value: str | None) -> Colour | None:
    """Return the colour that six hexadecimal digits stand for."""
    if value is None or not re.fullmatch("[0-9a-fA-F]{6}", value):
        return None
    red, green, blue = bytes.fromhex(value)
    return red, green, blue


class Palette:
    """Knows the colours of one document's theme."""

    def __init__(self, package: Package) -> None:
        self._colours = {"lt1": WHITE, "dk1": _BLACK}
        for name in package.related("theme"):
            scheme = child(child(package.part(name), "themeElements"), "clrScheme")
            for item in scheme if scheme is not None else ():
                for colour in item:
                    if found := parse(colour.get("lastClr") or colour.get("val")):
                        self._colours[local(item)] = found
        self._names = {key: _THEME[value] for key, value in _MAPPED.items()}
        for name in package.related("settings"):
            mapping = child(package.part(name), "clrSchemeMapping")
            for key in _MAPPED if mapping is not None else ():
                value = attribute(mapping, key)
                self._names[key] = _THEME.get(value or "", value) or self._names[key]

    def named(self, name: str | None) -> Colour | None:
        """Return a colour of the theme."""
        name = _THEME.get(name or "", name or "")
        return self._colours.get(self._names.get(name, name))

    def colour(self, item: etree._Element, value: str = "val") -> Colour | None:
        """Return the colour that an element states in an attribute, None for one that Word chooses."""
        kind = "Fill" if value == "fill" else ""
        found = self.named(attribute(item, f"theme{kind or 'Color'}"))
        if found is None:
            return parse(attribute(item, value))
        if tint := attribute(item, f"theme{kind}Tint"):
            found = _mix(found, WHITE, _share(tint))
        if shade := attribute(item, f"theme{kind}Shade"):
            found = _mix(found, _BLACK, _share(shade))
        return found

    def solid(self, fill: etree._Element | None) -> Colour | None:
        """Return the colour of a solid fill of a drawing or of text."""
        item = next(iter(fill), None) if fill is not None else None
        if item is None:
            return None
        value = attribute(item, "val")
        is_named = local(item) == "schemeClr"
        colour = self.named(value) if is_named else _PRESET.get(value or "", parse(value))
        return None if colour is None else _changed(colour, item)

    def paper(self, properties: etree._Element | None) -> dict[str, Any]:
        """Return what is painted behind text as {"paper": colour}, None for an unknown one; or {}."""
        highlight = child(properties, "highlight")
        if highlight is not None and (name := attribute(highlight, "val")) in _HIGHLIGHTS:
            return {"paper": parse(_HIGHLIGHTS[name])}
        shading = child(properties, "shd")
        if shading is None:
            return {}
        pattern = attribute(shading, "val") or "clear"
        fill = self.colour(shading, "fill")
        if pattern in ("clear", "nil"):
            return {} if fill is None or pattern == "nil" else {"paper": fill}
        share = 1.0 if pattern == "solid" else 0.0
        if found := _PERCENT.fullmatch(pattern):
            share = int(found[1]) / 100
        elif not share:
            return {"paper": None}
        return {"paper": _mix(self.colour(shading, "color") or _BLACK, fill or WHITE, share)}


def _changed(colour: Colour, changes: etree._Element) -> Colour:
    """Return a colour made lighter or darker as a drawing says."""
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
    """Return so much of one colour with the rest of the other."""
    red, green, blue = (round(share * a + (1 - share) * b) for a, b in zip(one, other, strict=True))
    return red, green, blue
