"""Fictional people with known careers, and the ways to write their dates."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import yaml

Language = Literal["en", "ja"]
# The corpus is dated: an open position ends in this month.
TODAY: Final = (2026, 11)
_MONTHS: Final = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
_SEASONS: Final = ("Winter", "Spring", "Summer", "Fall")
_LAST_DAYS: Final = (31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)
_FULL_WIDTH: Final = str.maketrans("0123456789", "０１２３４５６７８９")


@dataclass(frozen=True, slots=True)
class DateStyle:
    """A way to write closed and open ranges. `tolerance` is in months."""

    closed: str
    open: str
    tolerance: int = 0

    def write(self, first: tuple[int, int], last: tuple[int, int] | None) -> str:
        """Return a range of months as text."""
        values = _fields(first, "", last_day=False) | _fields(last or TODAY, "2", last_day=True)
        return (self.closed if last else self.open).format(**values)


@dataclass(frozen=True, slots=True)
class Job:
    """A position. `last` is None for the current one."""

    title: str
    company: str
    first: tuple[int, int]
    last: tuple[int, int] | None
    bullets: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Persona:
    """A person with a career."""

    language: Language
    name: str
    industry: str
    contact: tuple[str, ...]
    summary: str
    jobs: tuple[Job, ...]
    education: tuple[Job, ...]
    skills: tuple[str, ...]
    certifications: tuple[str, ...]
    other: tuple[str, ...]
    headings: dict[str, str]

    @property
    def bullets(self) -> list[str]:
        return [bullet for job in self.jobs for bullet in job.bullets]

    @property
    def months(self) -> int:
        """The months of work. No two positions overlap."""
        return sum(_count(*(job.last or TODAY)) - _count(*job.first) + 1 for job in self.jobs)


@cache
def personas() -> tuple[Persona, ...]:
    """Return every person."""
    data = _load("personas.yaml")
    return tuple(
        _persona(language, number, row, data["headings"][language])
        for language in ("en", "ja")
        for number, row in enumerate(data[language])
    )


@cache
def layouts() -> dict[str, dict[str, Any]]:
    """Return every layout by its name."""
    found: dict[str, dict[str, Any]] = _load("layouts.yaml")["layouts"]
    return found


@cache
def bullet_signs() -> dict[str, str]:
    """Return the styles of bullets with their signs."""
    found: dict[str, str] = _load("layouts.yaml")["bullets"]
    return found


@cache
def date_styles(language: Language) -> tuple[DateStyle, ...]:
    """Return the styles of dates of a language."""
    return tuple(DateStyle(*row) for row in _load("layouts.yaml")["dates"][language])


def _load(name: str) -> Any:
    return yaml.safe_load((Path(__file__).parent / name).read_text(encoding="utf-8"))


def _persona(language: Language, number: int, row: dict[str, Any], headings: dict[str, Any]) -> Persona:
    return Persona(
        language=language,
        name=row["name"],
        industry=row["industry"],
        contact=tuple(row["contact"]),
        summary=row["summary"],
        jobs=tuple(
            Job(
                job["title"],
                job["company"],
                _month(job["start"]),
                _month(job.get("end")),
                tuple(job["bullets"]),
            )
            for job in row["jobs"]
        ),
        education=tuple(
            Job(degree, school, _month(first), _month(last), ())
            for degree, school, first, last in row["education"]
        ),
        skills=tuple(row["skills"]),
        certifications=tuple(row["certifications"]),
        other=tuple(row["other"]),
        headings={kind: names[number] for kind, names in headings.items()},
    )


def _month(text: Any) -> Any:
    if text is None:
        return None
    year, month = str(text).split("-")
    return int(year), int(month)


def _count(year: int, month: int) -> int:
    return year * 12 + month - 1


def _fields(date: tuple[int, int], suffix: str, *, last_day: bool) -> dict[str, str]:
    year, month = date
    name = _MONTHS[month - 1]
    is_reiwa = date >= (2019, 5)
    era = year - (2018 if is_reiwa else 1988)
    values = {
        "Y": year, "yy": f"{year % 100:02}", "m": month, "mm": f"{month:02}",
        "Month": name, "Mon": name[:3], "MON": name.upper(), "q": (month + 2) // 3,
        # Winter is left out of ranges, because it belongs to two years: December is fall, January is spring.
        "Season": _SEASONS[min(max(month // 3, 1), 3)],
        "d": f"{_LAST_DAYS[month - 1] if last_day else 1:02}",
        "Era": "令和" if is_reiwa else "平成", "E": "R" if is_reiwa else "H", "e": era,
        "FY": str(year).translate(_FULL_WIDTH), "FM": str(month).translate(_FULL_WIDTH),
    }  # fmt: skip
    # "FY" and "FM" take their suffix as the others do.
    return {f"{key}{suffix}": str(value) for key, value in values.items()}
