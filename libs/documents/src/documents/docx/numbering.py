"""Compute the labels of DOCX list items, which Word draws but does not store."""

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Final

from lxml import etree

from documents.docx.package import Package, attribute, child_value, local
from documents.docx.styles import ListReference
from documents.layout.rows import is_bullet

_LEVELS: Final = 9
_PLACEHOLDER: Final = re.compile(r"%([1-9])")
_MAX_LABEL: Final = 20
_ROMAN: Final = ((10, "x"), (9, "ix"), (5, "v"), (4, "iv"), (1, "i"))


@dataclass(frozen=True, slots=True)
class _Level:
    format: str = "decimal"
    text: str = "%1."
    start: int = 1


class Numbering:
    """The lists of a package and their counters."""

    def __init__(self, package: Package) -> None:
        self._levels: dict[str, dict[int, _Level]] = {}
        self._counts: dict[str, dict[int, int]] = defaultdict(dict)
        self._lists: dict[str, str] = {}
        for name in package.part_names("numbering"):
            for item in _children(package.part(name)):
                if local(item) == "abstractNum" and (identifier := attribute(item, "abstractNumId")):
                    self._levels[identifier] = _levels(item)
                elif local(item) == "num" and (identifier := attribute(item, "numId")):
                    self._lists[identifier] = child_value(item, "abstractNumId") or ""

    def next_label(self, reference: ListReference | None) -> str:
        """Count an item and return its label, such as "•" or "2.1", or "" for no label.

        Call this once for each item, in document order.
        """
        if reference is None or (name := self._lists.get(reference.number)) is None:
            return ""
        levels, counts = self._levels.get(name, {}), self._counts[name]
        level = levels.get(reference.level, _Level())
        if level.format == "none":
            return ""
        if level.format == "bullet":
            # Other signs are letters of symbol fonts, such as "o" in Courier New or "§" in Wingdings.
            return level.text if is_bullet(level.text) else "•"
        counts[reference.level] = counts.get(reference.level, level.start - 1) + 1
        for deeper in range(reference.level + 1, _LEVELS):
            counts.pop(deeper, None)

        def count(place: re.Match[str]) -> str:
            at = int(place[1]) - 1
            other = levels.get(at, _Level())
            return _format(counts.get(at, other.start), other.format)

        return _PLACEHOLDER.sub(count, level.text)[:_MAX_LABEL].strip()


def _children(element: etree._Element | None) -> list[etree._Element]:
    return list(element) if element is not None else []


def _levels(abstract: etree._Element) -> dict[int, _Level]:
    levels: dict[int, _Level] = {}
    for item in abstract:
        depth = attribute(item, "ilvl") if local(item) == "lvl" else None
        if depth is not None and depth.isdecimal() and len(depth) == 1:
            start = child_value(item, "start") or ""
            levels[int(depth)] = _Level(
                format=child_value(item, "numFmt") or "decimal",
                text=child_value(item, "lvlText") or "",
                start=int(start) if start.isdecimal() and len(start) < 6 else 1,
            )
    return levels


def _format(count: int, kind: str) -> str:
    if kind in ("lowerLetter", "upperLetter") and 1 <= count <= 26:
        letter = chr(ord("a") + count - 1)
        return letter.upper() if kind == "upperLetter" else letter
    if kind in ("lowerRoman", "upperRoman") and 1 <= count < 40:
        roman = ""
        for value, sign in _ROMAN:
            roman += sign * (count // value)
            count %= value
        return roman.upper() if kind == "upperRoman" else roman
    if kind == "decimalEnclosedCircle" and 1 <= count <= 20:
        return chr(ord("①") + count - 1)
    return str(count)
