"""A heading of a section, and phrases that are written as comma-separated lists."""

import re
from typing import Final, NamedTuple


class Heading(NamedTuple):
    """The sections that a heading introduces.

    `kind` is the section as a whole, `kinds` are its parts ("Education and Certifications"). Each is a
    `SectionType`, or "projects", "activities" or "volunteering". `is_certain` is False for words that are
    also usual entries of lists and tables, and for a usual last word behind unknown ones ("Barista
    Experience").
    """

    kind: str
    kinds: tuple[str, ...]
    is_certain: bool = True


# A section that holds work besides others is about work: "Education and Experience", "学歴・職歴".
_WORK: Final = "experience"


def join_kinds(kinds: list[str], *, is_certain: bool) -> Heading:
    """Return the heading of a section with parts of several kinds."""
    kind = _WORK if _WORK in kinds else kinds[0]
    return Heading(kind, tuple(dict.fromkeys(kinds)), is_certain)


def split_phrases(words: str) -> frozenset[str]:
    """Return the phrases of a comma-separated list."""
    return frozenset(phrase for word in words.split(",") if (phrase := " ".join(word.split())))


def phrases_by_kind(words: str) -> dict[str, str]:
    """Return the kind of each phrase of "kind:" lines that are each followed by a comma-separated list."""
    parts = re.split(r"(\w+):\n", words)[1:]
    return {
        phrase: kind
        for kind, phrases in zip(parts[::2], parts[1::2], strict=True)
        for phrase in split_phrases(phrases)
    }
