"""Fictional resumes made from structured parts, so that one thing at a time can be varied.

Every person exists at three levels of writing with the same career. `strong` states work and results,
`medium` leaves out most results and some verbs, and `weak` names duties in vague words.
"""

import random
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import yaml

from tests.support.files import Part

Language = Literal["en", "ja"]
Level = Literal["weak", "medium", "strong"]
LEVELS: Final[tuple[Level, ...]] = ("weak", "medium", "strong")
_SEED: Final = 20_261_122
_VAGUE: Final = {
    "en": ("Responsible for {}", "Helped with {} etc", "Worked on various {}", "I was involved in {}"),
    "ja": ("{}に関する業務を担当", "{}のサポート", "様々な{}に対応", "{}など"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullet:
    """One line of work. An unquantified one leaves out `result`. The verb is empty in Japanese."""

    language: Language
    verb: str
    what: str
    result: str
    topic: str
    quantified: bool = True
    weak: bool = False
    # A template of a vague sentence about the topic, which replaces the bullet.
    vague: str | None = None
    # Text after the bullet.
    ending: str = ""

    @property
    def text(self) -> str:
        return self._sentence + self.ending

    @property
    def _sentence(self) -> str:
        if self.vague:
            return self.vague.format(self.topic)
        if self.language == "ja":
            if self.quantified:
                return f"{self.what}{self.result}{'する業務を担当' if self.weak else ''}"
            return f"{self.what.rpartition('を')[0]}に関する業務を担当" if self.weak else f"{self.what}た"
        head = f"{'Responsible for' if self.weak else self.verb} {self.what}"
        if not self.quantified:
            return head
        return head + (" " if self.result.startswith(("from ", "on ")) else ", ") + self.result


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """A job. Empty `dates` are left out."""

    title: str
    company: str
    dates: str
    bullets: tuple[Bullet, ...]

    @property
    def head(self) -> str:
        return ", ".join(part for part in (self.title, self.company, self.dates) if part)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resume:
    """The content of a resume, which a template renders. `extra` holds lines added to sections."""

    key: str
    language: Language
    level: Level
    industry: str
    # Other industries that fit the person.
    also: tuple[str, ...]
    name: str
    address: str
    email: str
    phone: str
    summary: str
    positions: tuple[Position, ...]
    education: str
    skills: str
    certificate: str
    pronouns: str = ""
    extra: tuple[tuple[str, str], ...] = ()

    @property
    def title(self) -> str:
        return f"{self.name} ({self.pronouns})" if self.pronouns else self.name

    @property
    def contact(self) -> tuple[str, ...]:
        return (" | ".join(part for part in (self.email, self.phone, self.address) if part),)

    @property
    def bullets(self) -> list[Bullet]:
        return [bullet for position in self.positions for bullet in position.bullets]

    @property
    def parts(self) -> list[Part]:
        work: list[str] = []
        for position in self.positions:
            work += [position.head, *(f"- {bullet.text}" for bullet in position.bullets)]
        sections = {
            "summary": [self.summary],
            "experience": work,
            "education": [self.education],
            "skills": [self.skills],
            "certifications": [self.certificate],
        }
        for section, line in self.extra:
            sections[section].append(line)
        return [
            Part(_HEADINGS[self.language][section], tuple(line for line in lines if line))
            for section, lines in sections.items()
            if any(lines)
        ]

    def with_bullet(self, number: int, **changes: Any) -> "Resume":
        """Return the resume with one bullet changed, counted over all positions."""
        count = -1
        positions = []
        for position in self.positions:
            bullets = []
            for bullet in position.bullets:
                count += 1
                bullets.append(replace(bullet, **changes) if count == number else bullet)
            positions.append(replace(position, bullets=tuple(bullets)))
        return replace(self, positions=tuple(positions))

    def with_bullets(self, **changes: Any) -> "Resume":
        """Return the resume with all bullets changed."""
        changed = self
        for number in range(len(self.bullets)):
            changed = changed.with_bullet(number, **changes)
        return changed

    def without_dates(self, *numbers: int) -> "Resume":
        """Return the resume without the dates of some positions."""
        positions = tuple(
            replace(position, dates="") if number in numbers else position
            for number, position in enumerate(self.positions)
        )
        return replace(self, positions=positions)

    def with_extra(self, section: str, *lines: str) -> "Resume":
        """Return the resume with visible lines at the end of a section."""
        return replace(self, extra=(*self.extra, *((section, line) for line in lines)))


_HEADINGS: Final = {
    "en": {
        "summary": "Summary",
        "experience": "Work Experience",
        "education": "Education",
        "skills": "Skills",
        "certifications": "Certifications",
    },
    "ja": {
        "summary": "職務要約",
        "experience": "職務経歴",
        "education": "学歴",
        "skills": "活かせる経験・知識・技術",
        "certifications": "資格",
    },
}
_DATES: Final = {
    ("en", True): ("Apr 2020 - Present", "Jan 2016 - Mar 2020"),
    ("en", False): ("2020 - Present", "2016 - 2020"),
    ("ja", True): ("2020年4月 - 現在", "2016年1月 - 2020年3月"),
    ("ja", False): ("2020年 - 現在", "2016年 - 2020年"),
}


@dataclass(frozen=True, slots=True)
class Person:
    """One fictional person at every level."""

    key: str
    language: Language
    levels: dict[Level, Resume]


@cache
def people() -> tuple[Person, ...]:
    """Return every person. The result is the same in every run."""
    data = yaml.safe_load((Path(__file__).parent / "people.yaml").read_text(encoding="utf-8"))
    return tuple(_person(data, number, row) for number, row in enumerate(data["people"]))


def resumes(*levels: Level) -> Iterator[Resume]:
    """Yield the resume of every person at some levels, by default at all levels."""
    for person in people():
        for level in levels or LEVELS:
            yield person.levels[level]


def _person(data: dict[str, Any], number: int, row: list[str]) -> Person:
    name, city, profession, *companies = row
    language: Language = "ja" if re.search("[一-鿿]", name) else "en"
    source = data[language][profession]
    rng = random.Random(_SEED + number)  # noqa: S311 - reproducible, not secret
    rows = rng.sample(source["bullets"], len(source["bullets"]))[:8]
    bullets = [_bullet(language, text, rng) for text in rows]
    levels = {
        level: _at_level(level, number, name, city, source, companies, bullets, rng, language)
        for level in LEVELS
    }
    return Person(levels["strong"].key, language, levels)


def _fill(text: str, rng: random.Random) -> str:
    return (
        text.replace("{p}", str(rng.randint(11, 38)))
        .replace("{n}", str(rng.randint(4, 9)))
        .replace("{m}", str(rng.randint(2, 9)))
        .replace("{w}", str(rng.randint(5, 12)))
    )


def _bullet(language: Language, text: str, rng: random.Random) -> Bullet:
    parts = [part.strip() for part in _fill(text, rng).split("|")]
    verb, what, result, topic = parts if language == "en" else ("", *parts)
    return Bullet(language=language, verb=verb, what=what, result=result, topic=topic)


def _at_level(
    level: Level,
    number: int,
    name: str,
    city: str,
    source: dict[str, Any],
    companies: list[str],
    bullets: list[Bullet],
    rng: random.Random,
    language: Language,
) -> Resume:
    strong = level == "strong"
    if level == "medium":
        # The first bullet stays complete. The others lose their results, and every third becomes a duty.
        bullets = [
            replace(bullet, quantified=at == 0, weak=at % 3 == 2) for at, bullet in enumerate(bullets[:6])
        ]
    elif level == "weak":
        bullets = [
            replace(bullet, vague=_VAGUE[language][at % 4], quantified=False, weak=True)
            for at, bullet in enumerate(bullets[:4])
        ]
    half = (len(bullets) + 1) // 2
    positions = tuple(
        Position(title=title, company=company, dates=dates, bullets=tuple(part))
        for title, company, dates, part in zip(
            source["titles"],
            companies,
            _DATES[language, level != "weak"],
            (bullets[:half], bullets[half:]),
            strict=True,
        )
    )
    comma = ", " if language == "en" else "、"
    summary = _fill(source["summary"], rng)
    sentences = re.split(r"(?<=\.) |(?<=。)", summary)
    school = f"{source['degree']}, {city} University, 2015"
    school_ja = f"2015年 架空大学 {source['degree']} 卒業"
    return Resume(
        key=f"{number + 1:02}-{level}",
        language=language,
        level=level,
        industry=source["industry"],
        also=tuple(source.get("also", ())),
        name=name,
        address=city,
        email=f"person{number + 1:02}@example.com",
        phone="" if level == "weak" else f"+44 20 7946 {number:04}" if language == "en" else "03-0000-1234",
        summary=summary if strong else sentences[0] if level == "medium" else "",
        positions=positions,
        education=school if language == "en" else school_ja,
        skills="" if level == "weak" else comma.join(source["skills"][: 5 if strong else 3]),
        certificate=source["certificate"] if strong else "",
    )
