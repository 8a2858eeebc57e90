"""Decide whether the text of a PDF file can be read."""

from collections.abc import Collection
from typing import Final

from documents.errors import NoText

# Fewer letters beside pictures on half of the area are a stamp on a scan ("Scanned by ..."), not a resume.
_SCAN_AREA = 0.5
_SCAN_LETTERS = 100
# If a larger share of the glyphs has no known character, their codes have to make sense by themselves.
_UNREADABLE = 0.5
# Some of the most frequent words of European languages, and the share of them in a readable text. Lists of
# keywords have few.
_FREQUENT: Final = frozenset(
    {"and", "the", "of", "in", "to", "for", "with", "at", "on", "by", "from", "as", "an"}
    | {
        "de",
        "la",
        "et",
        "des",
        "und",
        "der",
        "die",
        "für",
        "mit",
        "y",
        "en",
        "el",
        "del",
        "di",
        "e",
        "van",
        "het",
    }
)
_FREQUENT_SHARE = 0.02
_MIN_FREQUENT = 2


def check_readable(
    words: Collection[str], *, glyphs: int, unmapped: int, readable: int, image_share: float
) -> bool:
    """Return True if the characters without a known meaning are ordinary letters.

    Bitmap fonts of LaTeX have no table of characters, but their codes are letters.

    Args:
        words: the visible words
        glyphs: the number of characters
        unmapped: how many of them have no known meaning
        readable: the number of visible characters that have one
        image_share: the share of the pages that pictures cover

    Raises:
        NoText: the text is not what a person sees, or is only a stamp on a picture.
    """
    codes_are_letters = False
    if glyphs and unmapped / glyphs > _UNREADABLE:
        codes_are_letters = _is_language(words)
        if not codes_are_letters:
            raise NoText(
                "The text of the PDF cannot be read, its fonts lack the table of characters: "
                "export it again from the program it was written in."
            )
        readable += unmapped
    if image_share >= _SCAN_AREA and readable < _SCAN_LETTERS:
        raise NoText
    return codes_are_letters


def _is_language(words: Collection[str]) -> bool:
    frequent = sum(word.lower().strip(".,;:()") in _FREQUENT for word in words)
    return frequent >= max(_MIN_FREQUENT, _FREQUENT_SHARE * len(words))
