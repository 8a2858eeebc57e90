"""Compute the formatting of DOCX text from defaults, styles and direct properties."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from lxml import etree

from documents.docx.colours import Palette
from documents.docx.formatting import MIN_SIZE, Formatting
from documents.docx.package import Package, attribute, child, child_value, local

# Styles are based on each other in chains of a few links. A damaged file may contain a loop.
_MAX_CHAIN: Final = 20
_TOGGLES: Final = {"b": "bold", "caps": "capitals", "vanish": "vanish", "specVanish": "vanish"}
_NUMBER: Final = re.compile(r"-?\d{1,5}")
# Thousandths of a percent. Text of this transparency is invisible.
_TRANSPARENT: Final = 90_000
_EDGES: Final = {
    "firstRow": ("firstRow", 0x20), "lastRow": ("lastRow", 0x40),
    "firstCol": ("firstColumn", 0x80), "lastCol": ("lastColumn", 0x100),
}  # fmt: skip
_OFF: Final = frozenset({"0", "false", "off"})


@dataclass(frozen=True, slots=True)
class ListReference:
    """The number of the list that a paragraph belongs to, and its level from 0."""

    number: str
    level: int


class Styles:
    """The styles of one package."""

    def __init__(self, package: Package) -> None:
        self.palette = Palette(package)
        self._fonts = _theme_fonts(package)
        self._styles: dict[str, etree._Element] = {}
        self.default = Formatting()
        self._default_paragraph: str | None = None
        self._default_table: str | None = None
        for name in package.part_names("styles"):
            root = package.part(name)
            for item in root if root is not None else ():
                if local(item) == "docDefaults":
                    self.default = self._apply_run(self.default, child(child(item, "rPrDefault"), "rPr"))
                elif local(item) == "style" and (identifier := attribute(item, "styleId")):
                    self._styles[identifier] = item
                    is_default = attribute(item, "default") in ("1", "true")
                    if is_default and attribute(item, "type") == "paragraph":
                        self._default_paragraph = identifier
                    elif is_default and attribute(item, "type") == "table":
                        self._default_table = identifier

        self._cache: dict[tuple[Formatting, str | None], Formatting] = {}

    def paragraph(self, inherited: Formatting, properties: etree._Element | None) -> Formatting:
        """Return the formatting of a paragraph within surroundings formatted as `inherited`."""
        name = _style_name(child(properties, "pStyle"), self._default_paragraph)
        return self._apply_paragraph(self._apply_style(inherited, name), properties)

    def run(self, formatting: Formatting, properties: etree._Element | None) -> Formatting:
        """Return the formatting of a run within a paragraph formatted as `formatting`."""
        if properties is None:
            return formatting
        reference = child(properties, "rStyle")
        if reference is not None:
            formatting = self._apply_style(formatting, attribute(reference, "val"))
        return self._apply_run(formatting, properties)

    def cell(self, inherited: Formatting, table: etree._Element | None, edges: frozenset[str]) -> Formatting:
        """Return the formatting that a table's style gives to a cell.

        Args:
            inherited: the formatting around the table
            table: the properties of the table (`tblPr`)
            edges: the edges of the table that the cell lies at
        """
        name = _style_name(child(table, "tblStyle"), self._default_table)
        parts = edges & _conditional_edges(child(table, "tblLook"))
        formatting = inherited
        for style in reversed(list(self._chain(name))):
            for source in (style, *(item for item in style if local(item) == "tblStylePr")):
                part = attribute(source, "type") if source is not style else None
                if part is None or part in parts:
                    formatting = self._apply_run(formatting, child(source, "rPr"))
                    formatting = self._apply_paragraph(formatting, child(source, "pPr"))
                    for holder in ("tblPr", "tcPr"):
                        formatting = replace(formatting, **self.palette.background(child(source, holder)))
                elif part not in _EDGES and self.palette.background(child(source, "tcPr")):
                    # Bands and corners are not resolved to cells, so the background is unknown.
                    formatting = replace(formatting, background=None)
        return formatting

    def list_reference(self, properties: etree._Element | None) -> ListReference | None:
        """Return the list that a paragraph belongs to, directly or by its style, or None."""
        name = _style_name(child(properties, "pStyle"), self._default_paragraph)
        number: str | None = None
        level: str | None = None
        for source in (properties, *(child(style, "pPr") for style in self._chain(name))):
            found = child(source, "numPr")
            number = number or child_value(found, "numId")
            level = level or child_value(found, "ilvl")
            if number:
                break
        if not number or number == "0":
            return None
        return ListReference(number, int(level) if level and level.isdecimal() and len(level) < 3 else 0)

    def _chain(self, name: str | None) -> Iterator[etree._Element]:
        for _ in range(_MAX_CHAIN):
            style = self._styles.get(name or "")
            if style is None:
                return
            yield style
            name = child_value(style, "basedOn")

    def _apply_style(self, formatting: Formatting, name: str | None) -> Formatting:
        key = (formatting, name)
        if key not in self._cache:
            for style in reversed(list(self._chain(name))):
                formatting = self._apply_run(formatting, child(style, "rPr"))
                formatting = self._apply_paragraph(formatting, child(style, "pPr"))
            self._cache[key] = formatting
        return self._cache[key]

    def _apply_paragraph(self, formatting: Formatting, properties: etree._Element | None) -> Formatting:
        if properties is None:
            return formatting
        changes: dict[str, Any] = {
            **self.palette.background(properties),
            **_line_height(child(properties, "spacing")),
        }
        if changes:
            formatting = replace(formatting, **changes)
        level = child_value(properties, "outlineLvl")
        return replace(formatting, heading=int(level)) if level and level in "012345678" else formatting

    def _apply_run(self, formatting: Formatting, properties: etree._Element | None) -> Formatting:
        if properties is None:
            return formatting
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
                    changes["colour"] = self.palette.colour(item)
                case "textFill":
                    changes |= self._text_fill(item, outlined=_is_outlined(properties))
                case "w":
                    changes |= _number(item, "scale", 100)
                case "spacing":
                    changes |= _number(item, "letter_spacing", 20)
        changes |= self.palette.background(properties)
        return replace(formatting, **changes) if changes else formatting

    def _text_fill(self, fill: etree._Element, *, outlined: bool) -> dict[str, Any]:
        """Return the changes that the fill of letters (Word 2010 and later) makes to a formatting."""
        if child(fill, "noFill") is not None:
            return {"transparent": not outlined}
        stops = [self.palette.solid_fill(stop) for stop in fill.iter("{*}gs")] or [
            self.palette.solid_fill(child(fill, "solidFill"))
        ]
        # In this element, alpha means transparency.
        alphas = [attribute(alpha, "val") or "" for alpha in fill.iter("{*}alpha")]
        transparent = len(alphas) == len(stops) and all(
            value.isdecimal() and int(value) >= _TRANSPARENT for value in alphas
        )
        colour = stops[0] if len(set(stops)) == 1 else None
        return {"transparent": transparent and not outlined, "colour": colour}

    def _font_changes(self, fonts: etree._Element) -> dict[str, object]:
        latin = self._font(attribute(fonts, "asciiTheme")) or attribute(fonts, "ascii")
        asian = self._font(attribute(fonts, "eastAsiaTheme")) or attribute(fonts, "eastAsia")
        return {key: value for key, value in (("font", latin), ("asian_font", asian)) if value}

    def _font(self, theme: str | None) -> str | None:
        if theme is None:
            return None
        script = "ea" if "EastAsia" in theme else "latin"
        return self._fonts.get(("major" if theme.startswith("major") else "minor", script))


def _style_name(reference: etree._Element | None, default: str | None) -> str | None:
    return attribute(reference, "val") if reference is not None else default


def _conditional_edges(choice: etree._Element | None) -> frozenset[str]:
    """Return the edges for which a table uses special formatting.

    Each edge has a bit in `val`, and an attribute that overrides the bit.
    """
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
    for name in package.part_names("theme"):
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


def is_cut_off_row(row: etree._Element | None) -> bool:
    """Return True if the exact height of a table row is too low to show a line of text."""
    height = child(row, "trHeight")
    if height is None or attribute(height, "hRule") != "exact":
        return False
    points = _number(height, "points", 20).get("points")
    return points is not None and points < MIN_SIZE


def _is_outlined(properties: etree._Element) -> bool:
    outline = child(properties, "textOutline")
    return outline is not None and child(outline, "noFill") is None


def _number(item: etree._Element, name: str, unit: int) -> dict[str, float]:
    value = attribute(item, "val") or ""
    return {name: int(value) / unit} if _NUMBER.fullmatch(value) else {}


def _line_height(spacing: etree._Element | None) -> dict[str, float | None]:
    """Return the change that `spacing` makes to `line_height`, which is None unless the height is exact."""
    value = attribute(spacing, "line") if spacing is not None else None
    if spacing is None or value is None or not _NUMBER.fullmatch(value):
        return {}
    return {"line_height": int(value) / 20 if attribute(spacing, "lineRule") == "exact" else None}
