"""Compare JSON Resume exports with what is known about the people of the generated resumes."""

import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from documents.parser import parse_file
from exports.json_resume import to_json_resume
from exports.source import Source
from jsonschema import Draft7Validator

from tools.corpus.blocks import compose
from tools.corpus.personas import DateStyle, Job, Persona, bullet_signs, date_styles, layouts, personas
from tools.corpus.renderers.plain import to_text
from tools.corpus.renderers.word import to_docx
from tools.evaluation.measurement import LIMITS, NOW, Property
from tools.evaluation.properties.documents import Documents
from tools.evaluation.resumes import Resume, resumes

SCHEMA: Final = Path(__file__).parents[3] / "tests" / "support" / "schemas" / "json_resume.json"
KINDS: Final = ("names", "contacts", "positions", "dates", "bullets")
_PRECISION: Final = 0.98
_RECALL: Final = 0.95
_MONTHS: Final = {"Jan": "01", "Mar": "03", "Apr": "04"}
_Found = dict[str, set[tuple[str, ...]]]


@dataclass(slots=True)
class Agreement:
    """Counts of what was found, what is true, and what is both, for each kind of field."""

    found: Counter[str] = field(default_factory=Counter)
    true: Counter[str] = field(default_factory=Counter)
    both: Counter[str] = field(default_factory=Counter)
    faults: list[str] = field(default_factory=list)

    def add(self, label: str, found: _Found, truth: _Found) -> None:
        for kind in truth:
            self.found[kind] += len(found[kind])
            self.true[kind] += len(truth[kind])
            self.both[kind] += len(found[kind] & truth[kind])
            self.faults += [f"{label}: no {kind} {each}" for each in sorted(truth[kind] - found[kind])]
            self.faults += [f"{label}: wrong {kind} {each}" for each in sorted(found[kind] - truth[kind])]

    def precision(self, kind: str) -> float:
        return self.both[kind] / self.found[kind] if self.found[kind] else 1.0

    def recall(self, kind: str) -> float:
        return self.both[kind] / self.true[kind] if self.true[kind] else 1.0


def json_resume(documents: Documents) -> Iterator[Property]:
    """Export every generated resume in every template, and every person of the corpus in every layout."""
    yield from _compare("resumes in templates", _templates(documents))
    yield from _compare("people of the corpus in layouts, as TXT and DOCX", _corpus())


def _compare(what: str, exports: Iterable[tuple[str, dict[str, Any], _Found]]) -> Iterator[Property]:
    validator = Draft7Validator(
        json.loads(SCHEMA.read_text(encoding="utf-8")), format_checker=Draft7Validator.FORMAT_CHECKER
    )
    agreement, total, invalid = Agreement(), 0, []
    for label, export, truth in exports:
        total += 1
        invalid += [f"{label}: {error.message}" for error in validator.iter_errors(export)]
        agreement.add(label, read_export(export), truth)
    failures = list(invalid)
    for kind in KINDS:
        if agreement.precision(kind) < _PRECISION or agreement.recall(kind) < _RECALL:
            failures += [each for each in agreement.faults if f" {kind} " in each][:3]
    figures = "; ".join(
        f"{kind} {agreement.precision(kind):.3f}/{agreement.recall(kind):.3f}" for kind in KINDS
    )
    yield Property(
        "JSON Resume",
        f"{what}: valid against the published schema; precision at least {_PRECISION}, recall {_RECALL}",
        f"{total - len(invalid)} of {total} valid; precision/recall: {figures}",
        failures,
    )


def read_export(export: dict[str, Any]) -> _Found:
    """Return the compared fields of an export."""
    basics, work = export.get("basics", {}), export.get("work", [])
    contacts = [basics.get(name) for name in ("email", "phone")]
    contacts += [each["url"] for each in basics.get("profiles", [])]
    return {
        "names": {(fold(basics["name"]),)} if "name" in basics else set(),
        "contacts": {(fold(each),) for each in contacts if each},
        "positions": {
            (fold(each.get("position", "")), fold(each.get("name", "")))
            for each in work
            if "position" in each or "name" in each
        },
        "dates": {
            (each.get("startDate", ""), each.get("endDate", "")) for each in work if "startDate" in each
        },
        "bullets": {(fold(line),) for each in work for line in each.get("highlights", [])},
    }


def fold(text: str) -> str:
    """Return a text in which white space and the styles of quotes do not count."""
    return re.sub(r"\s+", "", text.replace("’", "'").replace("〜", "～"))


def _export(text: str, signals: dict[str, Any]) -> dict[str, Any]:
    # No names are known beside the text, so that the measure covers finding them.
    return to_json_resume(Source(text=text, signals=signals, names=(), reference="", now=NOW))


def _templates(documents: Documents) -> Iterator[tuple[str, dict[str, Any], _Found]]:
    by_key = {resume.key: resume for resume in resumes()}
    for (key, template), scored in documents.items():
        yield (
            f"{key} {template}",
            _export(scored.text, scored.signals.model_dump(mode="json")),
            _truth_of_resume(by_key[key]),
        )


def _truth_of_resume(resume: Resume) -> _Found:
    return {
        "names": {(fold(resume.name),)},
        "contacts": {(fold(each),) for each in (resume.email, resume.phone) if each},
        "positions": {(fold(each.title), fold(each.company)) for each in resume.positions},
        "dates": {_period(each.dates) for each in resume.positions},
        "bullets": {(fold(each.text),) for each in resume.bullets},
    }


def _period(dates: str) -> tuple[str, str]:
    """Return the dates of a generated position ("Apr 2020 - Present") as ISO 8601."""
    first, _, last = dates.partition(" - ")
    return _iso(first), "" if last in ("Present", "現在") else _iso(last)


def _iso(date: str) -> str:
    year, *month = re.findall(r"\d+", date)
    if month:
        return f"{year}-{int(month[0]):02}"
    name = date[:3]
    return f"{year}-{_MONTHS[name]}" if name in _MONTHS else year


def _corpus() -> Iterator[tuple[str, dict[str, Any], _Found]]:
    """Render each person in each layout, and the plain layout with each style of dates."""
    for person in personas():
        styles = date_styles(person.language)
        exact = [style for style in styles if not style.tolerance]
        rows = [
            (name, exact[number % len(exact)], sign)
            for number, name in enumerate(layouts())
            for sign in bullet_signs().values()
        ]
        rows += [
            (name, style, "•") for style in styles for name in ("one-column", "dates-right", "dates-left")
        ]
        for name, style, sign in rows:
            layout = layouts()[name]
            # The form 履歴書 has no titles and no bullets.
            if person.language not in layout.get("languages", ("en", "ja")) or layout["dates"] == "form":
                continue
            page = compose(person, layout, sign, style)
            for kind, data in (("TXT", to_text(page).encode()), ("DOCX", to_docx(page))):
                content = parse_file(data, LIMITS)
                yield (
                    f"{person.name} {name} {style.closed} {kind}",
                    _export(content["text"], content["signals"]),
                    _truth_of_person(person, style),
                )


def _truth_of_person(person: Persona, style: DateStyle) -> _Found:
    profile = {f"https://www.{each}" for each in person.contact if each.startswith("linkedin.com")}
    return {
        "names": {(fold(person.name),)},
        "contacts": {(fold(each),) for each in (*person.contact[:2], *profile)},
        "positions": {(fold(job.title), fold(job.company)) for job in person.jobs},
        "dates": {_written(job, style) for job in person.jobs},
        "bullets": {(fold(each),) for each in person.bullets},
    }


def _written(job: Job, style: DateStyle) -> tuple[str, str]:
    """Return the dates of a position as precise as the style writes them."""

    def iso(date: tuple[int, int]) -> str:
        return f"{date[0]}" if style.tolerance else f"{date[0]}-{date[1]:02}"

    return iso(job.first), iso(job.last) if job.last else ""
