"""Words that carry meaning, comparable between two texts: English stems, and runs of other scripts."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Final

from snowballstemmer import stemmer

from matching.patterns import load_words

_STEMMER: Final = stemmer("english")
# A word of the Latin alphabet with the signs of C++ and C#, a run of kanji or of katakana, or any other word.
_WORD = re.compile(
    r"(?P<latin>[a-z0-9ß-öø-ɏ]+(?:[+#]{1,2}(?![a-z0-9]))?)|(?P<kana>[ァ-ヺー]{2,})|(?P<kanji>[一-鿿々]{2,})"
    r"|(?P<other>[^\W\d_a-zà-ɏぁ-ヿ一-鿿々]{3,})"
)
_NUMBER = re.compile(r"\d+")
_STOP: Final = load_words("stop")
_GENERIC: Final = load_words("generic")
_GENERIC_WEIGHT: Final = 0.4
# Longer stems differ by endings that the stemmer keeps: "administ(ered)", "administr(ation)".
_STEM: Final = 8
# A part of a run of kanji counts if at least this much of it is found.
_PART: Final = 2


@dataclass(frozen=True, slots=True)
class Word:
    """A word: its comparable form, its place, and how much it says."""

    form: str
    start: int
    end: int
    weight: float


@lru_cache(maxsize=20_000)
def _stem(word: str) -> str:
    return word if len(word) < 4 else str(_STEMMER.stemWord(word))[:_STEM]


def find_words(folded: str, alike: Mapping[str, str] | None = None) -> list[Word]:
    """Return the words of a folded text that carry meaning. `alike` gives words of one meaning one form."""
    found: list[Word] = []
    for match in _WORD.finditer(folded):
        word = match.group()
        if match["latin"]:
            if word in _STOP or _NUMBER.fullmatch(word) or len(word) < 2:
                continue
            form = _stem(word)
        else:
            form = word
        weight = _GENERIC_WEIGHT if form in _GENERIC else 1.0
        if not match["latin"]:
            # A run of four characters is two words.
            weight *= max(1.0, len(form) / 2)
        found.append(Word((alike or {}).get(form, form), match.start(), match.end(), weight))
    return found


def is_wide(form: str) -> bool:
    """Return whether a form is a run of kanji or katakana, which has no spaces around it."""
    return "ァ" <= form[:1] <= "ヿ" or "一" <= form[:1] <= "鿿" or form[:1] == "々"


def coverage(wanted: Iterable[Word], forms: frozenset[str], folded: str) -> float:
    """Return the share of the wanted words, by weight, that a text holds: as `forms`, or within `folded`."""
    total = found = 0.0
    for form, weight in {word.form: word.weight for word in wanted}.items():
        total += weight
        if form in forms:
            found += weight
        elif is_wide(form):
            found += weight * _part_found(form, folded)
    return found / total if total else 0.0


def _part_found(run: str, folded: str) -> float:
    """Return the share of a run's characters that pairs found in the text cover. Katakana counts whole."""
    if "ァ" <= run[0] <= "ヿ":
        return float(run in folded)
    covered = [False] * len(run)
    for at in range(len(run) - 1):
        if run[at : at + _PART] in folded:
            covered[at] = covered[at + 1] = True
    return sum(covered) / len(run)
