"""Passages that a simple parser tears apart: it reads straight across the page, through columns and cells."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple

from documents.layout.normalize import TOKEN

# The caps of `contracts.document`.
MAX_PASSAGES: Final = 3
MAX_READ_AS: Final = 200
# Characters to show on each side of the place where the words come apart.
_REACH: Final = 70
# The words before that place that must stand in the text once, so that the place is certain.
_CONTEXT: Final = 3


class ScrambledPassage(NamedTuple):
    """The passage `text[start:end]`, and the words that a simple parser gives from the same beginning."""

    start: int
    end: int
    read_as: str


def find_scrambled(text: str, across: Sequence[str]) -> list[ScrambledPassage]:
    """Return the first passages within a line of `text` that `across`, its words by rows, tears apart."""
    found: list[ScrambledPassage] = []
    for passage in _torn_apart(text, " ".join(across)):
        if not found or passage.start >= found[-1].end:
            found.append(passage)
        if len(found) == MAX_PASSAGES:
            break
    return found


def _torn_apart(text: str, naive: str) -> Iterator[ScrambledPassage]:
    words, read = list(TOKEN.finditer(text)), list(TOKEN.finditer(naive))
    known = {word.group() for word in words}
    neighbours = {(first.group(), second.group()) for first, second in pairwise(words)}
    places = _unique_places(words)
    torn = []
    for at in range(_CONTEXT - 1, len(read) - 1):
        place = places.get(tuple(each.group() for each in read[at + 1 - _CONTEXT : at + 1]))
        if place is None or place + 1 == len(words):
            continue
        # A word that the text does not hold was broken at the end of a row.
        following = read[at + 1].group()
        if following not in known or (read[at].group(), following) in neighbours:
            continue
        # A line that ends here is whole. Its neighbours are other lines.
        if "\n" not in text[words[place].end() : words[place + 1].start()]:
            torn.append((place, at))
    for place, at in sorted(torn):
        first, last = _around(words, text, place)
        # Both begin with the same word.
        before = 0
        while first < place - before and read[at - before - 1].group() == words[place - before - 1].group():
            before += 1
        start = read[at - before].start()
        stop = _around(read, naive, at)[1]
        yield ScrambledPassage(
            words[place - before].start(), words[last].end(), naive[start : read[stop].end()][:MAX_READ_AS]
        )


def _unique_places(words: Sequence[re.Match[str]]) -> dict[tuple[str, ...], int]:
    """Return the position of the last word of each series of words that occurs once."""
    places: dict[tuple[str, ...], int] = {}
    repeated: set[tuple[str, ...]] = set()
    for at in range(_CONTEXT - 1, len(words)):
        series = tuple(word.group() for word in words[at + 1 - _CONTEXT : at + 1])
        if series in places:
            repeated.add(series)
        places[series] = at
    return {series: at for series, at in places.items() if series not in repeated}


def _around(words: Sequence[re.Match[str]], text: str, at: int) -> tuple[int, int]:
    """Return the first and the last of the words on the same line around the end of `words[at]`."""
    here = words[at].end()
    top = text.rfind("\n", 0, here) + 1
    bottom = text.find("\n", here)
    bottom = len(text) if bottom < 0 else bottom
    first = last = at
    while first > 0 and words[first - 1].start() >= max(top, here - _REACH):
        first -= 1
    while last + 1 < len(words) and words[last + 1].end() <= min(bottom, here + _REACH):
        last += 1
    return first, last
