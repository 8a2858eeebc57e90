"""Whether a quote occurs in what the model was shown, and where that is in the resume."""

import re
from functools import cached_property
from typing import Final

from contracts.report import MAX_QUOTE_CHARACTERS
from scoring.language.edits import EditedText
from scoring.language.normalization import NormalizedText
from scoring.language.text import Span

# Shorter ones occur by chance; a Japanese character says about as much as three Latin letters.
_AT_LEAST: Final = 12
_AT_LEAST_JAPANESE: Final = 4
# Longer ones are no quotes but copies.
_AT_MOST: Final = 1_000
_JAPANESE = re.compile(r"[ぁ-ヿ一-鿿]")
_PLACEHOLDER = re.compile(r"\[[A-Z]+\]")


class Quotable:
    """The text that may be quoted."""

    def __init__(self, shown: EditedText) -> None:
        self._shown = shown

    @cached_property
    def _folded(self) -> NormalizedText:
        return NormalizedText(self._shown.text)

    def find(self, quote: str) -> Span | None:
        """The place of a quote in the resume, at most as long as a report's quote may be.

        None unless it occurs letter by letter (but for spellings that `NormalizedText` makes one), in whole
        words;
        also for one too short to say anything, all placeholders, or with a removed part within.
        """
        if len(quote) > _AT_MOST:
            return None
        wanted = NormalizedText(quote).text.strip()
        said = _PLACEHOLDER.sub("", wanted).strip()
        if len(said) < (_AT_LEAST_JAPANESE if _JAPANESE.search(said) else _AT_LEAST):
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
