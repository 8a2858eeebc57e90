"""The characters of a run's elements: text, tabs, symbols, and the values of form fields."""

from typing import Final

from lxml import etree

from documents.docx.package import attribute, child, child_value, local

_OFF: Final = frozenset({"0", "false", "off"})
_CHECKED, _UNCHECKED = "☒", "☐"
# Fonts of signs. Word stores their letters either as they are or in the private area from U+F000 on.
_SYMBOL_FONTS: Final = ("wingdings", "webdings", "symbol")
_PRIVATE: Final = 0xF000
# What Word makes of "-->" and "<--", and similar signs. At the start of a paragraph they are bullets.
_ARROWS: Final = dict.fromkeys((0xDF, 0xE7, 0xEF), "←") | dict.fromkeys((0xE0, 0xE8, 0xF0, 0xD8), "→")
_WINGDINGS: Final = {
    **dict.fromkeys((0xFB, 0xFD, 0x78), "☒"),
    **dict.fromkeys((0xFC, 0xFE, 0x52), "☑"),
    **dict.fromkeys((0x6F, 0x71, 0x72, 0xA8), "☐"),
    **dict.fromkeys((0x6C, 0x6E, 0x73, 0x74, 0x75, 0x76, 0x77, 0x9E, 0x9F, 0xA7), "•"),
}
# Greek letters are not resolved: in a resume this font is used for bullets.
_SYMBOL: Final = {0xB7: "•", 0xAE: "→", 0xAC: "←", 0xA8: "•", 0xD7: "•", 0x2D: "-", 0x2022: "•"}


def characters(item: etree._Element, *, font: str, first: bool) -> str:
    """Return the characters that an element of a run shows.

    Args:
        item: the element
        font: the font of the run
        first: True if nothing stands before it in the paragraph
    """
    match local(item):
        case "t":
            text = item.text or ""
            return _symbols(text, font, first=first) if _is_symbol_font(font) else text
        case "tab" | "ptab":
            return "\t"
        case "br" | "cr":
            return "\n"
        case "noBreakHyphen":
            return "-"
        case "sym" | "symEx":
            code = attribute(item, "char") or ""
            try:
                character = chr(int(code, 16))
            except (ValueError, OverflowError):
                return ""
            return _symbols(character, attribute(item, "font") or font, first=first)
        case _:
            return ""


def _is_symbol_font(font: str) -> bool:
    return font.lower().startswith(_SYMBOL_FONTS)


def _symbols(text: str, font: str, *, first: bool) -> str:
    """Return the letters of a font of signs as signs, as far as they are known."""
    if not _is_symbol_font(font):
        return text
    signs = _SYMBOL if font.lower() == "symbol" else _WINGDINGS
    return "".join(_symbol(character, signs, first=first and at == 0) for at, character in enumerate(text))


def _symbol(character: str, signs: dict[int, str], *, first: bool) -> str:
    code = ord(character)
    code = code - _PRIVATE if _PRIVATE <= code < _PRIVATE + 0x100 else code
    if signs is _WINGDINGS and code in _ARROWS:
        return "•" if first else _ARROWS[code]
    if code in signs:
        return "•" if first and signs[code] in "→←" else signs[code]
    return character if character.isspace() or signs is _SYMBOL or ord(character) >= _PRIVATE else " "


class Fields:
    """The fields of a paragraph while it is read: only the result of a field is shown, not its code."""

    def __init__(self) -> None:
        # For each open field, the innermost last: True while its text is shown.
        self._shown: list[bool] = []
        self._values: list[str | None] = []

    @property
    def is_code(self) -> bool:
        """True within the code of a field, or within the result that a form field replaces."""
        return not all(self._shown)

    def read(self, item: etree._Element) -> str:
        """Follow the beginning, the separator or the end of a field, and return what a form field shows."""
        match attribute(item, "fldCharType"):
            case "begin":
                value = form_value(child(item, "ffData")) if not self.is_code else None
                self._shown.append(False)
                self._values.append(value)
                return value or ""
            case "separate" if self._shown:
                self._shown[-1] = self._values[-1] is None
            case "end" if self._shown:
                self._shown.pop()
                self._values.pop()
        return ""


def form_value(form: etree._Element | None) -> str | None:
    """Return what a check box or a drop-down list of a form shows, or None for any other field."""
    if (box := child(form, "checkBox")) is not None:
        stated = child(box, "checked")
        stated = child(box, "default") if stated is None else stated
        is_checked = stated is not None and attribute(stated, "val") not in _OFF
        return _CHECKED if is_checked else _UNCHECKED
    if (choice := child(form, "ddList")) is not None:
        entries = [attribute(item, "val") or "" for item in choice if local(item) == "listEntry"]
        at = child_value(choice, "result") or child_value(choice, "default") or "0"
        return entries[int(at)] if at.isdecimal() and int(at) < len(entries) else ""
    return None
