"""Recognise passages of a resume that repeat the job's own sentences."""

import re
from collections.abc import Iterable
from typing import Final

from contracts.matching import Requirement
from scoring.language.text import count_japanese, fold

from matching.evidence.reading import Passage

_TOKEN = re.compile(r"[^\W_ぁ-ヿ一-鿿]+|[ぁ-ヿ一-鿿]")
# Shorter runs of words agree by chance: "experience with Python". A Japanese character is half a word.
_WORDS: Final = 6
_CHARACTERS: Final = 16
# A sentence that is copied as a whole may be this short.
_WHOLE_WORDS: Final = 4
_WHOLE_CHARACTERS: Final = 12


class CopiedRuns:
    """The runs of words of a job's sentences."""

    def __init__(self, requirements: Iterable[Requirement]) -> None:
        self._runs: dict[int, set[tuple[str, ...]]] = {}
        for quote in {each.quote for each in requirements if each.quote not in each.terms}:
            tokens = _TOKEN.findall(fold(quote))
            wide = count_japanese(quote) * 2 > len(quote)
            longest, shortest = (_CHARACTERS, _WHOLE_CHARACTERS) if wide else (_WORDS, _WHOLE_WORDS)
            size = min(longest, len(tokens))
            if size < shortest:
                continue
            runs = self._runs.setdefault(size, set())
            runs.update(tuple(tokens[at : at + size]) for at in range(len(tokens) - size + 1))

    def holds(self, passage: Passage) -> bool:
        """Return whether a passage repeats a run of the job's words."""
        tokens = _TOKEN.findall(passage.folded)
        return any(
            tuple(tokens[at : at + size]) in runs
            for size, runs in self._runs.items()
            for at in range(len(tokens) - size + 1)
        )
