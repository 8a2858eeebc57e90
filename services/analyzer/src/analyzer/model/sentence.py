"""A model's words, made fit for a report."""

import re
from typing import Final

from contracts.report import MAX_SENTENCE_CHARACTERS

from analyzer.scoring.folding import INVISIBLE

_NUMBER: Final = re.compile(r"\d+")


def sentence(text: str) -> str:
    """On one line, with nothing invisible, as long as a report takes."""
    printed = "".join(each if each.isprintable() else " " for each in INVISIBLE.sub("", text))
    return " ".join(printed.split())[:MAX_SENTENCE_CHARACTERS]


def invents_numbers(text: str, source: str) -> bool:
    """Whether a text holds a number that its source does not."""
    said = set(_NUMBER.findall(text))
    return bool(said and said - set(_NUMBER.findall(source)))
