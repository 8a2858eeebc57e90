"""People drawn at random, so that the corpus can be read with content that no rule was written for."""

import random
from pathlib import Path
from typing import Any, Final, get_args

import yaml

from tools.corpus.personas import TODAY, Job, Language, Persona

_PEOPLE: Final = 2
_JOBS: Final = (2, 4)
_BULLETS: Final = (2, 4)
# Months: the length of a job, of the time between two, and of a course of studies.
_MONTHS: Final = (9, 58)
_GAP: Final = (0, 4)
_STUDY: Final = 40


def draw_personas(seed: int) -> tuple[Persona, ...]:
    """Return two people of each language, the same ones for the same seed."""
    pools = yaml.safe_load((Path(__file__).parent / "pools.yaml").read_text(encoding="utf-8"))
    rng = random.Random(seed)  # noqa: S311 - reproducible, not secret
    return tuple(
        _draw(rng, language, name, role, pools[language])
        for language in get_args(Language)
        for name, role in zip(
            rng.sample(pools[language]["names"], _PEOPLE),
            rng.sample(pools[language]["roles"], _PEOPLE),
            strict=True,
        )
    )


def _draw(rng: random.Random, language: Language, name: str, role: Any, pool: Any) -> Persona:
    count = rng.randint(*_JOBS) if language == "en" else 2
    companies = rng.sample(pool["companies"], count)
    bullets = [_fill(rng, text) for text in rng.sample(role["bullets"], len(role["bullets"]))]
    jobs: list[Job] = []
    month = _number(*TODAY)
    for number, (title, company) in enumerate(zip(role["titles"], companies, strict=False)):
        first = month - rng.randint(*_MONTHS)
        last = month if number or rng.random() < 0.2 else None
        own = [bullets.pop() for _ in range(min(rng.randint(*_BULLETS), len(bullets)))]
        jobs.append(Job(title, company, _date(first), _date(last) if last else None, tuple(own)))
        month = first - 1 - rng.randint(*_GAP)
    studied = Job(role["degree"], rng.choice(pool["schools"]), _date(month - _STUDY), _date(month), ())
    return Persona(
        language=language,
        name=name,
        industry=role["industry"],
        contact=_contact(rng, language, rng.choice(pool["places"])),
        summary=_fill(rng, role["summary"]),
        jobs=tuple(jobs),
        education=(studied,),
        skills=tuple(role["skills"]),
        certifications=tuple(rng.sample(pool["certifications"], rng.randint(1, 2))),
        other=tuple(rng.sample(pool["other"], rng.randint(1, 2))),
        headings={kind: rng.choice(titles) for kind, titles in pool["headings"].items()},
    )


def _contact(rng: random.Random, language: Language, place: str) -> tuple[str, ...]:
    address = f"applicant{rng.randint(100, 999)}@example.com"
    digits = rng.randint(1000, 9999)
    phone = f"+44 20 7946 {digits}" if language == "en" else f"090-1234-{digits}"
    return (address, phone, place)


def _fill(rng: random.Random, text: str) -> str:
    return text.format(a=rng.randint(3, 19), b=rng.randint(21, 97))


def _number(year: int, month: int) -> int:
    return year * 12 + month - 1


def _date(number: int) -> tuple[int, int]:
    return number // 12, number % 12 + 1
