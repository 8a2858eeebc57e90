"""Measure properties of the scores over every generated resume in every template."""

import asyncio
import hashlib
import os
import re
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Final

from contracts.report import Report
from documents.errors import DocumentError

from tests.support.documents import rejected_files
from tests.support.documents.reading import read_bytes
from tools.evaluation.measurement import LIMITS, Property, ScoredDocument, score_file, score_text
from tools.evaluation.resumes import LEVELS, Resume, people, resumes
from tools.evaluation.templates import TEMPLATES

# In points: the least gap between two levels of writing, and the largest move between two templates.
_GAP: Final = 15
_SPREAD: Final = 2
_HOSTILE_SECONDS: Final = 15.0
_JAPANESE: Final = re.compile("[ぁ-ヿ一-鿿]")


Documents = dict[tuple[str, str], ScoredDocument]


def read_all() -> Documents:
    """Read and score every resume in every template. The keys are the resume's key and the template."""
    return {
        (resume.key, name): score_file(render(resume), resume)
        for resume in resumes()
        for name, render in TEMPLATES.items()
    }


def digest(documents: Documents) -> str:
    """Return one hash over all reports."""
    digest = hashlib.sha256()
    for scored in documents.values():
        digest.update(scored.report.model_dump_json().encode())
    return digest.hexdigest()


def test_retest(documents: Documents) -> Iterator[Property]:
    """Read and score the same files in another process with another hash seed."""
    again = subprocess.run(
        [sys.executable, "-m", "tools.evaluation", "--digest"],
        env={**os.environ, "PYTHONHASHSEED": "4711"},
        capture_output=True,
        text=True,
        check=True,
    ).stdout.strip()
    same = again == digest(documents)
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
    """Compare every quote of every report with the text at its place."""
    wrong, total, earned, backed = [], 0, 0, 0
    for key, scored in documents.items():
        for criterion in scored.report.detailed_scores.criteria:
            if criterion.area in ("content", "industry_fit") and criterion.points:
                earned += 1
                backed += bool(criterion.evidence)
            for each in criterion.evidence:
                total += 1
                if scored.text[each.start : each.end] != each.quote:
                    wrong.append(f"{key} {criterion.id}")
        for remark in _remarks(scored.report):
            total += 1
            if remark not in scored.text:
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
    """Compare the three levels of writing of each person."""
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
# The least fit of a resume's own field, and the largest fit and overall score in another one.
_OWN_FIT: Final = 80
_OTHER_FIT: Final = 75
_OTHER_OVERALL: Final = 89


def fields(documents: Documents) -> Iterator[Property]:
    """Score every strong resume, as plain text, for the fields of work beyond consulting."""
    own: dict[tuple[str, str], float] = {}
    others: dict[tuple[str, str], float] = {}
    too_high: list[str] = []
    for resume in resumes("strong"):
        read = documents[resume.key, "TXT"]
        for name in _FIELDS:
            scored = score_text(read.text, read.signals, replace(resume, industry=name))
            kind = own if name in (resume.industry, *resume.also) else others
            kind[resume.key, name] = scored.scores["industry fit"]
            if kind is others and scored.scores["overall"] > _OTHER_OVERALL:
                too_high.append(f"{resume.key} {name}: overall {scored.scores['overall']:.0f}")
    failures = [f"{key} {name}: {found:.0f}" for (key, name), found in own.items() if found < _OWN_FIT]
    failures += [f"{key} {name}: {found:.0f}" for (key, name), found in others.items() if found > _OTHER_FIT]
    yield Property(
        "discriminates",
        f"A strong resume fits its own field by {_OWN_FIT} at least, "
        f"and by at most {_OTHER_FIT} one it is not of, where overall is at most {_OTHER_OVERALL}",
        f"own: {min(own.values()):.0f} or more over {len(own)} pairs; others: {max(others.values()):.0f} or "
        f"less over {len(others)}, {sum(others.values()) / len(others):.0f} on average",
        failures + too_high,
    )


def same_content(documents: Documents) -> Iterator[Property]:
    """Compare the content scores of the same resume between templates."""
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


_SECTIONS: Final = frozenset({"summary", "experience", "education", "skills", "certifications"})


def extraction(documents: Documents) -> Iterator[Property]:
    """Look for each field of the strong resumes, which have every part, in each template."""
    for name in TEMPLATES:
        counts = dict.fromkeys(("name", "e-mail", "phone", "sections", "bullets in order"), 0)
        failures = []
        strong = list(resumes("strong"))
        for resume in strong:
            scored = documents[resume.key, name]
            found = _found(resume, scored)
            for what, is_found in found.items():
                counts[what] += is_found
            failures += [f"{resume.key}: {what}" for what, is_found in found.items() if not is_found]
        share = ", ".join(f"{what} {count}/{len(strong)}" for what, count in counts.items())
        yield Property("extraction", f"{name}: fields found, order right", share, failures)


def _found(resume: Resume, scored: ScoredDocument) -> dict[str, bool]:
    text = "".join(scored.text.split())
    places = [text.find("".join(bullet.text.split())) for bullet in resume.bullets]
    titled = {section.type.value for section in scored.signals.sections if section.title}
    return {
        "name": "".join(resume.name.split()) in text[:200],
        "e-mail": resume.email in scored.text,
        "phone": resume.phone in scored.text,
        "sections": titled >= _SECTIONS,
        "bullets in order": min(places) >= 0 and places == sorted(places),
    }


def language(documents: Documents) -> Iterator[Property]:
    """Check the language of the comments."""
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
    """Read hostile files in the sandboxed process. Each must end in a clear error, in time and memory."""
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
    # ru_maxrss is in kilobytes, for the largest child process.
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
