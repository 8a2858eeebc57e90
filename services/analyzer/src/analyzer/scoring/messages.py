"""The sentences of a report, per language, kept as data."""

import re
from functools import lru_cache
from importlib.resources import files

from contracts.report import MAX_SENTENCE_CHARACTERS

from analyzer.scoring.data import read_yaml
from analyzer.scoring.rubric import Language

# "{n|bullet|bullets}" is the first word for 1 and the second for any other number.
_PLURAL = re.compile(r"\{(\w+)\|([^|{}]*)\|([^|{}]*)\}")


class Messages:
    """Says a sentence of the catalogue; raises KeyError for one that is not there."""

    def __init__(self, language: Language) -> None:
        self.language = language
        self._sentences = read_catalogue(language)

    def __call__(self, key: str, /, **values: object) -> str:
        template = _PLURAL.sub(
            lambda match: match[2] if str(values[match[1]]) == "1" else match[3], self._sentences[key]
        )
        return template.format(**values)[:MAX_SENTENCE_CHARACTERS]

    def join(self, names: list[str]) -> str:
        """A list as it is written: "a and b"; "a, b, and c" where there are more, or "and" stands in one."""
        if len(names) < 2:
            return "".join(names)
        is_plain = len(names) == 2 and not any(self("list.last") in name for name in names)
        last = self("list.last" if is_plain else "list.last_of_many")
        return last.join([self("list.comma").join(names[:-1]), names[-1]])

    def together(self, *sentences: str) -> str:
        """Sentences one after another."""
        return self("list.sentences").join(filter(None, sentences))[:MAX_SENTENCE_CHARACTERS]


@lru_cache(maxsize=2)
def read_catalogue(language: Language) -> dict[str, str]:
    """Every sentence of a language by its key."""
    return read_yaml(files("analyzer.scoring") / "catalogue" / f"{language}.yaml")
