"""Locate quotes of the model in the resume."""

import re
from functools import cached_property
from typing import Final

from contracts.report import MAX_QUOTE_CHARACTERS
from scoring.language.edits import EditedText
from scoring.language.normalization import NormalizedText
from scoring.language.text import Span

# Shorter quotes match by chance. A Japanese character carries about as much as three Latin letters.
_MIN_CHARACTERS: Final = 12
_MIN_CHARACTERS_JAPANESE: Final = 4
# Longer quotes copy the resume instead of pointing at a passage.
_MAX_CHARACTERS: Final = 1_000
_JAPANESE = re.compile(r"[ぁ-ヿ一-鿿]")
_PLACEHOLDER = re.compile(r"\[[A-Z]+\]")


class QuoteIndex:
    """The redacted text in which quotes of the model are looked up."""

    def __init__(self, shown: EditedText) -> None:
        self._shown = shown

    @cached_property
    def _folded(self) -> NormalizedText:
        return NormalizedText(self._shown.text)

    def find(self, quote: str) -> Span | None:
        """Return the span of a quote in the original resume, cut to the length that a report allows.

        A quote must match whole words character by character, after `NormalizedText` has unified spellings.
        A quote that is too short, holds nothing but placeholders or spans a removed part is not found.
        """
        if len(quote) > _MAX_CHARACTERS:
            return None
        wanted = NormalizedText(quote).text.strip()
        content = _PLACEHOLDER.sub("", wanted).strip()
        if len(content) < (_MIN_CHARACTERS_JAPANESE if _JAPANESE.search(content) else _MIN_CHARACTERS):
            return None
        start = self._folded.text.find(wanted)
        while start >= 0:
            end = start + len(wanted)
            if not (self._is_within_word(start) or self._is_within_word(end)):
                place = self._folded.origin(start, end)
                origin = self._shown.origin(place.start, place.end)
                if origin is None:
                    return None
                return Span(origin.start, min(origin.end, origin.start + MAX_QUOTE_CHARACTERS))
            start = self._folded.text.find(wanted, start + 1)
        return None

    def _is_within_word(self, position: int) -> bool:
        around = self._folded.text[max(0, position - 1) : position + 1]
        return len(around) == 2 and around.isascii() and around.isalnum() and position > 0
