"""Check and clean sentences of the model before they enter a report."""

import re
from typing import Final

from contracts.report import MAX_SENTENCE_CHARACTERS
from scoring.language.normalization import INVISIBLE
from scoring.language.text import count_japanese
from scoring.rubric import Language

_NUMBER: Final = re.compile(r"\d+")
_QUOTED: Final = re.compile(r"「[^」]*」|『[^』]*』|\"[^\"]*\"|“[^”]*”")
_HIRAGANA: Final = re.compile(r"[ぁ-ゖ]")


def clean_sentence(text: str) -> str:
    """Put a text on one line, without invisible characters and cut to the length that a report allows."""
    printable = "".join(each if each.isprintable() else " " for each in INVISIBLE.sub("", text))
    return " ".join(printable.split())[:MAX_SENTENCE_CHARACTERS]


def is_in_language(language: Language, text: str) -> bool:
    """Tell whether a sentence is in the language of the report, apart from what it quotes of the resume.

    Hiragana joins the words of a Japanese sentence; an English sentence that names Japanese things has none.
    """
    own = _QUOTED.sub("", text)
    is_japanese = _HIRAGANA.search(own) is not None or 2 * count_japanese(own) > len(own)
    return is_japanese == (language == "ja")


def has_new_numbers(text: str, source: str) -> bool:
    """Tell whether a text holds a number that its source does not."""
    numbers = set(_NUMBER.findall(text))
    return bool(numbers and numbers - set(_NUMBER.findall(source)))
