"""Read the text of a job without its markup, and map positions back to the original."""

import html
import re
from typing import Final

from scoring.language.edits import Edit, EditedText
from scoring.language.text import Span
from scoring.resume.injection import find_instructions, find_invisible

# A comment, a script or a style with its content, or one tag.
_TAG = re.compile(
    r"<!--.{0,5000}?-->|<(?P<raw>script|style)\b[^>]{0,500}>.{0,5000}?</(?P=raw)\s*>"
    r"|</?(?P<name>[a-z][a-z0-9]{0,15})(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE | re.DOTALL,
)
_ENTITY = re.compile(r"&(?:#\d{1,7}|#x[0-9a-f]{1,6}|[a-z][a-z0-9]{1,12});", re.IGNORECASE)
_EMPHASIS = re.compile(r"\*\*|__|(?<=\s)#{1,6}(?=\s)|^#{1,6}(?=\s)", re.MULTILINE)
# Tags within a line. All others end it.
_INLINE: Final = frozenset(
    ["a", "abbr", "b", "code", "em", "font", "i", "mark", "small", "span", "strong", "sub", "sup", "u"]
)
# What joined a clause to the next one.
_LOOSE_END = re.compile(r"(?:[\s,;、；]|\s(?:and|or|with|および|及び))+$")
_ITEM: Final = "\n• "


class JobText:
    """The text of a job as a reader sees it, with the sentences that read as instructions to a model."""

    def __init__(self, original: str) -> None:
        self.original = original
        self._edited = EditedText(original, find_invisible(original), _find_markup(original))
        self.text = self._edited.text
        self.instructions = [Span(each.start, each.end) for each in find_instructions(self.text)]

    def quote(self, start: int, end: int, limit: int) -> str:
        """Return the original words of a part of the text, or "" if it holds none."""
        part = self.text[start:end]
        if not part.strip():
            return ""
        start, end = start + len(part) - len(part.lstrip()), start + len(part.rstrip())
        span = self._edited.origin(start, end)
        words = self.original[span.start : min(span.end, span.start + limit)] if span else ""
        return _LOOSE_END.sub("", words.strip())


def _find_markup(text: str) -> list[Edit]:
    edits = []
    for match in _TAG.finditer(text):
        name = (match["name"] or "").lower()
        if name == "li" and not match.group().startswith("</"):
            replacement = _ITEM
        else:
            replacement = "" if name in _INLINE else "\t" if name in ("td", "th") else "\n"
        edits.append(Edit(start=match.start(), end=match.end(), replacement=replacement))
    for match in _ENTITY.finditer(text):
        character = html.unescape(match.group())
        if len(character) == 1:
            edits.append(Edit(start=match.start(), end=match.end(), replacement=character))
    edits += [Edit(start=m.start(), end=m.end(), replacement="") for m in _EMPHASIS.finditer(text)]
    return edits
