"""Find terms in a text at word boundaries. The time grows with the length of the text alone."""

import re
from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from itertools import pairwise
from typing import NamedTuple

from scoring.language.text import fold

# A word, or the signs that distinguish C++, C# and M&A from C and M A.
_TOKEN = re.compile(r"[a-z0-9à-öø-ÿ]+|[+#&]+")
_KATAKANA = re.compile(r"[ァ-ヺー]")
_JAPANESE = re.compile(r"[ぁ-ヺー一-鿿々]")
# Separators between the words of one term: "go-to-market", "CI/CD", "node.js", a line break.
_GAP = re.compile(r"[\s\-/.'’]{0,3}")
# Scripts without spaces between words.
_UNSPACED = re.compile(
    r"[\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3400-\u4dbf一-鿿ぁ-ヿ\U00020000-\U0003ffff]"
)
# Particles follow Korean words without a space.
_KOREAN = re.compile(r"[가-힣]")


class Hit(NamedTuple):
    """An occurrence of a term of `group` at `text[start:end]`. `term` is the rubric's spelling."""

    group: str
    term: str
    start: int
    end: int


def _stem(token: str) -> str:
    """Cut a plural "s". Terms and text are cut alike, so the result need not be a word."""
    return token[:-1] if len(token) > 3 and token.endswith("s") else token


class _Phrase(NamedTuple):
    group: str
    term: str
    tokens: tuple[str, ...]
    exact: str | None
    has_number: bool


class TermIndex:
    """An index of terms by group.

    - An English term matches whole words, in the singular or the plural.
    - A Japanese term matches anywhere, except within a longer katakana word.
    - A term with letters of other scripts, or of signs alone, matches as it is written, at word boundaries.
    - A term that starts with "=" matches only in this exact spelling.
    - "0" after the first word matches any number.
    """

    def __init__(self, terms: Mapping[str, Iterable[str]], *, plurals: bool = True) -> None:
        self._plurals = plurals
        self._phrases: dict[str, list[_Phrase]] = {}
        # By their first character, with their group.
        self._japanese: dict[str, list[tuple[str, str]]] = {}
        self._literals: list[tuple[str, str]] = []
        for group, group_terms in terms.items():
            for term in group_terms:
                self._add(group, term)

    def _stem(self, token: str) -> str:
        return _stem(token) if self._plurals else token

    def _add(self, group: str, term: str) -> None:
        exact = term[1:] if term.startswith("=") else None
        folded = fold(exact or term)
        if _JAPANESE.search(folded):
            self._japanese.setdefault(folded[0], []).append((group, folded))
            return
        places = list(_TOKEN.finditer(folded))
        if not folded:
            return
        if not places or any(each.isalnum() for each in _TOKEN.sub("", folded)):
            self._literals.append((group, folded))
            return
        if any(not _GAP.fullmatch(folded, one.end(), two.start()) for one, two in pairwise(places)):
            # "SAP (FI)" is written with signs that separate other terms.
            self._literals.append((group, folded))
        tokens = tuple(self._stem(match.group()) for match in places)
        self._phrases.setdefault(tokens[0], []).append(
            _Phrase(group, exact or term, tokens, exact, "0" in tokens)
        )

    def find(self, text: str, folded: str, start: int = 0, end: int | None = None) -> list[Hit]:
        """Return every occurrence between `start` and `end`, in order. `folded` is `fold(text)`."""
        stop = len(text) if end is None else end
        words = _words(folded, start, stop)
        hits: list[Hit] = []
        # Skip early: most lines hold no word of most indexes.
        if not self._phrases.keys().isdisjoint(words.either):
            hits += self._find_phrases(text, folded, words)
        for character in words.japanese & self._japanese.keys():
            for group, term in self._japanese[character]:
                hits += _find_literal(group, term, folded, start, stop, _splits_katakana)
        for group, term in self._literals:
            hits += _find_literal(group, term, folded, start, stop, _splits_word)
        return sorted(hits, key=lambda hit: (hit.start, -hit.end, hit.group)) if len(hits) > 1 else hits

    def find_longest(self, text: str, folded: str, start: int = 0, end: int | None = None) -> list[Hit]:
        """Return the occurrences without overlaps: the first one wins, then the longest."""
        apart: list[Hit] = []
        for hit in self.find(text, folded, start, end):
            if not apart or hit.start >= apart[-1].end:
                apart.append(hit)
        return apart

    def _find_phrases(self, text: str, folded: str, words: "_Words") -> Iterable[Hit]:
        tokens, stems = words.places, words.singular if self._plurals else words.written
        for i in [i for i, stem in enumerate(stems) if stem in self._phrases]:
            stem = stems[i]
            for phrase in self._phrases[stem]:
                last = i + len(phrase.tokens) - 1
                found = stems[i : last + 1]
                if phrase.tokens != found and not (
                    phrase.has_number and _matches_with_numbers(phrase.tokens, found)
                ):
                    continue
                if any(not _GAP.fullmatch(folded, tokens[k][1], tokens[k + 1][0]) for k in range(i, last)):
                    continue
                begin, finish = tokens[i][0], tokens[last][1]
                if phrase.exact is not None and text[begin:finish] != phrase.exact.lstrip("."):
                    continue
                if phrase.exact is not None and _is_common_word(text, begin, finish):
                    continue
                # "C" does not occur in "C++", nor "R" in "R&D".
                if folded[finish : finish + 1] in ("+", "#", "&") and len(stem) < 3:
                    continue
                if folded[begin - 1 : begin] == "&" and len(stem) < 3 and begin > 0:
                    continue
                yield Hit(phrase.group, phrase.term, begin, finish)


def _find_literal(
    group: str, term: str, folded: str, start: int, end: int, splits: Callable[[str, int], bool]
) -> Iterable[Hit]:
    """Yield the occurrences of a folded term that begin and end where `splits` finds no word split."""
    at = folded.find(term, start, end)
    while at >= 0:
        finish = at + len(term)
        if not (splits(folded, at) or splits(folded, finish)):
            yield Hit(group, term, at, finish)
        at = folded.find(term, finish, end)


class _Words(NamedTuple):
    """The words of a part of a text: positions, spellings, and spellings without a plural "s"."""

    places: tuple[tuple[int, int], ...]
    written: tuple[str, ...]
    singular: tuple[str, ...]
    # All of `written` and `singular`.
    either: frozenset[str]
    # The characters of the part, if one of them is Japanese.
    japanese: frozenset[str]


# Holds the lines of about two resumes. A dozen indexes search each line one after another.
@lru_cache(maxsize=256)
def _words(folded: str, start: int, end: int) -> _Words:
    places = tuple(match.span() for match in _TOKEN.finditer(folded, start, end))
    written = tuple(folded[begin:finish] for begin, finish in places)
    singular = tuple(map(_stem, written))
    has_japanese = _JAPANESE.search(folded, start, end) is not None
    japanese = frozenset(folded[start:end]) if has_japanese else frozenset()
    return _Words(places, written, singular, frozenset(written + singular), japanese)


def _matches_with_numbers(tokens: tuple[str, ...], stems: tuple[str, ...]) -> bool:
    return len(tokens) == len(stems) and all(
        wanted == stem or (wanted == "0" and stem.isdigit())
        for wanted, stem in zip(tokens, stems, strict=True)
    )


def _is_common_word(text: str, start: int, end: int) -> bool:
    """Return whether a name like Go or Swift is a common word: "Go-live", or a leading "Swift answers"."""
    if not text[start:end].istitle() or end - start < 2:
        return False
    if text[end : end + 1] in ("-", "‐", "‑"):
        return True
    begins = text[max(0, start - 3) : start].rstrip(" ")[-1:] in ("", "\n", ".", "!", "•", "-", "*", "・")
    return begins and text[end : end + 1] == " " and text[end + 1 : end + 2].islower()


def _splits_katakana(folded: str, at: int) -> bool:
    """Return whether a boundary at `at` would split a katakana word."""
    return 0 < at < len(folded) and bool(_KATAKANA.match(folded[at - 1]) and _KATAKANA.match(folded[at]))


def _splits_word(folded: str, at: int) -> bool:
    """Return whether a boundary at `at` would split a word or a number of a script with spaces."""
    if not 0 < at < len(folded):
        return False
    before, after = folded[at - 1], folded[at]
    if _UNSPACED.match(before) or _UNSPACED.match(after):
        return False
    return before.isalnum() and after.isalnum() and not _KOREAN.match(before)
