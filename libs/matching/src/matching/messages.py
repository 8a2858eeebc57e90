"""The sentences for the reasons of a match, in English and Japanese."""

from functools import lru_cache
from importlib.resources import files
from typing import Literal

from contracts.matching import Reason
from contracts.report import MAX_SENTENCE_CHARACTERS
from scoring.data import load_yaml

Language = Literal["en", "ja"]


def reason_sentence(reason: Reason, language: Language) -> str:
    """Return the sentence of a reason. An unknown key raises KeyError."""
    catalogue = load_catalogue(language)
    names = {
        key: catalogue.get(f"name.{value}", value) if isinstance(value, str) else f"{value:g}"
        for key, value in reason.values.model_dump(exclude_none=True).items()
    }
    return catalogue[reason.key].format(**names)[:MAX_SENTENCE_CHARACTERS]


@lru_cache(maxsize=2)
def load_catalogue(language: Language) -> dict[str, str]:
    """Return the sentences of a language by key."""
    sentences: dict[str, str] = load_yaml(files("matching") / "data" / f"{language}.yaml")
    return sentences
