"""Normalize text and map positions in the result back to the original."""

import re
import unicodedata
from bisect import bisect_right
from functools import cached_property
from typing import Final

from scoring.language.text import Span

# Characters without a glyph: zero-width and bidirectional marks, soft hyphen, tags, variation selectors.
INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_PLAIN: Final = {
    **dict.fromkeys(map(ord, "‐‑‒–—―−⁃"), "-"),
    **dict.fromkeys(map(ord, "‘’‚‛′`´"), "'"),
    **dict.fromkeys(map(ord, "“”„‟″"), '"'),
}
# A run of ASCII words or of Japanese characters, which stays unchanged and makes up most of a text, or one
# character with the marks that NFKC may merge into it. The last two marks are half-width voice marks.
_MARKS = r"[\u0300-\u036f\u3099\u309a\uff9e\uff9f]"
_CLUSTER = re.compile(
    rf"(?s)(?P<plain>[!-_a-~]{{1,60}}(?: [!-_a-~]{{1,60}})*)(?!{_MARKS})"
    rf"|(?P<wide>[ぁ-ゖァ-ヺー一-鿿、。]{{1,60}})(?!{_MARKS})|.{_MARKS}*"
)
_WIDE = re.compile(r"[ぁ-ヿ一-鿿々、。「」（）・]")


class NormalizedText:
    """A text in NFKC, with plain dashes and quotes, single spaces and no invisible characters.

    Spaces beside a Japanese character are removed, because Japanese lines break anywhere. Case is kept.
    """

    def __init__(self, text: str) -> None:
        # A piece is a whole run or a single character. Each has its start in the result and the span of the
        # original that it stands for.
        pieces: list[str] = []
        starts: list[int] = []
        origins: list[tuple[int, int]] = []
        length = 0

        def add(piece: str, origin: tuple[int, int]) -> None:
            nonlocal length
            pieces.append(piece)
            starts.append(length)
            origins.append(origin)
            length += len(piece)

        for match in _CLUSTER.finditer(text):
            if match["plain"]:
                add(match["plain"], match.span())
                continue
            cluster = match.group()
            if INVISIBLE.fullmatch(cluster):
                continue
            plain = unicodedata.normalize("NFKC", cluster).translate(_PLAIN)
            for folded in (cluster,) if match["wide"] else plain:
                character = " " if folded.isspace() else folded
                # No run ends with a space, so a space is always a piece of its own.
                before = pieces[-1][-1] if pieces else ""
                if character == " " and (before == " " or _WIDE.match(before)):
                    continue
                if before == " " and _WIDE.match(character):
                    length -= len(pieces.pop())
                    starts.pop()
                    origins.pop()
                add(character, match.span())
        self.text = "".join(pieces)
        self._starts = starts
        self._origins = origins

    @cached_property
    def lower(self) -> str:
        """The lower case of `text`, of the same length.

        "İ" stays, because its lower case is longer. Every sigma becomes "σ", also at the end of a word.
        """
        return "İ".join(part.lower() for part in self.text.replace("Σ", "σ").split("İ"))

    def origin(self, start: int, end: int) -> Span:
        """Return the span of the original for `self.text[start:end]`, which must not be empty."""
        return Span(self._origin(start)[0], self._origin(end - 1)[1])

    def _origin(self, position: int) -> tuple[int, int]:
        """Return the span of the original that one character stands for."""
        piece = bisect_right(self._starts, position) - 1
        first, last = self._origins[piece]
        following = self._starts[piece + 1] if piece + 1 < len(self._starts) else len(self.text)
        if following - self._starts[piece] == 1:
            return first, last
        origin = first + position - self._starts[piece]
        return origin, origin + 1
