"""Find the names that a resume gives its person: in the heading, beside it, and in e-mail addresses."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from contracts.headings import read_heading

from scoring.blinding.contacts import OCCUPATION
from scoring.blinding.kana import is_kana, is_romaji
from scoring.blinding.names import parts_of
from scoring.blinding.ordinary_words import NO_PERSON, SMALL
from scoring.language.text import Span

_TITLES: Final = frozenset(
    {
        "curriculum vitae",
        "resume",
        "résumé",
        "cv",
        "履歴書",
        "職務経歴書",
        "職務履歴書",
        "profile",
        "lebenslauf",
    }
)
_PARTICLES: Final = frozenset(
    "al bin binti da de del della den der di do dos du el ibn la le san st ten ter van von y zu 't".split()  # noqa: SIM905
)
# Behind a name: degrees and titles.
_CREDENTIALS = re.compile(
    r"(?:,\s?|\s)(?:Ph\.?\s?D|M\.?B\.?A|M\.?Sc|B\.?Sc|M\.?D|CPA|CFA|PMP|PE|RN|Esq|Jr|Sr|II|III|ACCA"
    r"|CIMA|MEng|BEng|MRCP|LL\.?M)\b\.?"
)
_PARTS = re.compile(r"[|｜•·;；\t()（）\[\]]|\s{3,}|\s[/／–—-]\s|　{2,}")
_KANJI_NAME = re.compile(
    r"[一-鿿々]{1,4}[ 　][一-鿿々ぁ-ヿ]{1,5}|[ぁ-ゖ]{2,7}[ 　][ぁ-ゖ]{2,7}"
    r"|[ァ-ヺー]{2,9}[ 　・][ァ-ヺー]{2,9}"
)
# Without a space only where nothing else is likely: alone at the top, and no title, place or company.
_KANJI_ALONE = re.compile(r"[一-鿿々]{3,5}")
_NO_KANJI_NAME = re.compile(r"[書歴市区町村県府社部課学科院店校所業職務員賞格級系卒]$")
_SCRIPT_WITHOUT_CASE = re.compile("[\u0590-\u08ff\u0900-\u0dff\u0e00-\u0e7f\uac00-\ud7a3]")
_ADDRESS = re.compile(r"(?<![\w.+-])(?P<who>[\w.+-]{3,64})[@＠](?:[\w-]{1,63}\.){1,6}\w")
_PROFILE = re.compile(
    r"linkedin\.com/in/(?P<who>[\w%-]{3,80})|(?:github|gitlab)\.com/(?P<account>[\w-]{3,40})(?![/\w-])"
)
_LETTERS = re.compile(r"[a-z]{3,}")
_MOST_WORDS: Final = 4
_TOP_LINES: Final = 3


@dataclass(slots=True)
class OwnNames:
    """Names with the places where they stand as such."""

    names: list[str] = field(default_factory=list)
    places: list[Span] = field(default_factory=list)


def find_own_names(text: str, head: int, *, known: Sequence[str] = ()) -> OwnNames:
    """Return the names of a resume. `head` is the end of its first lines, `known` are its other names."""
    found = OwnNames()
    accounts = _accounts(text)
    known_parts = {part.lower() for name in known for part in parts_of(name)}
    number = 0
    for line, span in _parts_of_lines(text):
        if span.start == line.start:
            is_title = text[line.start : line.end].strip().lower() in _TITLES
            number += not is_title
        name = _CREDENTIALS.sub("", text[span.start : span.end]).strip(" ,，　")
        start = text.find(name, span.start, span.end) if name else -1
        if start < 0 or not reads_as_name(name):
            continue
        words = {word.lower() for word in parts_of(name)}
        pieces = {piece for word in words for piece in _LETTERS.findall(_plain(word))}
        is_top = span.start < head and (
            number == 1 or (bool(found.names) and number <= _TOP_LINES and _is_reading(name, found.names))
        )
        # Beside a sidebar, the name follows it: an account or another name confirms it. A name in kanji is
        # above the first heading of the main column.
        is_confirmed = len(pieces & accounts) > 1 or len(words & known_parts) > 1
        is_above = (
            not found.names and span == line and _KANJI_NAME.fullmatch(name) and _is_above_heading(text, line)
        )
        if is_top or is_confirmed or is_above:
            found.names.append(name)
            found.places.append(Span(start, start + len(name)))
    found.names = list(dict.fromkeys(found.names))
    found.names += _romaji_names([*found.names, *known], accounts)
    return found


def _is_above_heading(text: str, line: Span) -> bool:
    below = text[line.end : line.end + 80].lstrip().partition("\n")[0]
    return bool(below) and read_heading(below.strip()) is not None


def _is_reading(name: str, found: Sequence[str]) -> bool:
    """Return True for another spelling of a name: kana below kanji, Latin letters beside them."""
    return name.isascii() != found[0].isascii() or is_kana("".join(parts_of(name)))


def reads_as_name(text: str) -> bool:
    """Return True if a short text can only be the name of a person."""
    if not text or len(text) > 60 or OCCUPATION.search(text) or read_heading(text) or text.lower() in _TITLES:
        return False
    if _KANJI_NAME.fullmatch(text):
        return not any(_NO_KANJI_NAME.search(part) and len(part) > 2 for part in parts_of(text))
    if _KANJI_ALONE.fullmatch(text):
        return _NO_KANJI_NAME.search(text) is None
    words = text.replace(",", " ").split()
    if not 2 <= len(words) <= _MOST_WORDS + sum(word.lower() in _PARTICLES for word in words):
        return False
    if not any(len(word) > 2 for word in words):
        return False
    return all(_is_name_word(word) or word.lower() in _PARTICLES for word in words)


def _is_name_word(word: str) -> bool:
    if not all(char.isalpha() or char in ".'’-" or unicodedata.category(char) == "Mn" for char in word):
        return False
    return word[0].isupper() or _SCRIPT_WITHOUT_CASE.match(word) is not None


def _parts_of_lines(text: str) -> Iterator[tuple[Span, Span]]:
    """Yield each part of each short line, with its line."""
    place = 0
    for raw in text.splitlines(keepends=True):
        stripped = raw.strip()
        if stripped and len(stripped) <= 300:
            start = place + raw.index(stripped)
            line = Span(start, start + len(stripped))
            at = start
            for cut in _PARTS.finditer(text, line.start, line.end):
                if cut.start() > at:
                    yield line, Span(at, cut.start())
                at = cut.end()
            if at < line.end:
                yield line, Span(at, line.end)
        place += len(raw)


def _accounts(text: str) -> set[str]:
    """Return the words in the names of accounts: of "maya.okafor@example.com", "maya" and "okafor"."""
    found: set[str] = set()
    for pattern in (_ADDRESS, _PROFILE) if "@" in text or "＠" in text or ".com/" in text else ():
        for match in pattern.finditer(text):
            who = next(filter(None, match.groupdict().values()), "")
            found |= {word for word in _LETTERS.findall(_plain(who)) if word not in NO_PERSON}
    return found


def _romaji_names(names: Sequence[str], accounts: set[str]) -> list[str]:
    """Return the Latin spelling of a name in kanji: the words of an account that can be Japanese."""
    is_japanese = any(re.search("[ぁ-ヺ一-鿿]", name) for name in names)
    if not is_japanese:
        return []
    return [
        word.capitalize()
        for word in sorted(accounts)
        if len(word) > 3 and is_romaji(word) and word not in SMALL
    ]


def _plain(word: str) -> str:
    text = unicodedata.normalize("NFD", word.lower())
    return "".join(char for char in text if not "\u0300" <= char <= "\u036f")
