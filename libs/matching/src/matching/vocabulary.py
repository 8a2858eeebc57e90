"""The skills, certificates and languages that are known by several names."""

from collections.abc import Iterable
from functools import cache
from importlib.resources import files
from typing import Any

from scoring.data import load_yaml
from scoring.language.terms import Hit, TermIndex
from scoring.language.text import fold
from scoring.rubric import load_rubric

from matching.patterns import load_words
from matching.words import find_words


class Vocabulary:
    """Concepts by their terms. A concept is named by its first term."""

    def __init__(self, data: dict[str, Any], *, more_skills: Iterable[str] = ()) -> None:
        """Read the data of `skills.yaml`. `more_skills` are terms without known synonyms."""
        self.version: str = data["version"]
        self.skills: dict[str, tuple[str, ...]] = {line[0]: tuple(line) for line in data["skills"]}
        self.certificates: dict[str, tuple[str, ...]] = {
            line[0]: tuple(line) for line in data["certificates"]
        }
        self._narrower: dict[str, list[str]] = data["narrower"]
        listed = {fold(term.removeprefix("=")) for line in self.skills.values() for term in line}
        self.skill_index = TermIndex(
            {**self.skills, **{term: (term,) for term in more_skills if fold(term) not in listed}}
        )
        self.certificate_index = TermIndex(self.certificates)
        self._all = TermIndex({**self.skills, **self.certificates})
        self.alike = _alike(data["alike"])

    def synonyms(self, term: str) -> tuple[str, ...]:
        """Return all names of a term, with those of narrower skills. An unknown term has its own alone."""
        found = self._all.find(term, fold(term))
        groups = list(dict.fromkeys(hit.group for hit in found if hit.end - hit.start == len(term)))
        # "Go" is known in this exact spelling alone, so the term itself is not added.
        names = [] if groups else [term]
        for group in groups or [term]:
            names += self._names(group)
            for narrower in self._narrower.get(group, ()):
                names += self._names(narrower) or [narrower]
        return tuple(dict.fromkeys(names))

    def _names(self, group: str) -> list[str]:
        return [*self.skills.get(group, ()), *self.certificates.get(group, ())]

    def find_skills(self, text: str) -> list[Hit]:
        """Return the known skills of a text without overlaps. The longest one wins."""
        return self.skill_index.find_longest(text, fold(text))

    def find_certificates(self, text: str) -> list[Hit]:
        """Return the known certificates of a text without overlaps."""
        return self.certificate_index.find_longest(text, fold(text))


def _alike(lines: list[list[str]]) -> dict[str, str]:
    forms: dict[str, str] = {}
    for line in lines:
        found = [word.form for each in line for word in find_words(fold(each))[:1]]
        forms.update(dict.fromkeys(found, found[0]))
    return forms


@cache
def load_vocabulary() -> Vocabulary:
    """Return the vocabulary with the skills of the rubric. It is read once."""
    groups, general = load_rubric().skills.values(), load_words("too_general")
    more = (term for group in groups for term in group.terms if term not in general)
    return Vocabulary(load_yaml(files("matching") / "data" / "skills.yaml"), more_skills=more)


@cache
def load_languages() -> tuple[TermIndex, dict[str, list[str]]]:
    """Return an index of spoken languages, and the patterns of each level, the highest first."""
    data = load_yaml(files("matching") / "data" / "languages.yaml")
    return TermIndex(data["names"]), data["levels"]
