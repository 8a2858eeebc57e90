"""Compare what the reader and the rules make of a file with the persona's truth."""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Final
from uuid import UUID

from contracts.document import DocumentSignals
from contracts.events import AnalysisContext, AnalysisRequested
from contracts.vocabulary import Depth, ReviewType
from documents.errors import DocumentError
from documents.limits import Limits
from documents.parser import parse_file
from scoring.report.builder import score
from scoring.resume.resume import Resume
from scoring.rubric import Rubric, load_rubric

from tools.corpus.blocks import Blocks, Bullets, Heading, Page, Rows, Text
from tools.corpus.personas import TODAY, DateStyle, Persona

KINDS: Final = ("text", "order", "sections", "years", "bullets", "contacts", "hidden")
NOW: Final = datetime(*TODAY, 22, 9, 30, tzinfo=UTC)
_ID: Final = UUID("11111111-2222-4333-8444-555555555555")
_SECTIONS: Final = ("summary", "experience", "education", "skills", "certifications", "other")
# What may differ between a source and its print: quotes, the two wave dashes, white space in Japanese.
_SAME: Final = str.maketrans({"’": "'", "〜": "～"})
_JAPANESE: Final = re.compile(r"(?<=[\u3000-\u9fff\uff00-\uffef])\s+|\s+(?=[\u3000-\u9fff\uff00-\uffef])")


@dataclass(slots=True)
class Outcome:
    """The share of right answers for each kind, the faults, and the scores of a file."""

    shares: dict[str, float] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    scores: dict[str, float] = field(default_factory=dict)

    def record(self, kind: str, right: int, total: int, faults: list[str]) -> None:
        self.shares[kind] = right / total if total else 1.0
        self.faults += [f"{kind}: {fault}" for fault in faults]


@cache
def rubric() -> Rubric:
    """Return the rubric, loaded once."""
    return load_rubric()


def check(path: Path, page: Page, style: DateStyle, *, is_form: bool) -> Outcome:
    """Read and score a file."""
    persona, outcome = page.persona, Outcome()
    try:
        content = parse_file(path.read_bytes(), Limits())
    except DocumentError as error:
        for kind in KINDS:
            outcome.record(kind, 0, 1, [str(error)])
        return outcome
    request = _request(content["text"], DocumentSignals.model_validate(content["signals"]), persona)
    report, resume = score(request, rubric=rubric(), now=NOW), Resume.of(request, rubric=rubric())
    _check_text(outcome, page, _fold(resume.text))
    _check_years(outcome, persona, resume, style)
    if not is_form:
        _check_sections(outcome, persona, resume)
        _check_bullets(outcome, persona, resume)
    wanted = persona.contact[:2]
    lost = [part for part in wanted if part not in resume.text]
    outcome.record("contacts", len(wanted) - len(lost), len(wanted), lost)
    findings = report.detailed_scores.findings
    hidden = [str(found.excerpt) for found in findings if found.code == "hidden_text"]
    outcome.record("hidden", not hidden, 1, hidden)
    outcome.scores = {
        "overall": report.overall_score, "content": report.content_score, "ats": report.ats_score,
        "formatting": report.formatting_score,
        **{each.id: each.points or 0 for each in report.detailed_scores.criteria},
    }  # fmt: skip
    return outcome


def _request(text: str, signals: DocumentSignals, persona: Persona) -> AnalysisRequested:
    return AnalysisRequested(
        version=1,
        analysis=AnalysisContext(
            analysis_id=_ID, resume_id=_ID, candidate_id=_ID, requested_by=_ID,
            candidate_name=persona.name, file_name="resume", industry=persona.industry,
            depth=Depth.QUICK, review_type=ReviewType.COMPREHENSIVE, requested_at=NOW,
        ),
        text=text,
        signals=signals,
    )  # fmt: skip


def _fold(text: str) -> str:
    """Return a text in which line ends and the width of spaces do not count."""
    return " ".join(_JAPANESE.sub("", " ".join(text.translate(_SAME).split())).split()).casefold()


def _strings(blocks: Blocks) -> list[str]:
    """Return every string of the page, in order."""
    found: list[str] = []
    for block in blocks:
        match block:
            case Text(_, text, right):
                found += [text, right] if right else [text]
            case Heading(text):
                found.append(text)
            case Bullets(items):
                found += items
            case Rows(_, rows):
                found += [text for row in rows for cell in row for text in _strings(cell)]
    return found


def _check_text(outcome: Outcome, page: Page, text: str) -> None:
    """Look for every string whole, and for the strings in the order in which they are drawn."""
    wanted = [_fold(string) for string in _strings(page.band + page.blocks) if string]
    # Letters may be spaced in a heading, but in nothing else.
    bare = "".join(text.split())
    headings = {_fold(title) for title in page.persona.headings.values()}
    lost = [
        string
        for string in wanted
        if string not in text and not (string in headings and "".join(string.split()) in bare)
    ]
    outcome.record("text", len(wanted) - len(lost), len(wanted), lost)
    long = [string for string in map(_fold, (page.persona.summary, *page.persona.bullets)) if string in text]
    places = [text.index(string) for string in long if string in wanted]
    wrong = sum(second < first for first, second in pairwise(places))
    outcome.record("order", len(places) - wrong, len(places), [f"{wrong} jumps back"] if wrong else [])


def _check_sections(outcome: Outcome, persona: Persona, resume: Resume) -> None:
    """Compare the section of each part of the persona with the one that the rules read it in."""
    parts = {
        "summary": (persona.summary,), "experience": persona.bullets, "skills": persona.skills,
        "education": [school.company for school in persona.education],
        "certifications": persona.certifications, "other": persona.other,
    }  # fmt: skip
    faults = []
    right = 0
    for kind in _SECTIONS:
        inside = " ".join(
            resume.text[section.start : section.end]
            for section in resume.sections
            if section.kind == kind or (kind == "other" and section.kind == "activities")
        )
        lost = [part for part in parts[kind] if _fold(part)[:12] not in _fold(inside)]
        right += not lost
        faults += [f"{kind} lacks {part[:40]}" for part in lost[:1]]
    outcome.record("sections", right, len(_SECTIONS), faults)


def _check_years(outcome: Outcome, persona: Persona, resume: Resume, style: DateStyle) -> None:
    def months(date: tuple[int, int]) -> int:
        return date[0] * 12 + date[1] - 1

    truth = [(months(job.first), months(job.last or TODAY)) for job in persona.jobs]
    near = style.tolerance
    right = [
        any(abs(each.first - first) <= near and abs(each.last - last) <= near for each in resume.ranges)
        for first, last in truth
    ]
    faults = [persona.jobs[number].company for number, is_right in enumerate(right) if not is_right]
    off = resume.experience_years - persona.months / 12
    if abs(off) > 0.05 + near * len(truth) / 12:
        faults.append(f"{off:+.1f} years")
    outcome.record("years", len(truth) + 1 - len(faults), len(truth) + 1, faults)


def _check_bullets(outcome: Outcome, persona: Persona, resume: Resume) -> None:
    truth = {_fold(bullet) for bullet in persona.bullets}
    found = {_fold(bullet.text) for bullet in resume.bullets}
    faults = [f"not found: {each}" for each in truth - found] + [f"is none: {each}" for each in found - truth]
    outcome.record("bullets", len(truth & found), max(len(truth), len(found)), faults)
