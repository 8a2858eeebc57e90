"""The text as the rules read it: folded place by place, cut into lines, told apart by language."""

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

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
_JAPANESE = re.compile(r"[ぁ-ヿ一-鿿々ｦ-ﾟ]+")
# Not what Latin letters are left of a word in which Greek or Cyrillic ones that look alike stand for some.
_LATIN_WORD = re.compile(
    r"(?<![A-Za-zÀ-ÖØ-öø-ÿ0-9\u0370-\u052f])[A-Za-zÀ-ÖØ-öø-ÿ0-9][A-Za-zÀ-ÖØ-öø-ÿ0-9'’+#.&/-]*"
)
_ANY_WORD = re.compile(r"[^\W\d_]{2,}|[一-鿿]")
_KANA = re.compile(r"[ぁ-ヺ]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_LATIN_LETTERS = re.compile(r"[A-Za-zÀ-ÖØ-öø-ɏ]+")
# Even a career in nouns has this much kana.
_KANJI_A_KANA: Final = 20
_ENGLISH_WORDS: Final = ("the", "and", "of", "to", "for", "with", "by", "from", "in")
_OTHER_WORDS: Final = (
    "de", "la", "le", "les", "des", "et", "du", "en", "une", "pour", "el", "los", "y", "para",
    "con", "un", "der", "die", "das", "und", "für", "mit", "von", "dem", "di", "e", "il", "per",
    "che", "da", "em", "os", "och", "att", "av", "het", "een", "van", "met", "z", "na", "w", "og",
    "til", "ve", "bir"
)  # fmt: skip
# Of all words; in running text such words are a fifth.
_FOREIGN_WORDS: Final = 0.06
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


def split_lines(text: str) -> list[Line]:
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


def _count(runs: re.Pattern[str], text: str) -> int:
    """Characters of a kind, by their runs: a match for each would take most of the time."""
    return sum(map(len, runs.findall(text)))


def count_japanese(text: str) -> int:
    """Kana and kanji."""
    return 0 if text.isascii() else _count(_JAPANESE, text)


def count_words(text: str) -> int:
    """Latin words and numbers."""
    return len(_LATIN_WORD.findall(text))


def remove_bare_numbers(text: str) -> str:
    """The text without numbers that stand by themselves."""
    return _BARE_NUMBER.sub("", text)


def blank_out(text: str, spans: Iterable[Span]) -> str:
    """The text with spaces in the place of some stretches."""
    for span in spans:
        text = text[: span.start] + " " * (span.end - span.start) + text[span.end :]
    return text


def capitalize(text: str) -> str:
    """The text as a sentence begins."""
    return text[:1].upper() + text[1:]


def shorten(text: str, limit: int) -> str:
    """The text, or as many of its whole words as fit, and an ellipsis."""
    text = " ".join(text.split())
    if len(text) <= limit:
        return text
    cut = text[: limit - 1]
    whole = cut if count_japanese(cut) > limit // 3 else cut.rpartition(" ")[0] or cut
    return whole.rstrip(" ,;、") + "…"


def is_japanese(text: str) -> bool:
    """Whether a text is Japanese, Latin names of products notwithstanding: with kana, which Chinese lacks,
    and Japanese on half of its lines."""
    characters, kana = count_japanese(text), _count(_KANA, text)
    if not kana or kana * _KANJI_A_KANA < characters:
        return False
    worded = [line for line in _LINE.findall(text) if _LETTERS.search(line)]
    return 2 * sum(1 for line in worded if _JAPANESE.search(line)) >= len(worded)


def is_foreign(text: str) -> bool:
    """Whether a text that is not Japanese is not English either: in another script, or, among Latin words,
    with the small words of another language."""
    if 2 * _count(_LATIN_LETTERS, text) < _count(_LETTERS, text):
        return True
    words = Counter(fold(text).split())
    total = sum(words.values())
    english, other = (sum(words[word] for word in small) for small in (_ENGLISH_WORDS, _OTHER_WORDS))
    return other >= _FOREIGN_WORDS * total and other > 2 * english


def text_length(text: str, *, japanese: bool) -> int:
    """Words of an English text; characters of a Japanese one, a Latin word counted as two."""
    if japanese:
        return count_japanese(text) + _CHARACTERS_A_WORD * count_words(text)
    return count_words(text) + count_japanese(text) // _CHARACTERS_A_WORD
