"""The text as the rules read it: folded place by place, cut into lines, told apart by language."""

import re
from dataclasses import dataclass
from typing import Final

from contracts.report import MAX_QUOTE_CHARACTERS

# Full-width forms, dashes, quotes and spaces, one character for one, so that offsets hold in both texts.
_FOLDED: Final = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys(map(ord, "‐‑‒–—―−─ｰ"), "-"),
    **dict.fromkeys(map(ord, "〜～∼˜"), "~"),
    **dict.fromkeys(map(ord, "‘’‛′＇"), "'"),
    **dict.fromkeys(map(ord, "“”„‟″"), '"'),
    **dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2007\u2009\u202f\u3000\t"), " "),
    ord("￥"): "¥",
    # The one letter whose lower case is two characters long.
    ord("İ"): "i",
}
_LINE = re.compile(r"[^\r\n\f\v\x85\u2028\u2029]+")
_JAPANESE_CHARACTER = re.compile(r"[ぁ-ヿ一-鿿々ｦ-ﾟ]")
# Not what Latin letters are left of a word in which Greek or Cyrillic ones that look alike stand for some.
_LATIN_WORD = re.compile(
    r"(?<![A-Za-zÀ-ÖØ-öø-ÿ0-9\u0370-\u052f])[A-Za-zÀ-ÖØ-öø-ÿ0-9][A-Za-zÀ-ÖØ-öø-ÿ0-9'’+#.&/-]*"
)
_ANY_WORD = re.compile(r"[^\W\d_]{2,}|[一-鿿]")
_BARE_NUMBER = re.compile(r"(?<![^\s(（])[\d.,%％]+(?![^\s)）])")
# A Latin word carries about as much as two Japanese characters.
_CHARACTERS_A_WORD: Final = 2


@dataclass(frozen=True, slots=True)
class Span:
    """`text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Line:
    """A line without the white space around it; `apart` when a blank line stands before it."""

    start: int
    end: int
    apart: bool


def fold(text: str) -> str:
    """Lower case, full-width forms, dashes and quotes made plain; as long as `text`, place by place."""
    return text.translate(_FOLDED).lower()


def lines(text: str) -> list[Line]:
    """Every line with something on it, in order."""
    found: list[Line] = []
    previous_end = 0
    for match in _LINE.finditer(text):
        raw = match.group()
        stripped = raw.strip()
        if stripped:
            start = match.start() + raw.index(stripped[0])
            apart = text.count("\n", previous_end, start) > 1 or text.count("\r", previous_end, start) > 1
            found.append(Line(start, start + len(stripped), apart))
            previous_end = start + len(stripped)
    return found


def has_words(text: str) -> bool:
    """Whether there is anything to read at all."""
    return _ANY_WORD.search(text) is not None


def count_japanese(text: str) -> int:
    """Kana and kanji."""
    return len(_JAPANESE_CHARACTER.findall(text))


def count_words(text: str) -> int:
    """Latin words and numbers."""
    return len(_LATIN_WORD.findall(text))


def without_bare_numbers(text: str) -> str:
    """The text without numbers that stand by themselves."""
    return _BARE_NUMBER.sub("", text)


def is_japanese(text: str) -> bool:
    """Whether a text is mostly Japanese, Latin names of products notwithstanding."""
    return count_japanese(text) > _CHARACTERS_A_WORD * count_words(text)


def length(text: str, *, japanese: bool) -> int:
    """Words of an English text; characters of a Japanese one, a Latin word counted as two."""
    if japanese:
        return count_japanese(text) + _CHARACTERS_A_WORD * count_words(text)
    return count_words(text) + count_japanese(text) // _CHARACTERS_A_WORD


def clip(start: int, end: int) -> Span:
    """A quote may not be longer than the contract allows."""
    return Span(start, min(end, start + MAX_QUOTE_CHARACTERS))
