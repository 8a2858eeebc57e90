"""Passages that a simple parser tears apart: it reads straight across the page, through columns and cells."""

import re
from collections.abc import Collection, Iterator, Sequence
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
    spoken, given = TOKEN.findall(text), TOKEN.findall(naive)
    known, neighbours = set(spoken), set(pairwise(spoken))
    # A word that the text does not hold was broken at the end of a row.
    breaks = {
        tuple(given[at + 1 - _CONTEXT : at + 1]): at
        for at, pair in enumerate(pairwise(given))
        if pair not in neighbours and pair[1] in known
    }
    places = _unique_places(spoken, breaks.keys())
    if not places:
        return
    words, read = list(TOKEN.finditer(text)), list(TOKEN.finditer(naive))
    for place, series in sorted((place, series) for series, place in places.items()):
        # A line that ends here is whole. Its neighbours are other lines.
        if place + 1 == len(words) or "\n" in text[words[place].end() : words[place + 1].start()]:
            continue
        at = breaks[series]
        first, last = _around(words, text, place)
        # Both begin with the same word.
        before = 0
        while first < place - before and given[at - before - 1] == spoken[place - before - 1]:
            before += 1
        start = read[at - before].start()
        stop = read[_around(read, naive, at)[1]].end()
        yield ScrambledPassage(
            words[place - before].start(), words[last].end(), naive[start:stop][:MAX_READ_AS]
        )


def _unique_places(words: Sequence[str], wanted: Collection[tuple[str, ...]]) -> dict[tuple[str, ...], int]:
    """Return the position of the last word of each wanted series that the words hold once."""
    places: dict[tuple[str, ...], int] = {}
    repeated: set[tuple[str, ...]] = set()
    for at, series in enumerate(zip(*(words[skip:] for skip in range(_CONTEXT)), strict=False)):
        if series in wanted:
            if series in places:
                repeated.add(series)
            places[series] = at + _CONTEXT - 1
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
