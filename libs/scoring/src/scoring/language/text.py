"""Fold text, split it into lines, and count words."""

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

# Full-width forms, dashes, quotes and spaces map one to one, so that offsets hold in both texts.
_FOLDED: Final = {
    **{code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)},
    **dict.fromkeys(map(ord, "‐‑‒–—―−─ｰ"), "-"),
    **dict.fromkeys(map(ord, "〜～∼˜"), "~"),
    **dict.fromkeys(map(ord, "‘’‛′＇"), "'"),
    **dict.fromkeys(map(ord, "“”„‟″"), '"'),
    **dict.fromkeys(map(ord, "\u00a0\u2002\u2003\u2007\u2009\u202f\u3000\t"), " "),
    ord("￥"): "¥",
    # The only letter with a lower case of two characters.
    ord("İ"): "i",
}
_LINE = re.compile(r"[^\r\n\f\v\x85\u2028\u2029]+")
_JAPANESE = re.compile(r"[ぁ-ヿ一-鿿々ｦ-ﾟ]+")
# A word that mixes in Greek or Cyrillic look-alikes does not count: its Latin rest is no word.
_LATIN_WORD = re.compile(
    r"(?<![A-Za-zÀ-ÖØ-öø-ÿ0-9\u0370-\u052f])[A-Za-zÀ-ÖØ-öø-ÿ0-9][A-Za-zÀ-ÖØ-öø-ÿ0-9'’+#.&/-]*"
)
# The same in ASCII text, where nothing can precede a word without being part of it.
_ASCII_WORD = re.compile(r"[A-Za-z0-9][A-Za-z0-9'+#.&/-]*")
_ANY_WORD = re.compile(r"[^\W\d_]{2,}|[一-鿿]")
# It looks behind only where a sign of a number stands, which keeps the search fast.
_BARE_NUMBER = re.compile(r"[\d.,%％](?<![^\s(（].)[\d.,%％]*(?![^\s)）])")
# A Latin word says about as much as two Japanese characters.
_CHARACTERS_PER_WORD: Final = 2


class Span(NamedTuple):
    """The part `text[start:end]` of a text."""

    start: int
    end: int


class Line(NamedTuple):
    """A line without surrounding white space. `apart` is set if a blank line precedes it."""

    start: int
    end: int
    apart: bool


def fold(text: str) -> str:
    """Return the text in lower case with plain dashes, quotes and full-width forms. Offsets stay the same."""
    if text.isascii():
        return text.replace("\t", " ").lower()
    return text.translate(_FOLDED).lower()


def split_lines(text: str) -> list[Line]:
    """Return every line that is not blank, in order."""
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
    """Return whether the text holds at least one word."""
    return _ANY_WORD.search(text) is not None


def count_characters(runs: re.Pattern[str], text: str) -> int:
    """Count characters by their runs, which is much faster than one match per character."""
    return sum(map(len, runs.findall(text)))


def count_japanese(text: str) -> int:
    """Count kana and kanji."""
    return 0 if text.isascii() else count_characters(_JAPANESE, text)


def count_words(text: str) -> int:
    """Count Latin words and numbers."""
    return len((_ASCII_WORD if text.isascii() else _LATIN_WORD).findall(text))


def remove_bare_numbers(text: str) -> str:
    """Remove numbers that stand alone."""
    return _BARE_NUMBER.sub("", text)


def blank_out(text: str, spans: Iterable[Span]) -> str:
    """Replace parts of the text by spaces of the same length."""
    for span in spans:
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text


def capitalize(text: str) -> str:
    """Write the first letter as a capital and keep the rest."""
    return text[:1].upper() + text[1:]


def shorten(text: str, limit: int) -> str:
    """Shorten a text to as many whole words as fit, followed by an ellipsis."""
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    whole = cut if count_japanese(cut) > limit // 3 else cut.rpartition(" ")[0] or cut
    return whole.rstrip(" ,;、") + "…"


def text_length(text: str, *, japanese: bool) -> int:
    """Count the words of an English text, or the characters of a Japanese one (two per Latin word)."""
    if japanese:
        return count_japanese(text) + _CHARACTERS_PER_WORD * count_words(text)
    return count_words(text) + count_japanese(text) // _CHARACTERS_PER_WORD
