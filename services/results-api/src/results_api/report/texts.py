"""The words of the page in each language, and the choice of the language."""

import re
import tomllib
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final, Literal

Language = Literal["en", "ja"]

_JAPANESE: Final = re.compile(r"[\u3041-\u30ff\u4e00-\u9fff]")
_LETTER: Final = re.compile(r"[^\W\d_]")
# An English sentence may quote a Japanese one, and the other way around.
_LEAST_SHARE: Final = 0.5


class Texts:
    """The words of one language by section and name, as in `texts/en.toml`."""

    def __init__(self, language: Language) -> None:
        self.language: Language = language
        source = files("results_api.report").joinpath("texts", f"{language}.toml")
        self._texts: dict[str, Any] = tomllib.loads(source.read_text(encoding="utf-8"))

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the text of a key such as `scores.heading`, with its placeholders filled."""
        section, _, name = key.rpartition(".")
        text: str = (self._texts[section] if section else self._texts)[name]
        return text.format(**values) if values else text

    def name_of(self, section: str, code: str) -> str:
        """Return the name of a code in a section. A code that was added later is shown in words."""
        known: str | None = self._texts[section].get(code)
        return known or code.rpartition(".")[2].replace("_", " ").capitalize()

    def join(self, names: Iterable[str]) -> str:
        """Join the items of a list."""
        return self("list_separator").join(names)

    def date(self, time: datetime) -> str:
        """Return a date as it is written in the language."""
        if self.language == "ja":
            return f"{time.year}年{time.month}月{time.day}日"
        return f"{time.day} {time:%B} {time.year}"


@lru_cache(maxsize=2)
def texts_in(language: Language) -> Texts:
    """Return the words of a language."""
    return Texts(language)


def language_of(*, notices: Iterable[str], summary: str) -> Language:
    """Return the language of a stored report, which does not name it.

    Notices quote nothing of the resume. Results of the legacy backend have only a summary.
    """
    text = "".join(notices) or summary
    letters = len(_LETTER.findall(text))
    return "ja" if letters and len(_JAPANESE.findall(text)) >= _LEAST_SHARE * letters else "en"
