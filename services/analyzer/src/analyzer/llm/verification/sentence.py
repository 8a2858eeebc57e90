"""A model's words, made fit for a report."""

import re
from typing import Final

from contracts.report import MAX_SENTENCE_CHARACTERS
from scoring import Language
from scoring.language.normalization import INVISIBLE
from scoring.language.text import count_japanese

_NUMBER: Final = re.compile(r"\d+")
_QUOTED: Final = re.compile(r"「[^」]*」|『[^』]*』|\"[^\"]*\"|“[^”]*”")
_HIRAGANA: Final = re.compile(r"[ぁ-ゖ]")


def sentence(text: str) -> str:
    """On one line, with nothing invisible, as long as a report takes."""
    printed = "".join(each if each.isprintable() else " " for each in INVISIBLE.sub("", text))
    return " ".join(printed.split())[:MAX_SENTENCE_CHARACTERS]


def is_in(language: Language, text: str) -> bool:
    """Tell if a sentence is in a report's language, whatever the language of the resume that it quotes.

    Hiragana joins the words of a Japanese sentence; an English one that names Japanese things has none.
    """
    own = _QUOTED.sub("", text)
    is_japanese = _HIRAGANA.search(own) is not None or 2 * count_japanese(own) > len(own)
    return is_japanese == (language == "ja")


def invents_numbers(text: str, source: str) -> bool:
    """Whether a text holds a number that its source does not."""
    said = set(_NUMBER.findall(text))
    return bool(said and said - set(_NUMBER.findall(source)))
