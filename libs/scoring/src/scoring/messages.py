"""Sentences of the report, kept as data for each language.

The request chooses the language of the report. The rules follow the language of the resume.
"""

import re
from functools import lru_cache
from importlib.resources import files
from typing import Final

from contracts.events import AnalysisRequested
from contracts.report import MAX_SENTENCE_CHARACTERS
from contracts.vocabulary import ReportLanguage

from scoring.data import load_yaml
from scoring.rubric import Language

# "{n|bullet|bullets}" becomes the first word if n is 1, else the second.
_PLURAL = re.compile(r"\{(\w+)\|([^|{}]*)\|([^|{}]*)\}")
# "{japanese|characters|words}" becomes the first option for a Japanese resume, else the second. Both may hold
# values and plurals.
_OPTION: Final = r"((?:[^|{}]|\{[^{}]{0,60}\})*)"
_BY_RESUME = re.compile(rf"\{{japanese\|{_OPTION}\|{_OPTION}\}}")


class Messages:
    """The sentences of one language. Calling it formats a sentence; an unknown key raises KeyError."""

    def __init__(self, language: Language, *, resume_language: Language) -> None:
        """Load the sentences in `language`, worded for a resume in `resume_language`."""
        self.language = language
        self.resume_language = resume_language
        self._sentences = load_catalogue(language, resume_language=resume_language)

    def __call__(self, key: str, /, **values: object) -> str:
        template = _PLURAL.sub(
            lambda match: match[2] if str(values[match[1]]) == "1" else match[3], self._sentences[key]
        )
        return template.format(**values)[:MAX_SENTENCE_CHARACTERS]

    def join(self, names: list[str]) -> str:
        """Join a list as in prose: "a and b", or "a, b, and c" for more names or names that contain "and"."""
        if len(names) < 2:
            return "".join(names)
        is_plain = len(names) == 2 and not any(self("list.last") in name for name in names)
        last = self("list.last" if is_plain else "list.last_of_many")
        return last.join([self("list.comma").join(names[:-1]), names[-1]])

    def join_sentences(self, *sentences: str) -> str:
        """Join sentences and skip empty ones."""
        return self("list.sentences").join(filter(None, sentences))[:MAX_SENTENCE_CHARACTERS]


def report_language(request: AnalysisRequested, *, resume: Language) -> Language:
    """Return the language of the report. `resume` is the language of the resume."""
    match request.report_language:
        case ReportLanguage.ENGLISH:
            return "en"
        case ReportLanguage.JAPANESE:
            return "ja"
        case ReportLanguage.RESUME:
            return resume


@lru_cache(maxsize=4)
def load_catalogue(language: Language, *, resume_language: Language) -> dict[str, str]:
    """Return the sentences of a language by key, worded for a resume in `resume_language`."""
    sentences = load_yaml(files("scoring") / "catalogue" / f"{language}.yaml")
    option = 1 if resume_language == "ja" else 2
    return {key: _BY_RESUME.sub(lambda match: match[option], each) for key, each in sentences.items()}
