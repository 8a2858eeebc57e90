"""Measure how the scores move when one thing in a resume changes, or when a trick is added."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, Final

from documents.errors import NoText

from tests.support.documents.scans import scan_pdf
from tools.evaluation import templates
from tools.evaluation.attacks import ATTACKS, Attack
from tools.evaluation.measurement import AREAS, Property, ScoredDocument, rubric, score_file
from tools.evaluation.resumes import Resume, resumes
from tools.evaluation.templates import TEMPLATES

# Every third person covers each profession and both languages.
_ATTACKED: Final = 3
_NAMES: Final = ("Jan Li", "Aaliyah Washington", "Maximilian von Hohenberg", "Ruby Lead", "山田 太郎")
_PRONOUNS: Final = ("she/her", "he/him", "they/them")
_ADDRESSES: Final = ("Nairobi", "12 Some Street, 1234 Zurich", "東京都千代田区1-2-3")
_SHAPES: Final = ("PDF, one column", "DOCX, plain", "TXT")


def invariant() -> Iterator[Property]:
    """Change the identity of the person. The points of every criterion must stay the same."""
    changes: tuple[tuple[str, list[dict[str, Any]]], ...] = (
        ("name (and the gender it suggests)", [{"name": name} for name in _NAMES]),
        ("pronoun", [{"pronouns": pronouns} for pronouns in _PRONOUNS]),
        ("address", [{"address": address} for address in _ADDRESSES]),
    )
    for what, variants in changes:
        moved, compared, most = [], 0, 0.0
        for resume in resumes("medium", "strong"):
            for shape in _SHAPES:
                before = score_file(TEMPLATES[shape](resume), resume)
                for change in variants:
                    after = score_file(TEMPLATES[shape](replace(resume, **change)), resume)
                    compared += 1
                    if after.points != before.points or after.scores != before.scores:
                        difference = _moved(before, after)
                        most = max(most, max(difference.values(), default=0))
                        moved.append(f"{resume.key} {shape} {change}: {difference}")
        yield Property(
            "invariant",
            f"Another {what}: no criterion moves",
            f"{compared} pairs, {len(moved)} moved, by at most {most:g} points of a criterion",
            moved,
        )


def _moved(before: ScoredDocument, after: ScoredDocument) -> dict[str, float]:
    return {
        name: round(abs((points or 0) - (before.points[name] or 0)), 2)
        for name, points in after.points.items()
        if points != before.points[name]
    }


Step = tuple[str, Resume, Resume]


def _quantified() -> Iterator[Step]:
    for resume in resumes():
        for number, bullet in enumerate(resume.bullets):
            if bullet.vague:
                continue
            yield (
                f"{resume.key} bullet {number}",
                resume.with_bullet(number, quantified=False),
                resume.with_bullet(number, quantified=True),
            )
        yield (
            f"{resume.key} all",
            resume.with_bullets(quantified=False),
            resume.with_bullets(quantified=True),
        )


def _weakened() -> Iterator[Step]:
    for resume in resumes("medium", "strong"):
        for number in range(len(resume.bullets)):
            yield (
                f"{resume.key} bullet {number}",
                resume.with_bullet(number, weak=False),
                resume.with_bullet(number, weak=True),
            )
        yield f"{resume.key} all", resume.with_bullets(weak=False), resume.with_bullets(weak=True)


def _undated() -> Iterator[Step]:
    for resume in resumes():
        for gone in ((0,), (1,), (0, 1)):
            yield f"{resume.key} positions {gone}", resume, resume.without_dates(*gone)


def monotonic() -> Iterator[Property]:
    """Make one change at a time, in plain text. `before` and `after` differ in nothing else."""
    yield _steps("Quantifying a bullet never lowers content", _quantified(), ("content",), rises=True)
    yield _steps("Weakening a verb never raises content", _weakened(), ("content",), rises=False)
    yield _steps("Deleting dates never raises content, nor any other score", _undated(), AREAS, rises=False)


def _steps(claim: str, steps: Iterable[Step], areas: tuple[str, ...], *, rises: bool) -> Property:
    count, moved, wrong = 0, 0, []
    for name, before, after in steps:
        count += 1
        first, second = (score_file(TEMPLATES["TXT"](resume), resume).scores for resume in (before, after))
        for area in areas:
            change = second[area] - first[area]
            if change < 0 if rises else change > 0:
                wrong.append(f"{name}: {area} {first[area]:g} to {second[area]:g}")
        moved += second["content" if rises else areas[0]] != first["content" if rises else areas[0]]
    figure = f"{count} variants, {len(wrong)} in the wrong direction, {moved} move the score as they should"
    return Property("monotonic", claim, figure, wrong)


def injection() -> Iterator[Property]:
    """Try each trick on weak and medium resumes, which could gain most."""
    attacked = [each for each in resumes("weak", "medium") if int(each.key[:2]) % _ATTACKED == 1]
    cleaned: dict[tuple[str, Callable[[Resume], bytes]], ScoredDocument] = {}
    for attack in ATTACKS:
        worst, failures = dict.fromkeys(AREAS, 0.0), []
        for resume in attacked:
            key = resume.key, attack.render_clean
            if key not in cleaned:
                cleaned[key] = score_file(attack.render_clean(resume), resume)
            before, after = cleaned[key].scores, score_file(attack.render(resume), resume).scores
            for area in AREAS:
                raised = round(after[area] - before[area], 2)
                worst[area] = max(worst[area], raised)
                if raised > _allowed(attack, area):
                    failures.append(f"{resume.key}: {area} +{raised:g}")
        figure = ", ".join(f"{area} +{value:g}" for area, value in worst.items() if value > 0)
        against = f" (against {attack.against})" if attack.name.startswith("visible") else ""
        yield Property("injection", f"{attack.name}{against}", figure or "raises nothing", failures)


def _allowed(attack: Attack, area: str) -> float:
    """Return the points that a trick may gain: the rubric's credit for skills that are listed only."""
    if not attack.listed or area not in ("industry fit", "overall"):
        return 0
    data = rubric()
    most = next(each.max for each in data.criteria["industry_fit"] if each.id == "industry.skills")
    fit = most * data.thresholds.listed_credit / data.thresholds.skills_full_at
    # Reported scores are rounded, so allow half a point in the area and in the overall score.
    return fit + 0.5 if area == "industry fit" else fit * data.overall["industry_fit"] + 1


def scans() -> Iterator[Property]:
    """Read scans of English resumes. There is no Japanese font to print with."""
    strong = [each for each in resumes("strong") if each.language == "en"][::_ATTACKED]
    prints = [templates.pdf_one_column(each) for each in strong]
    for what, under in (("over", False), ("under", True)):
        failures = []
        for resume, print_out in zip(strong, prints, strict=True):
            found, expected = (
                score_file(scan_pdf(print_out, under=under), resume),
                score_file(print_out, resume),
            )
            if found.text.split() != expected.text.split() or found.signals.hidden_characters:
                failures.append(resume.key)
        yield Property(
            "extraction",
            f"A scan with recognised words {what} its pictures: all words, in order, none hidden",
            f"{len(strong) - len(failures)} of {len(strong)}",
            failures,
        )
    failures = []
    for resume, print_out, words in zip(strong, prints, [*prints[1:], prints[0]], strict=True):
        try:
            failures.append(
                f"{resume.key}: {len(score_file(scan_pdf(print_out, words_of=words), resume).text)} read"
            )
        except NoText:
            continue
    yield Property(
        "injection",
        "PDF: a scan with the words of another resume is read as one without words",
        f"{len(strong) - len(failures)} of {len(strong)}",
        failures,
    )


_GROUPS: Final[dict[str, Callable[[], Iterator[Property]]]] = {
    "invariant": invariant,
    "monotonic": monotonic,
    "injection": injection,
}


def measure_variants(group: str) -> list[Property]:
    """Measure one group of properties: "invariant", "monotonic" or "injection". Runs in a worker process."""
    return list(_GROUPS[group]())
