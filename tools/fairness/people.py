"""Generated resumes as text, with places for what says who the person is."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from itertools import islice
from typing import Final

from contracts.matching import JobRequirements
from matching.extraction import extract_requirements

from tests.support.files import resume_text
from tools.evaluation.resumes import resumes
from tools.matching_benchmark.world import Language, create_job, create_personas, load_fields

_SEED: Final = 23
# Every third person covers each profession and both languages. Every field has thirty personas.
_EVERY: Final = 3
_EVERY_PERSONA: Final = 60
# What these jobs ask for is also a name, a nationality or a place.
_NAMED_JOBS: Final[dict[Language, tuple[str, tuple[str, ...]]]] = {
    "en": (
        "Ruby Developer",
        (
            "Requirements", "Experience with Ruby", "Knowledge of Julia", "Knowledge of Swift", "Chef",
            "Good communication", "Fluent German", "Vietnamese", "Based in London",
            "Right to work in the UK", "Experience with Oracle", "Photography", "Gender equality training",
        ),
    ),
    "ja": (
        "Rubyエンジニア",
        (
            "【必須条件】", "Rubyの経験", "Juliaの経験", "Swiftの知識", "ドイツ語 日常会話レベル",
            "ベトナム語", "就労ビザをお持ちの方", "写真撮影の経験", "家族支援の経験",
        ),
    ),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Person:
    """A resume in parts. `above` is a title of the document, and `rest` begins with the first heading."""

    key: str
    language: Language
    industry: str
    name: str
    contact: tuple[str, ...]
    rest: str
    above: str = ""

    @property
    def text(self) -> str:
        head = [line for line in (self.above, self.name, " | ".join(self.contact)) if line]
        return "\n".join(head) + "\n" + self.rest

    def with_line(self, line: str) -> "Person":
        """Add a line below the contact details."""
        return replace(self, rest=f"{line}\n{self.rest}")

    def with_section(self, line: str) -> "Person":
        """Add a section at the end."""
        heading = "Personal details" if self.language == "en" else "その他"
        return replace(self, rest=f"{self.rest}\n{heading}\n{line}\n")


def people() -> Iterator[Person]:
    """Yield some of the people of `make evaluate` and of `make bench-matching`."""
    for resume in islice(resumes("medium"), 0, None, _EVERY):
        text = resume_text(resume.title, (), resume.parts)
        yield Person(
            resume.key,
            resume.language,
            resume.industry,
            resume.name,
            (resume.email, resume.phone, resume.address),
            text.removeprefix(resume.title),
        )
    languages: tuple[Language, ...] = ("en", "ja")
    for language in languages:
        for number, persona in enumerate(create_personas(language, _SEED)):
            if number % _EVERY_PERSONA == 0:
                heading = re.search("EXPERIENCE|■職務経歴", persona.text)
                assert heading
                yield Person(
                    f"{language}-{number}",
                    language,
                    "general",
                    "Alex Morgan" if language == "en" else "森 明",
                    ("alex@example.com", "+44 20 7946 0123", "Leeds")
                    if language == "en"
                    else ("mori@example.com", "03-0000-1234", "東京都"),
                    "\n" + persona.text[heading.start() :],
                    "" if language == "en" else "職務経歴書",
                )


@cache
def jobs(language: Language) -> tuple[JobRequirements, ...]:
    """Return the requirements of the development jobs of a language, and of one with names in it."""
    fields = [create_job(data, language) for data in load_fields() if not data.get("held_back")]
    title, lines = _NAMED_JOBS[language]
    texts = [*((job.title, job.text) for job in fields), (title, "\n- ".join(lines))]
    return tuple(extract_requirements(title, text) for title, text in texts)
