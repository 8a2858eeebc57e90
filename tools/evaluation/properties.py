"""What a score has to show to be trusted, each computed over the generated resumes, with its figure."""

import asyncio
import hashlib
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from typing import Any, Final

from contracts.report import Report
from documents.errors import DocumentError, NoText

from tests.support.documents import rejected_files
from tests.support.documents.reading import read_bytes
from tests.support.documents.scans import scan_pdf
from tools.evaluation import templates
from tools.evaluation.attacks import ATTACKS, Attack
from tools.evaluation.judged import AREAS, LIMITS, Judged, judge, judge_text, rubric
from tools.evaluation.resumes import LEVELS, Resume, people, resumes
from tools.evaluation.templates import TEMPLATES

_GAP: Final = 15
_SPREAD: Final = 2
_HOSTILE_SECONDS: Final = 15.0
# Every third person: each profession and both languages are among them.
_ATTACKED: Final = 3
_KEPT: Final = 3
_JAPANESE: Final = re.compile("[ぁ-ヿ一-鿿]")


@dataclass(slots=True)
class Property:
    """`figure` is what was measured, in words; it holds where nothing stands in `failures`."""

    group: str
    claim: str
    figure: str
    failures: list[str] = field(default_factory=list)

    @property
    def holds(self) -> bool:
        return not self.failures


Documents = dict[tuple[str, str], Judged]


def read_all() -> Documents:
    """Every resume in every template, read and scored, by the key of the resume and the template."""
    return {
        (resume.key, name): judge(render(resume), resume)
        for resume in resumes()
        for name, render in TEMPLATES.items()
    }


def measure() -> Iterator[Property]:
    """Every property, in the order of the table; on two processors where there are two."""
    with ProcessPoolExecutor(max_workers=2) as pool:
        alone = [pool.submit(_measure_alone, name) for name in ("injection", "monotonic", "invariant")]
        documents = read_all()
        for part in (test_retest, quotes, discriminates, fields, same_content, extraction, language):
            yield from part(documents)
        yield from scans()
        for future in reversed(alone):
            yield from future.result()
    # By itself, since it measures time.
    yield from hostile()


def _measure_alone(name: str) -> list[Property]:
    parts = {"injection": injection, "monotonic": monotonic, "invariant": invariant}
    return list(parts[name]())


def digest() -> str:
    """One hash of the reports of every resume in every template."""
    found = hashlib.sha256()
    for judged in read_all().values():
        found.update(judged.report.model_dump_json().encode())
    return found.hexdigest()


def _digest_of(documents: Documents) -> str:
    found = hashlib.sha256()
    for judged in documents.values():
        found.update(judged.report.model_dump_json().encode())
    return found.hexdigest()


def test_retest(documents: Documents) -> Iterator[Property]:
    """The same files read and scored anew, in another process with another order of hashes."""
    again = subprocess.run(
        [sys.executable, "-m", "tools.evaluation", "--digest"],
        env={**os.environ, "PYTHONHASHSEED": "4711"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    same = again == _digest_of(documents)
    yield Property(
        "test-retest",
        "The same file gives the same report, byte for byte, in another process",
        f"{len(documents)} reports, {'all identical' if same else 'not all identical'}",
        [] if same else ["digests differ"],
    )
    sample = [key for key in documents if int(key[0][:2]) % 8 == 1 and key[0].endswith("strong")]
    by_key = {resume.key: resume for resume in resumes()}
    other = []
    for key, name in sample:
        document = asyncio.run(read_bytes(TEMPLATES[name](by_key[key]), limits=LIMITS))
        if (document.text, document.signals) != (documents[key, name].text, documents[key, name].signals):
            other.append(f"{key} {name}")
    yield Property(
        "test-retest",
        "The reader's own process, with its limits, reads what was measured here",
        f"{len(sample) - len(other)} of {len(sample)} files alike",
        other,
    )


def quotes(documents: Documents) -> Iterator[Property]:
    """Every quote of every report, against the text at its place."""
    wrong, total, earned, backed = [], 0, 0, 0
    for key, judged in documents.items():
        for criterion in judged.report.detailed_scores.criteria:
            if criterion.area in ("content", "industry_fit") and criterion.points:
                earned += 1
                backed += bool(criterion.evidence)
            for each in criterion.evidence:
                total += 1
                if judged.text[each.start : each.end] != each.quote:
                    wrong.append(f"{key} {criterion.id}")
        for remark in _remarks(judged.report):
            total += 1
            if remark not in judged.text:
                wrong.append(f"{key} remark")
    yield Property(
        "quotes",
        "Every quote stands in the visible text at its place",
        f"{100 * (total - len(wrong)) / total:.1f} % of {total:,} quotes; "
        f"{100 * backed / earned:.0f} % of the criteria of content and fit that earned points carry one",
        wrong,
    )


def _remarks(report: Report) -> Iterator[str]:
    for view in (report.detailed_scores.structure_analysis, report.detailed_scores.appeal_analysis):
        for remark in view.feedback.specific_feedback:
            if remark.target_text is not None:
                yield remark.target_text


def discriminates(documents: Documents) -> Iterator[Property]:
    gaps: dict[tuple[str, str], float] = {}
    totals: dict[str, list[float]] = {level: [] for level in LEVELS}
    for person in people():
        for name in TEMPLATES:
            overall = [documents[person.levels[level].key, name].scores["overall"] for level in LEVELS]
            for level, value in zip(LEVELS, overall, strict=True):
                totals[level].append(value)
            gaps[person.key, name] = min(overall[1] - overall[0], overall[2] - overall[1])
    means = ", ".join(f"{level} {sum(values) / len(values):.0f}" for level, values in totals.items())
    yield Property(
        "discriminates",
        f"weak < medium < strong, each at least {_GAP} points of overall apart",
        f"smallest gap {min(gaps.values()):.0f} over {len(gaps)} triples; means: {means}",
        [f"{key} {name}: {gap:.0f}" for (key, name), gap in gaps.items() if gap < _GAP],
    )


_FIELDS: Final = ("software_engineering", "data_ai", "finance")
_FITS: Final = 80
_STRANGE: Final = 75


def fields(documents: Documents) -> Iterator[Property]:
    """The fields of work beyond consulting: who is of one, and who is not, in plain text."""
    own: dict[tuple[str, str], float] = {}
    others: dict[tuple[str, str], float] = {}
    for resume in resumes("strong"):
        read = documents[resume.key, "TXT"]
        for name in _FIELDS:
            judged = judge_text(read.text, read.signals, replace(resume, industry=name))
            kind = own if name in (resume.industry, *resume.also) else others
            kind[resume.key, name] = judged.scores["industry fit"]
    failures = [f"{key} {name}: {found:.0f}" for (key, name), found in own.items() if found < _FITS]
    failures += [f"{key} {name}: {found:.0f}" for (key, name), found in others.items() if found > _STRANGE]
    yield Property(
        "discriminates",
        f"A strong resume fits its own field by {_FITS} at least, and by at most {_STRANGE} one it is not of",
        f"own: {min(own.values()):.0f} or more over {len(own)} pairs; others: {max(others.values()):.0f} or "
        f"less over {len(others)}, {sum(others.values()) / len(others):.0f} on average",
        failures,
    )


def same_content(documents: Documents) -> Iterator[Property]:
    spreads = {}
    for resume in resumes():
        content = [documents[resume.key, name].scores["content"] for name in TEMPLATES]
        spreads[resume.key] = max(content) - min(content)
    yield Property(
        "invariant",
        f"The same content in {len(TEMPLATES)} templates and file types: content moves at most {_SPREAD}",
        f"largest move {max(spreads.values()):.0f} over {len(spreads)} resumes; "
        f"{sum(not spread for spread in spreads.values())} do not move",
        [f"{key}: {spread:.0f}" for key, spread in spreads.items() if spread > _SPREAD],
    )


def scans() -> Iterator[Property]:
    """On the English ones, for want of a Japanese font to print with."""
    strong = [each for each in resumes("strong") if each.language == "en"][::_ATTACKED]
    prints = [templates.pdf_one_column(each) for each in strong]
    for what, under in (("over", False), ("under", True)):
        failures = []
        for resume, print_out in zip(strong, prints, strict=True):
            found, expected = judge(scan_pdf(print_out, under=under), resume), judge(print_out, resume)
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
                f"{resume.key}: {len(judge(scan_pdf(print_out, words_of=words), resume).text)} read"
            )
        except NoText:
            continue
    yield Property(
        "injection",
        "PDF: a scan with the words of another resume is read as one without words",
        f"{len(strong) - len(failures)} of {len(strong)}",
        failures,
    )


_SECTIONS: Final = frozenset({"summary", "experience", "education", "skills", "certifications"})


def extraction(documents: Documents) -> Iterator[Property]:
    """Per template, on the strong resumes, which have every part."""
    for name in TEMPLATES:
        counts = dict.fromkeys(("name", "e-mail", "phone", "sections", "bullets in order"), 0)
        failures = []
        strong = list(resumes("strong"))
        for resume in strong:
            judged = documents[resume.key, name]
            found = _found(resume, judged)
            for what, is_found in found.items():
                counts[what] += is_found
            failures += [f"{resume.key}: {what}" for what, is_found in found.items() if not is_found]
        share = ", ".join(f"{what} {count}/{len(strong)}" for what, count in counts.items())
        yield Property("extraction", f"{name}: fields found, order right", share, failures)


def _found(resume: Resume, judged: Judged) -> dict[str, bool]:
    text = "".join(judged.text.split())
    places = [text.find("".join(bullet.text.split())) for bullet in resume.bullets]
    titled = {section.type.value for section in judged.signals.sections if section.title}
    return {
        "name": "".join(resume.name.split()) in text[:200],
        "e-mail": resume.email in judged.text,
        "phone": resume.phone in judged.text,
        "sections": titled >= _SECTIONS,
        "bullets in order": min(places) >= 0 and places == sorted(places),
    }


def language(documents: Documents) -> Iterator[Property]:
    wrong, counts = [], {"ja": 0, "en": 0}
    for resume in resumes():
        for name in TEMPLATES:
            report = documents[resume.key, name].report
            counts[resume.language] += 1
            comments = [each.reason for each in report.detailed_scores.criteria]
            comments += [each.fix for each in report.detailed_scores.criteria if each.fix]
            comments += [report.executive_summary, *report.detailed_scores.next_steps]
            if any(bool(_JAPANESE.search(each)) != (resume.language == "ja") for each in comments):
                wrong.append(f"{resume.key} {name}")
    yield Property(
        "language",
        "A Japanese resume gets Japanese comments, an English one English",
        f"{counts['ja']} Japanese and {counts['en']} English reports, {len(wrong)} mixed",
        wrong,
    )


# -- the same resume with one thing changed -----------------------------------------------------------

_NAMES: Final = ("Jan Li", "Aaliyah Washington", "Maximilian von Hohenberg", "Ruby Lead", "山田 太郎")
_PRONOUNS: Final = ("she/her", "he/him", "they/them")
_ADDRESSES: Final = ("Nairobi", "12 Some Street, 1234 Zurich", "東京都千代田区1-2-3")
_SHAPES: Final = ("PDF, one column", "DOCX, plain", "TXT")


def invariant() -> Iterator[Property]:
    """Who the person is may not weigh: points of every criterion, not only the scores, are compared."""
    changes: tuple[tuple[str, list[dict[str, Any]]], ...] = (
        ("name (and the gender it suggests)", [{"name": name} for name in _NAMES]),
        ("pronoun", [{"pronouns": pronouns} for pronouns in _PRONOUNS]),
        ("address", [{"address": address} for address in _ADDRESSES]),
    )
    for what, variants in changes:
        moved, compared, most = [], 0, 0.0
        for resume in resumes("medium", "strong"):
            for shape in _SHAPES:
                before = judge(TEMPLATES[shape](resume), resume)
                for change in variants:
                    after = judge(TEMPLATES[shape](replace(resume, **change)), resume)
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


def _moved(before: Judged, after: Judged) -> dict[str, float]:
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
    """One change at a time, in plain text; `before` and `after` differ in nothing else."""
    yield _steps("Quantifying a bullet never lowers content", _quantified(), ("content",), rises=True)
    yield _steps("Weakening a verb never raises content", _weakened(), ("content",), rises=False)
    yield _steps("Deleting dates never raises content, nor any other score", _undated(), AREAS, rises=False)


def _steps(claim: str, steps: Iterable[Step], areas: tuple[str, ...], *, rises: bool) -> Property:
    count, moved, wrong = 0, 0, []
    for name, before, after in steps:
        count += 1
        first, second = (judge(TEMPLATES["TXT"](resume), resume).scores for resume in (before, after))
        for area in areas:
            change = second[area] - first[area]
            if change < 0 if rises else change > 0:
                wrong.append(f"{name}: {area} {first[area]:g} to {second[area]:g}")
        moved += second["content" if rises else areas[0]] != first["content" if rises else areas[0]]
    figure = f"{count} variants, {len(wrong)} in the wrong direction, {moved} move the score as they should"
    return Property("monotonic", claim, figure, wrong)


# -- attacks and hostile files -------------------------------------------------------------------------


def injection() -> Iterator[Property]:
    """Each trick on weak and medium resumes, where it has most to win."""
    attacked = [each for each in resumes("weak", "medium") if int(each.key[:2]) % _ATTACKED == 1]
    cleaned: dict[tuple[str, Callable[[Resume], bytes]], Judged] = {}
    for attack in ATTACKS:
        worst, failures = dict.fromkeys(AREAS, 0.0), []
        for resume in attacked:
            key = resume.key, attack.clean
            if key not in cleaned:
                cleaned[key] = judge(attack.clean(resume), resume)
            before, after = cleaned[key].scores, judge(attack.set(resume), resume).scores
            for area in AREAS:
                raised = round(after[area] - before[area], 2)
                worst[area] = max(worst[area], raised)
                if raised > _allowed(attack, area):
                    failures.append(f"{resume.key}: {area} +{raised:g}")
        told = ", ".join(f"{area} +{value:g}" for area, value in worst.items() if value > 0)
        against = f" (against {attack.against})" if attack.name.startswith("seen") else ""
        yield Property("injection", f"{attack.name}{against}", told or "raises nothing", failures)


def _allowed(attack: Attack, area: str) -> float:
    """Points that may be gained: those that the rubric gives to a skill that is listed and never shown."""
    if not attack.listed or area not in ("industry fit", "overall"):
        return 0
    data = rubric()
    most = next(each.max for each in data.criteria["industry_fit"] if each.id == "industry.skills")
    fit = most * data.thresholds.listed_credit / data.thresholds.skills_full_at
    # Shown scores are rounded: half a point of the area, and of the whole.
    return fit + 0.5 if area == "industry fit" else fit * data.overall["industry_fit"] + 1


_HOSTILE: Final[dict[str, Callable[[], bytes]]] = {
    maker.__name__: maker
    for maker in (
        rejected_files.empty,
        rejected_files.encrypted_pdf,
        rejected_files.image_only_pdf,
        rejected_files.corrupt_pdf,
        rejected_files.legacy_doc,
        rejected_files.encrypted_docx,
        rejected_files.rtf,
        rejected_files.png,
        rejected_files.plain_zip,
        rejected_files.many_pages_pdf,
        rejected_files.huge_page_pdf,
        rejected_files.exploding_pdf,
        rejected_files.endless_stripes_pdf,
        rejected_files.nested_groups_pdf,
        rejected_files.huge_picture_pdf,
        rejected_files.overprinted_pdf,
        rejected_files.overlong_pdf,
        rejected_files.zip_bomb_docx,
        rejected_files.crowded_docx,
        rejected_files.billion_laughs_docx,
        rejected_files.external_entity_docx,
        rejected_files.utf16_doctype_docx,
        rejected_files.damaged_docx,
    )
}


def hostile() -> Iterator[Property]:
    """Each through the reader's own process: a clear error, in time, within its memory."""
    failures, slowest = [], 0.0
    for name, maker in _HOSTILE.items():
        data, began = maker(), time.monotonic()
        try:
            asyncio.run(read_bytes(data, limits=LIMITS))
            failures.append(f"{name}: read")
        except DocumentError as error:
            if not error.detail.endswith("."):
                failures.append(f"{name}: no sentence")
        slowest = max(slowest, time.monotonic() - began)
    if slowest > _HOSTILE_SECONDS:
        failures.append("too slow")
    # Kilobytes, of the largest process that was waited for.
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    if memory > LIMITS.memory_bytes / 1024 / 1024:
        failures.append(f"{memory:.0f} MB")
    within = f"{LIMITS.total_seconds:.0f} s and {LIMITS.memory_bytes // 1024**2} MB"
    slow = "" if slowest <= LIMITS.total_seconds + 1 else f", slowest {slowest:.0f} s"
    yield Property(
        "hostile files",
        f"{len(_HOSTILE)} hostile or broken files: a clear error in under {_HOSTILE_SECONDS:.0f} s",
        f"{len(_HOSTILE) - len(failures)} end so, each within {within}{slow}",
        failures,
    )


def first_failures(found: Property) -> str:
    """A few of the failures, for the table."""
    more = len(found.failures) - _KEPT
    return "; ".join(found.failures[:_KEPT]) + (f"; and {more} more" if more > 0 else "")
