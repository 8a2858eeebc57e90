"""Text in one spelling, each place of which knows where in the original it stood."""

import re
import unicodedata
from functools import cached_property
from typing import Final

from analyzer.scoring.text import Span

# What cannot be seen: zero-width and bidirectional marks, soft hyphen, tags, variation selectors.
INVISIBLE: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f"
    "\ufe00-\ufe0f\ufeff\ufff9-\ufffb\U000e0000-\U000e0fff]"
)
_PLAIN: Final = {
    **dict.fromkeys(map(ord, "‐‑‒–—―−⁃"), "-"),
    **dict.fromkeys(map(ord, "‘’‚‛′`´"), "'"),
    **dict.fromkeys(map(ord, "“”„‟″"), '"'),
}
# A run of what stays as it is, which is most of a text; or a character with the marks that NFKC may merge
# into it, of which the last two are half-width voice marks.
_MARKS = r"[\u0300-\u036f\u3099\u309a\uff9e\uff9f]"
_CLUSTER = re.compile(rf"(?s)(?P<plain>[!-_a-~]+)(?!{_MARKS})|.{_MARKS}*")
_WIDE = re.compile(r"[ぁ-ヿ一-鿿々、。「」（）・]")


class Folded:
    """NFKC, plain dashes and quotes, no invisible characters, one space for any white space, and none
    beside a Japanese character, where lines are broken anywhere. Case is kept."""

    def __init__(self, text: str) -> None:
        characters: list[str] = []
        origins: list[tuple[int, int]] = []
        for match in _CLUSTER.finditer(text):
            if match["plain"]:
                characters.extend(match["plain"])
                origins.extend((at, at + 1) for at in range(*match.span()))
                continue
            cluster = match.group()
            if INVISIBLE.fullmatch(cluster):
                continue
            plain = unicodedata.normalize("NFKC", cluster)
            for folded in plain.translate(_PLAIN):
                character = " " if folded.isspace() else folded
                before = characters[-1] if characters else ""
                if character == " " and (before == " " or _WIDE.match(before)):
                    continue
                if before == " " and _WIDE.match(character):
                    characters.pop()
                    origins.pop()
                characters.append(character)
                origins.append(match.span())
        self.text = "".join(characters)
        self._origins = origins

    @cached_property
    def lower(self) -> str:
        """As long as `text`."""
        return "".join(each.lower() if len(each.lower()) == 1 else each for each in self.text)

    def origin(self, start: int, end: int) -> Span:
        """Where `text[start:end]`, which must not be empty, stands in the original."""
        return Span(self._origins[start][0], self._origins[end - 1][1])
