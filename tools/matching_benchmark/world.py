"""Generate jobs and personas from the fields, with the truth of each requirement."""

from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from random import Random
from typing import Any, Final, Literal

import yaml

Truth = Literal["met", "partly", "not_shown"]
Language = Literal["en", "ja"]
_FIELDS: Final = Path(__file__).with_name("fields.yaml")
CREDIT: Final[dict[Truth, float]] = {"met": 1.0, "partly": 0.5, "not_shown": 0.0}
PERSONAS_PER_FIELD: Final = 30
_WANTED_YEARS: Final = 5
_THIS_YEAR: Final = 2026
_NOISE: Final = {
    "en": [
        "Took part in the yearly fire drill",
        "Wrote the minutes of weekly meetings",
        "Kept the shared calendar up to date",
    ],
    "ja": ["年次の防災訓練に参加", "週次会議の議事録を作成", "共有カレンダーを更新"],
}  # fmt: skip
_OPENINGS: Final = {
    ("en", False): "{}", ("en", True): "During my time there: {}",
    ("ja", False): "{}", ("ja", True): "在籍中、{}",
}  # fmt: skip


@dataclass(frozen=True)
class Want:
    """A requirement of a job as the generator knows it. `key` names what a persona may have."""

    key: str
    kind: str
    words: str
    is_must: bool


@dataclass(frozen=True)
class Job:
    """A generated job with its requirements."""

    field: str
    language: Language
    title: str
    text: str
    wants: tuple[Want, ...]
    is_held_back: bool
    is_unknown: bool


@dataclass
class Persona:
    """A generated resume with what its person has. `truth` is by field and key."""

    text: str = ""
    truth: dict[str, Truth] = field(default_factory=dict)

    def relevance(self, job: Job) -> float:
        """Return the share of the job's weight that the person has, from 0 to 1."""
        weights = [3 if want.is_must else 1 for want in job.wants]
        earned = sum(
            weight * CREDIT[self.truth.get(f"{job.field}.{want.key}", "not_shown")]
            for weight, want in zip(weights, job.wants, strict=True)
        )
        return earned / sum(weights)


@cache
def load_fields() -> list[dict[str, Any]]:
    """Return the fields of the data file."""
    data: list[dict[str, Any]] = yaml.safe_load(_FIELDS.read_text(encoding="utf-8"))
    return data


def _split(line: str) -> tuple[str, str, str]:
    job, first, second = (part.strip() for part in line.split("|"))
    return job, first, second


def create_job(data: dict[str, Any], language: Language) -> Job:
    """Return the job of a field. Held-back jobs are written in another style."""
    about = data[language]
    skills = [_split(line)[0] for line in data[f"skills_{language}"]]
    duties = [_split(line)[0] for line in data[f"duties_{language}"]]
    wants = [Want(f"skill{i}", "skill", words, i < 4) for i, words in enumerate(skills)]
    wants += [Want(f"duty{i}", "responsibility", words, False) for i, words in enumerate(duties)]
    held_back = bool(data.get("held_back"))
    years = str(_WANTED_YEARS)
    wants += [
        Want("years", "experience_years", years, True),
        Want("degree", "education", about["degree"], True),
        Want("certificate", "certificate", about["certificate"], False),
    ]
    text = _TEMPLATES[language, held_back].format(
        years=years,
        duties="\n".join(f"- {each}" for each in duties),
        musts="\n".join(f"- {_ASKS[language, held_back].format(each)}" for each in skills[:4]),
        wishes="\n".join(f"- {each}" for each in skills[4:]),
        **about,
    )
    return Job(
        data["name"], language, about["title"], text, tuple(wants), held_back, bool(data.get("unknown"))
    )


_ASKS: Final = {
    ("en", False): "Experience with {}",
    ("en", True): "Sound knowledge of {}",
    ("ja", False): "{}の経験",
    ("ja", True): "{}の知識をお持ちの方",
}
_TEMPLATES: Final = {
    ("en", False): """The role
{duties}

Requirements
- At least {years} years of experience as a {title}
{musts}
- Bachelor's degree in {degree}

Nice to have
{wishes}
- {certificate}
""",
    ("en", True): """What you will do
{duties}

What we are looking for
{musts}
- {years}+ years in a role as {title}
- A degree in {degree}

Bonus points
{wishes}
- {certificate}

We offer 30 days of holiday and free coffee.
""",
    ("ja", False): """【仕事内容】
{duties}

【必須条件】
- {title}の経験{years}年以上
{musts}
- 大卒以上（{degree}専攻）

【歓迎条件】
{wishes}
- {certificate}
""",
    ("ja", True): """■業務内容
{duties}

■応募資格
{musts}
- {title}としての実務経験{years}年以上
- {degree}専攻の学士

■あれば尚可
{wishes}
- {certificate}

■待遇
年間休日120日
""",
}


def create_personas(language: Language, seed: int) -> list[Persona]:
    """Return the personas of a language, thirty for each field."""
    random = Random(seed)  # noqa: S311 - reproducible data
    fields = load_fields()
    return [_persona(random, fields, data, language) for data in fields for _ in range(PERSONAS_PER_FIELD)]


def _persona(
    random: Random, fields: list[dict[str, Any]], data: dict[str, Any], language: Language
) -> Persona:
    other = random.choice([each for each in fields if each is not data])
    persona, quality = Persona(), random.random()
    held_back = bool(data.get("held_back"))
    work: list[str] = []
    listed: list[str] = []
    for i, line in enumerate(data[f"skills_{language}"]):
        name, first, second = _split(line)
        drawn = random.random()
        if drawn < 0.15 + 0.6 * quality:
            work.append(random.choice((first, second)))
            persona.truth[f"{data['name']}.skill{i}"] = "met"
        elif drawn < 0.4 + 0.5 * quality:
            listed.append(name)
            persona.truth[f"{data['name']}.skill{i}"] = "partly"
    for i, line in enumerate(data[f"duties_{language}"]):
        if random.random() < 0.2 + 0.6 * quality:
            work.append(random.choice(_split(line)[1:]))
            persona.truth[f"{data['name']}.duty{i}"] = "met"
    # Two skills of another field, from an earlier position.
    foreign = []
    for i in sorted(random.sample(range(len(other[f"skills_{language}"])), 2)):
        foreign.append(_split(other[f"skills_{language}"][i])[1])
        persona.truth[f"{other['name']}.skill{i}"] = "met"
    years, earlier = random.randint(1, 9), random.randint(1, 5)
    persona.truth[f"{data['name']}.years"] = "met" if years >= _WANTED_YEARS else "partly"
    persona.truth[f"{other['name']}.years"] = "met" if earlier >= _WANTED_YEARS else "partly"
    random.shuffle(work)
    work = [_OPENINGS[language, held_back].format(each) for each in work] + random.sample(_NOISE[language], 1)
    education = _education(random, persona, data, other, language)
    persona.text = _resume(data, other, language, work, foreign, listed, years, earlier, education)
    return persona


def _education(
    random: Random, persona: Persona, data: dict[str, Any], other: dict[str, Any], language: Language
) -> str:
    about = data[language]
    lines: list[str] = []
    drawn = random.random()
    if drawn < 0.75:
        name = about["degree"] if drawn < 0.5 else other[language]["degree"]
        persona.truth[f"{data['name']}.degree"] = "met" if drawn < 0.5 else "partly"
        persona.truth[f"{other['name']}.degree"] = "partly" if drawn < 0.5 else "met"
        for each in load_fields():
            persona.truth.setdefault(f"{each['name']}.degree", "partly")
        english, japanese = (
            f"BSc in {name}, Northfield University, 2014",
            f"2014年3月 北野大学 {name}専攻 卒業",
        )
        lines.append(english if language == "en" else japanese)
    if random.random() < 0.4:
        persona.truth[f"{data['name']}.certificate"] = "met"
        lines.append(("\nCERTIFICATIONS\n" if language == "en" else "\n■資格\n") + about["held"])
    return "\n".join(lines)


def _resume(
    data: dict[str, Any],
    other: dict[str, Any],
    language: Language,
    work: list[str],
    foreign: list[str],
    listed: list[str],
    years: int,
    earlier: int,
    education: str,
) -> str:
    start = _THIS_YEAR - years
    if language == "en":
        skills = "\nSKILLS\n" + ", ".join(listed) + "\n" if listed else ""
        return (
            "Alex Morgan\nalex@example.com\n\nEXPERIENCE\n"
            f"{data['en']['title']} | Beta Group | Dec {start} - Present\n"
            + "".join(f"- {each}\n" for each in work)
            + f"\n{other['en']['title']} | Gamma Ltd | Dec {start - earlier} - Nov {start}\n"
            + "".join(f"- {each}\n" for each in foreign)
            + f"\nEDUCATION\n{education}\n{skills}"
        )
    skills = "\n■スキル\n" + "、".join(listed) + "\n" if listed else ""
    return (
        f"職務経歴書\n森 明\n\n■職務経歴\n株式会社ベータ　{start}年12月～現在\n{data['ja']['title']}\n"
        + "".join(f"・{each}\n" for each in work)
        + f"\n株式会社ガンマ　{start - earlier}年12月～{start}年11月\n{other['ja']['title']}\n"
        + "".join(f"・{each}\n" for each in foreign)
        + f"\n■学歴\n{education}\n{skills}"
    )
