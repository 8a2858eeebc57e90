"""The sentences of a report, per language, kept as data.

A report's language is chosen by the request; what is analysed follows the resume's own language.
"""

import re
from functools import lru_cache
from importlib.resources import files
from typing import Final

from contracts.events import AnalysisRequested
from contracts.report import MAX_SENTENCE_CHARACTERS
from contracts.vocabulary import ReportLanguage

from scoring.data import read_yaml
from scoring.rubric import Language

# "{n|bullet|bullets}" is the first word for 1 and the second for any other number.
_PLURAL = re.compile(r"\{(\w+)\|([^|{}]*)\|([^|{}]*)\}")
# "{japanese|characters|words}" is the first for a Japanese resume and the second for any other. Both may hold
# values and plurals.
_OPTION: Final = r"((?:[^|{}]|\{[^{}]{0,60}\})*)"
_BY_RESUME = re.compile(rf"\{{japanese\|{_OPTION}\|{_OPTION}\}}")


class Messages:
    """Says a sentence of the catalogue; raises KeyError for one that is not there."""

    def __init__(self, language: Language, *, resume_language: Language) -> None:
        """`language` is the report's, `resume_language` the resume's."""
        self.language = language
        self.resume_language = resume_language
        self._sentences = load_catalogue(language, resume_language=resume_language)

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

    def join_sentences(self, *sentences: str) -> str:
        """Sentences one after another."""
        return self("list.sentences").join(filter(None, sentences))[:MAX_SENTENCE_CHARACTERS]


def report_language(request: AnalysisRequested, *, resume: Language) -> Language:
    """The language that the request wants its report in; `resume` is the resume's."""
    match request.report_language:
        case ReportLanguage.ENGLISH:
            return "en"
        case ReportLanguage.JAPANESE:
            return "ja"
        case ReportLanguage.RESUME:
            return resume


@lru_cache(maxsize=4)
def load_catalogue(language: Language, *, resume_language: Language) -> dict[str, str]:
    """Every sentence of a language by its key, as it reads about a resume in `resume_language`."""
    sentences = read_yaml(files("scoring") / "catalogue" / f"{language}.yaml")
    option = 1 if resume_language == "ja" else 2
    return {key: _BY_RESUME.sub(lambda match: match[option], each) for key, each in sentences.items()}
