"""Read the schools of a resume."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from scoring.language.date_styles import find_dates
from scoring.language.dates import DateRange, find_date_ranges
from scoring.language.text import Line, Span, fold
from scoring.resume.resume import Resume

from exports.structure.headers import Period, names_in, period_of

_SCHOOL = re.compile(
    r"(?i)\b(?:university|college|school|institute|academy|polytechnic|universit[äéày]t?|école|eth"
    r"|mit)\b|大学|高等学校|高校|専門学校|短大|学院|高専"
)
_DEGREE = re.compile(
    r"(?P<type>\b(?:B\.?Sc?|M\.?Sc?|B\.?A|M\.?A|B\.?Eng|M\.?Eng|B\.?Tech|M\.?Tech|BBA|MBA|LL\.?B|LL\.?M"
    r"|Ph\.?\s?D|MD|JD|Diploma"
    r"|Associate|Bachelor(?:'s)?(?: of [A-Z]\w+)?|Master(?:'s)?(?: of [A-Z]\w+)?"
    r"|Doctorate)\b\.?)(?:\s+(?:degree\s+)?(?:in|of)\s+(?P<area>[A-Z][\w &-]{2,60}))?"
)
_FACULTY = re.compile(
    r"(?P<area>[一-鿿ァ-ヺー]{2,20}(?:学部|学科|研究科|専攻|学群"
    r"|学類)(?:[ 　]*[一-鿿ァ-ヺー]{2,20}(?:学科|専攻|コース))*)"
)
_END = re.compile(r"[ 　]*(?:卒業|修了|入学|中退|在学中|卒業見込み?|修了見込み?)$")
_MOST: Final = 20


@dataclass(frozen=True, slots=True)
class School:
    """A school. What could not be read for certain is None."""

    institution: str
    study_type: str | None
    area: str | None
    period: Period | None


def find_education(resume: Resume) -> list[School]:
    """Return the schools in the sections about education. A line that names no school is left out."""
    found: list[School] = []
    for section in resume.sections_of_kind("education"):
        lines = [
            line
            for line in resume.lines
            if section.start <= line.start < section.end
            and not (section.title and line.start < section.title.end and section.title.start < line.end)
        ]
        schools = (_school(resume, group) for group in _groups(resume, lines))
        found += [school for school in schools if school]
    return _without_entries(found)[:_MOST]


def _groups(resume: Resume, lines: Sequence[Line]) -> list[list[Span]]:
    """Divide lines into schools. Each group has one name of a school, and the lines around it."""
    named = [bool(_SCHOOL.search(resume.text, line.start, line.end)) for line in lines]
    if sum(named) <= 1:
        return [[Span(line.start, line.end) for line in lines]]
    before = _lines_before(named)
    starts = [max(0, at - before) for at, is_named in enumerate(named) if is_named]
    ends = [*starts[1:], len(lines)]
    return [
        [Span(line.start, line.end) for line in lines[start:end]]
        for start, end in zip(starts, ends, strict=True)
    ]


def _lines_before(named: Sequence[bool]) -> int:
    """Return the number of lines above the name of the first school, if others can have as many."""
    first = named.index(True)
    gaps = [at for at, is_named in enumerate(named) if is_named]
    smallest = min(second - one - 1 for one, second in pairwise(gaps))
    return min(first, smallest)


def _school(resume: Resume, spans: Sequence[Span]) -> School | None:
    names = names_in(resume, spans)
    schools = [name for name in names if _SCHOOL.search(name)]
    if not schools:
        return None
    text = "\n".join(names)
    institution = _institution(schools[0])
    degree, faculty = _DEGREE.search(text), _FACULTY.search(text)
    area = degree["area"] if degree and degree["area"] else faculty["area"] if faculty else None
    ranges = [each for span in spans for each in _ranges(resume, span)]
    period = period_of(ranges[0]) if ranges else _graduation(resume, spans)
    return School(institution, degree["type"] if degree else None, area.strip() if area else None, period)


def _institution(name: str) -> str:
    """Return the school alone of "明望大学 理工学部 入学" and of "2015年 架空大学 経済学部 卒業"."""
    name = _END.sub("", name)
    words = re.split(r"[ 　]+", name)
    if any("\u3040" <= char <= "\u9fff" for char in name):
        return next((word for word in words if _SCHOOL.search(word) and not _FACULTY.fullmatch(word)), name)
    return name


def _ranges(resume: Resume, span: Span) -> list[DateRange]:
    return find_date_ranges(resume.folded[span.start : span.end], today=resume.current_month)


def _graduation(resume: Resume, spans: Sequence[Span]) -> Period | None:
    """Return the only date of a school as its end."""
    dates = [
        each
        for span in spans
        for each in find_dates(fold(resume.text[span.start : span.end]))
        if each.months is not None
    ]
    if len(dates) != 1 or dates[0].months is None:
        return None
    year, month = divmod(dates[0].months, 12)
    return Period("", f"{year:04}-{month + 1:02}" if dates[0].precision == 1 else f"{year:04}")


def _without_entries(schools: Sequence[School]) -> list[School]:
    """Join the lines of 入学 and 卒業 for one school."""
    kept: list[School] = []
    for school in schools:
        last = kept[-1] if kept else None
        if (
            last
            and last.institution == school.institution
            and last.area == school.area
            and not (last.period and last.period.start)
        ):
            start = last.period.end if last.period else None
            end = school.period.end if school.period else None
            kept[-1] = School(
                school.institution,
                school.study_type or last.study_type,
                school.area,
                Period(start or "", end),
            )
        else:
            kept.append(school)
    return kept
