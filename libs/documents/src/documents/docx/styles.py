"""DOCX: how text looks, from the defaults, the styles and its own properties."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from lxml import etree

from documents.docx.colours import WHITE, Colour, Palette, differs
from documents.docx.package import Package, attribute, child, local

# Chains of styles that are based on each other are a few links long; a loop has no end.
_MAX_CHAIN: Final = 20
_DEFAULT_SIZE: Final = 10.0  # where a file states none at all
_TOGGLES: Final = {"b": "bold", "caps": "capitals", "vanish": "vanished", "specVanish": "vanished"}
# Smaller or narrower is not meant to be read, as in pdf_visible.
_TINY: Final = 4.0
_SQUASHED: Final = 2.0
# Shares of the size of type. Letters, about half as wide as high, lie upon each other where they are drawn
# together by so much; lines that are lower than so much show no letter.
_TOGETHER: Final = 0.4
_LOW: Final = 0.4
_NUMBER: Final = re.compile(r"-?\d{1,5}")
# Text of this transparency is not seen.
_CLEAR: Final = 90_000
_EDGES: Final = {
    "firstRow": ("firstRow", 0x20), "lastRow": ("lastRow", 0x40),
    "firstCol": ("firstColumn", 0x80), "lastCol": ("lastColumn", 0x100),
}  # fmt: skip
_OFF: Final = frozenset({"0", "false", "off"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a run looks like; `heading` is the level from 0, lengths are points.

    `ink` is None where Word chooses it to be readable, `paper` where it is not known what is behind the text.
    `line` is the height of lines where it is exact.
    """

    font: str = ""
    asian_font: str = ""
    size: float = _DEFAULT_SIZE
    bold: bool = False
    capitals: bool = False
    vanished: bool = False
    clear: bool = False
    ink: Colour | None = None
    paper: Colour | None = WHITE
    width: float = 1.0
    apart: float = 0.0
    line: float | None = None
    heading: int | None = None

    @property
    def hidden(self) -> bool:
        """Whether no one can read text of this look."""
        if self.vanished or self.clear or self.size < _TINY or self.size * self.width < _SQUASHED:
            return True
        if self.apart < -_TOGETHER * self.size or (self.line is not None and self.line < _LOW * self.size):
            return True
        return self.ink is not None and self.paper is not None and not differs(self.ink, self.paper)


@dataclass(frozen=True, slots=True)
class NumberReference:
    """The list that a paragraph is an item of, and its level from 0."""

    number: str
    level: int


class Styles:
    """The styles of one package."""

    def __init__(self, package: Package) -> None:
        self.palette = Palette(package)
        self._fonts = _theme_fonts(package)
        self._styles: dict[str, etree._Element] = {}
        self.default = Look()
        self._default_paragraph: str | None = None
        self._default_table: str | None = None
        for name in package.related("styles"):
            root = package.part(name)
            for item in root if root is not None else ():
                if local(item) == "docDefaults":
                    self.default = self._apply(self.default, child(child(item, "rPrDefault"), "rPr"))
                elif local(item) == "style" and (identifier := attribute(item, "styleId")):
                    self._styles[identifier] = item
                    is_default = attribute(item, "default") in ("1", "true")
                    if is_default and attribute(item, "type") == "paragraph":
                        self._default_paragraph = identifier
                    elif is_default and attribute(item, "type") == "table":
                        self._default_table = identifier

        self._looks: dict[tuple[Look, str | None], Look] = {}

    def paragraph(self, around: Look, properties: etree._Element | None) -> Look:
        """Return what text of a paragraph looks like, in surroundings that look like `around`."""
        reference = child(properties, "pStyle")
        name = attribute(reference, "val") if reference is not None else self._default_paragraph
        look = self._styled(around, name)
        return self._apply_paragraph(look, properties)

    def run(self, look: Look, properties: etree._Element | None) -> Look:
        """Return what a run looks like in a paragraph that looks like `look`."""
        if properties is None:
            return look
        reference = child(properties, "rStyle")
        if reference is not None:
            look = self._styled(look, attribute(reference, "val"))
        return self._apply(look, properties)

    def cell(self, around: Look, table: etree._Element | None, edges: frozenset[str]) -> Look:
        """Return the look that a table's style gives to a cell at these edges of a table (its `tblPr`)."""
        reference = child(table, "tblStyle")
        name = attribute(reference, "val") if reference is not None else self._default_table
        parts = edges & _chosen_parts(child(table, "tblLook"))
        look = around
        for style in reversed(list(self._chain(name))):
            for source in (style, *(item for item in style if local(item) == "tblStylePr")):
                part = attribute(source, "type") if source is not style else None
                if part is None or part in parts:
                    look = self._apply_paragraph(
                        self._apply(look, child(source, "rPr")), child(source, "pPr")
                    )
                    for holder in ("tblPr", "tcPr"):
                        look = replace(look, **self.palette.paper(child(source, holder)))
                elif part not in _EDGES and self.palette.paper(child(source, "tcPr")):
                    # Bands and corners: which cells they are is not worked out.
                    look = replace(look, paper=None)
        return look

    def numbering(self, properties: etree._Element | None) -> NumberReference | None:
        """Return the list a paragraph belongs to, by itself or by its style; None for no list."""
        reference = child(properties, "pStyle")
        name = attribute(reference, "val") if reference is not None else self._default_paragraph
        number: str | None = None
        level: str | None = None
        for source in (properties, *(child(style, "pPr") for style in self._chain(name))):
            found = child(source, "numPr")
            if found is None:
                continue
            identifier, depth = child(found, "numId"), child(found, "ilvl")
            number = number or (attribute(identifier, "val") if identifier is not None else None)
            level = level or (attribute(depth, "val") if depth is not None else None)
            if number:
                break
        if not number or number == "0":
            return None
        return NumberReference(number, int(level) if level and level.isdecimal() and len(level) < 3 else 0)

    def _chain(self, name: str | None) -> Iterator[etree._Element]:
        for _ in range(_MAX_CHAIN):
            style = self._styles.get(name or "")
            if style is None:
                return
            yield style
            based_on = child(style, "basedOn")
            name = attribute(based_on, "val") if based_on is not None else None

    def _styled(self, look: Look, name: str | None) -> Look:
        key = (look, name)
        if key not in self._looks:
            for style in reversed(list(self._chain(name))):
                look = self._apply_paragraph(self._apply(look, child(style, "rPr")), child(style, "pPr"))
            self._looks[key] = look
        return self._looks[key]

    def _apply_paragraph(self, look: Look, properties: etree._Element | None) -> Look:
        if properties is None:
            return look
        changes: dict[str, Any] = {**self.palette.paper(properties), **_line(child(properties, "spacing"))}
        if changes:
            look = replace(look, **changes)
        outline = child(properties, "outlineLvl")
        level = attribute(outline, "val") if outline is not None else None
        return replace(look, heading=int(level)) if level and level in "012345678" else look

    def _apply(self, look: Look, properties: etree._Element | None) -> Look:
        if properties is None:
            return look
        changes: dict[str, Any] = {}
        for item in properties:
            match name := local(item):
                case "rFonts":
                    changes |= self._font_changes(item)
                case "sz":
                    changes |= _size(item)
                case "b" | "caps" | "vanish" | "specVanish":
                    changes[_TOGGLES[name]] = attribute(item, "val") not in _OFF
                case "color":
                    changes["ink"] = self.palette.colour(item)
                case "textFill":
                    changes |= self._text_fill(item, outlined=_is_outlined(properties))
                case "w":
                    changes |= _number(item, "width", 100)
                case "spacing":
                    changes |= _number(item, "apart", 20)
        changes |= self.palette.paper(properties)
        return replace(look, **changes) if changes else look

    def _text_fill(self, fill: etree._Element, *, outlined: bool) -> dict[str, Any]:
        """How the fill of letters, of Word 2010 and later, changes a look."""
        if child(fill, "noFill") is not None:
            return {"clear": not outlined}
        stops = [self.palette.solid(stop) for stop in fill.iter("{*}gs")] or [
            self.palette.solid(child(fill, "solidFill"))
        ]
        # What Word calls alpha here is how transparent it is.
        alphas = [attribute(alpha, "val") or "" for alpha in fill.iter("{*}alpha")]
        clear = len(alphas) == len(stops) and all(
            value.isdecimal() and int(value) >= _CLEAR for value in alphas
        )
        return {"clear": clear and not outlined, "ink": stops[0] if len(set(stops)) == 1 else None}

    def _font_changes(self, fonts: etree._Element) -> dict[str, object]:
        latin = self._font(attribute(fonts, "asciiTheme")) or attribute(fonts, "ascii")
        asian = self._font(attribute(fonts, "eastAsiaTheme")) or attribute(fonts, "eastAsia")
        return {key: value for key, value in (("font", latin), ("asian_font", asian)) if value}

    def _font(self, theme: str | None) -> str | None:
        if theme is None:
            return None
        script = "ea" if "EastAsia" in theme else "latin"
        return self._fonts.get(("major" if theme.startswith("major") else "minor", script))


def _chosen_parts(choice: etree._Element | None) -> frozenset[str]:
    """Return the edges that a table sets apart; each has a bit, and an attribute that goes before it."""
    if choice is None:
        return frozenset()
    value = attribute(choice, "val") or ""
    bits = int(value, 16) if re.fullmatch("[0-9A-Fa-f]{1,4}", value) else 0
    stated = {part: attribute(choice, name) for part, (name, _) in _EDGES.items()}
    return frozenset(
        part
        for part, (_, bit) in _EDGES.items()
        if (bits & bit if stated[part] is None else stated[part] not in _OFF)
    )


def _theme_fonts(package: Package) -> dict[tuple[str, str], str]:
    fonts: dict[tuple[str, str], str] = {}
    for name in package.related("theme"):
        scheme = child(child(package.part(name), "themeElements"), "fontScheme")
        for weight in ("major", "minor"):
            faces = child(scheme, f"{weight}Font")
            for font in faces if faces is not None else ():
                if (face := font.get("typeface")) and local(font) in ("latin", "ea"):
                    fonts[weight, local(font)] = face
    return fonts


def _size(item: etree._Element) -> dict[str, object]:
    half_points = attribute(item, "val") or ""
    return {"size": int(half_points) / 2} if half_points.isdecimal() and len(half_points) < 5 else {}


def is_low(row: etree._Element | None) -> bool:
    """Whether a row of a table is cut off too low to show a line of text."""
    height = child(row, "trHeight")
    if height is None or attribute(height, "hRule") != "exact":
        return False
    points = _number(height, "points", 20).get("points")
    return points is not None and points < _TINY


def _is_outlined(properties: etree._Element) -> bool:
    outline = child(properties, "textOutline")
    return outline is not None and child(outline, "noFill") is None


def _number(item: etree._Element, name: str, unit: int) -> dict[str, float]:
    value = attribute(item, "val") or ""
    return {name: int(value) / unit} if _NUMBER.fullmatch(value) else {}


def _line(spacing: etree._Element | None) -> dict[str, float | None]:
    """Return the height of lines that are cut off where they are higher."""
    value = attribute(spacing, "line") if spacing is not None else None
    if spacing is None or value is None or not _NUMBER.fullmatch(value):
        return {}
    return {"line": int(value) / 20 if attribute(spacing, "lineRule") == "exact" else None}
