"""Write a resume as JSON Resume (https://jsonresume.org/schema)."""

from typing import Any

from contracts.plain_text import plain_text

from exports.parsing import parse
from exports.source import Source
from exports.structure.education import School, find_education
from exports.structure.headers import Period
from exports.structure.person import Person, find_person
from exports.structure.skills import find_skills
from exports.structure.work import Work, find_work

Json = dict[str, Any]


def to_json_resume(source: Source) -> Json:
    """Return a resume as JSON Resume. Fields that could not be read for certain are left out.

    Raises:
        NotAssessable: the text holds no words.
    """
    resume = parse(source)
    skills, languages = find_skills(resume)
    basics = _basics(find_person(resume, source.names))
    if resume.summary:
        basics["summary"] = " ".join(resume.text[resume.summary.start : resume.summary.end].split())
    export = _without_nothing(
        {
            "$schema": "https://raw.githubusercontent.com/jsonresume/resume-schema/v1.0.0/schema.json",
            "basics": basics,
            "work": [_work(each) for each in find_work(resume)],
            "education": [_school(each) for each in find_education(resume)],
            "skills": [
                _without_nothing({"name": each.name, "keywords": list(each.keywords)}) for each in skills
            ],
            "languages": [
                _without_nothing({"language": each.language, "fluency": each.fluency}) for each in languages
            ],
        }
    )
    return {key: _plain(value) for key, value in export.items()}


def _plain(value: object) -> object:
    """Remove control characters from every string."""
    match value:
        case str():
            return plain_text(value)
        case list():
            return [_plain(each) for each in value]
        case dict():
            return {key: _plain(each) for key, each in value.items()}
    return value


def _basics(person: Person) -> Json:
    return _without_nothing(
        {
            "name": person.name,
            "label": person.label,
            "email": person.email,
            "phone": person.phone,
            "url": person.url,
            "location": person.location,
            "profiles": [
                {"network": network, "username": user, "url": url} for network, user, url in person.profiles
            ],
        }
    )


def _work(work: Work) -> Json:
    return _without_nothing(
        {
            "name": work.name,
            "position": work.position,
            **_dates(work.period),
            "highlights": list(work.highlights),
        }
    )


def _school(school: School) -> Json:
    return _without_nothing(
        {
            "institution": school.institution,
            "area": school.area,
            "studyType": school.study_type,
            **_dates(school.period),
        }
    )


def _dates(period: Period | None) -> Json:
    return {"startDate": period.start, "endDate": period.end} if period else {}


def _without_nothing(fields: Json) -> Json:
    return {key: value for key, value in fields.items() if value}
