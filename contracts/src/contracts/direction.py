"""The direction that a text is written in, for the attribute `dir` of HTML."""

from typing import Literal
from unicodedata import bidirectional


def direction_of(text: str) -> Literal["ltr", "rtl"]:
    """Return the direction of a text by its first letter: WeasyPrint does not know `dir="auto"`."""
    strong = (kind for character in text if (kind := bidirectional(character)) in ("L", "R", "AL"))
    return "ltr" if next(strong, "L") == "L" else "rtl"
