"""DOCX: how text looks, from the defaults, the styles and its own properties."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

from lxml import etree

from request_api.documents.docx_package import Package, attribute, child, local

# Chains of styles that are based on each other are a few links long; a loop has no end.
_MAX_CHAIN: Final = 20
_DEFAULT_SIZE: Final = 10.0  # where a file states none at all
_WHITE: Final = 0xF5
_TOGGLES: Final = {"b": "bold", "caps": "capitals", "vanish": "vanished"}
_OFF: Final = frozenset({"0", "false", "off"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a run looks like; `size` in points, `heading` the level from 0."""

    font: str = ""
    asian_font: str = ""
    size: float = _DEFAULT_SIZE
    bold: bool = False
    capitals: bool = False
    vanished: bool = False
    white: bool = False
    shaded: bool = False
    heading: int | None = None


@dataclass(frozen=True, slots=True)
class NumberReference:
    """The list that a paragraph is an item of, and its level from 0."""

    number: str
    level: int


class Styles:
    """The styles of one package."""

    def __init__(self, package: Package) -> None:
        self._fonts = _theme_fonts(package)
        self._styles: dict[str, etree._Element] = {}
        self._default = Look()
        self._default_paragraph: str | None = None
        for name in package.related("styles"):
            root = package.part(name)
            for item in root if root is not None else ():
                if local(item) == "docDefaults":
                    self._default = self._apply(self._default, child(child(item, "rPrDefault"), "rPr"))
                elif local(item) == "style" and (identifier := attribute(item, "styleId")):
                    self._styles[identifier] = item
                    if attribute(item, "type") == "paragraph" and attribute(item, "default") in ("1", "true"):
                        self._default_paragraph = identifier

        self._looks: dict[tuple[Look, str | None], Look] = {}

    def paragraph(self, properties: etree._Element | None) -> Look:
        """Return what text of a paragraph looks like before its own properties."""
        reference = child(properties, "pStyle")
        name = attribute(reference, "val") if reference is not None else self._default_paragraph
        look = self._styled(self._default, name)
        return self._apply_paragraph(look, properties)

    def run(self, look: Look, properties: etree._Element | None) -> Look:
        """Return what a run looks like in a paragraph that looks like `look`."""
        if properties is None:
            return look
        reference = child(properties, "rStyle")
        if reference is not None:
            look = self._styled(look, attribute(reference, "val"))
        return self._apply(look, properties)

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
        if _is_shaded(properties):
            look = replace(look, shaded=True)
        outline = child(properties, "outlineLvl")
        level = attribute(outline, "val") if outline is not None else None
        return replace(look, heading=int(level)) if level and level in "012345678" else look

    def _apply(self, look: Look, properties: etree._Element | None) -> Look:
        if properties is None:
            return look
        changes: dict[str, object] = {}
        for item in properties:
            match name := local(item):
                case "rFonts":
                    changes |= self._font_changes(item)
                case "sz":
                    changes |= _size(item)
                case "b" | "caps" | "vanish":
                    changes[_TOGGLES[name]] = attribute(item, "val") not in _OFF
                case "color":
                    changes["white"] = _is_white(item)
        if _is_shaded(properties):
            changes["shaded"] = True
        return replace(look, **changes) if changes else look  # type: ignore[arg-type]  # names and types as above

    def _font_changes(self, fonts: etree._Element) -> dict[str, object]:
        latin = self._font(attribute(fonts, "asciiTheme")) or attribute(fonts, "ascii")
        asian = self._font(attribute(fonts, "eastAsiaTheme")) or attribute(fonts, "eastAsia")
        return {key: value for key, value in (("font", latin), ("asian_font", asian)) if value}

    def _font(self, theme: str | None) -> str | None:
        if theme is None:
            return None
        script = "ea" if "EastAsia" in theme else "latin"
        return self._fonts.get(("major" if theme.startswith("major") else "minor", script))


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


def _is_white(colour: etree._Element) -> bool:
    value = attribute(colour, "val") or ""
    if len(value) != 6:
        return False
    try:
        return min(bytes.fromhex(value)) >= _WHITE
    except ValueError:
        return False


def _is_shaded(properties: etree._Element) -> bool:
    highlight = child(properties, "highlight")
    if highlight is not None and attribute(highlight, "val") not in ("none", "white"):
        return True
    shading = child(properties, "shd")
    if shading is None:
        return False
    fill = (attribute(shading, "fill") or "auto").lower()
    return fill not in ("auto", "ffffff") or attribute(shading, "val") not in ("clear", "nil", None)
