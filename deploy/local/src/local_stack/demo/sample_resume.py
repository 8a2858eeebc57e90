"""Write a two-page PDF resume of a fictional person, in the style of a word processor."""

import tomllib
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

from reportlab.lib.enums import TA_CENTER
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import KeepTogether, ListFlowable, ListItem, Paragraph, SimpleDocTemplate, Spacer
from reportlab.platypus.flowables import Flowable

_CONTENT: dict[str, Any] = tomllib.loads(files("local_stack.demo").joinpath("sample_resume.toml").read_text())
FIRST_NAME: str = _CONTENT["first_name"]
LAST_NAME: str = _CONTENT["last_name"]

_BASE = ParagraphStyle("base", fontName="Helvetica", fontSize=11, leading=16)
_NAME = ParagraphStyle(
    "name", parent=_BASE, fontName="Helvetica-Bold", fontSize=20, leading=25, alignment=TA_CENTER
)
_CONTACT = ParagraphStyle("contact", parent=_BASE, fontSize=9.5, alignment=TA_CENTER)
_HEADING = ParagraphStyle(
    "heading", parent=_BASE, fontName="Helvetica-Bold", fontSize=12, leading=16, spaceBefore=14, spaceAfter=5
)
_ROLE = ParagraphStyle("role", parent=_BASE, fontName="Helvetica-Bold", spaceBefore=6)


def write(path: Path) -> Path:
    """Write the PDF to `path` and return `path`."""
    path.parent.mkdir(parents=True, exist_ok=True)
    SimpleDocTemplate(
        str(path),
        pagesize=A4,
        leftMargin=20 * mm,
        rightMargin=20 * mm,
        topMargin=18 * mm,
        bottomMargin=18 * mm,
        title=f"Resume of {FIRST_NAME} {LAST_NAME}",
        author=f"{FIRST_NAME} {LAST_NAME}",
    ).build(_story())
    return path


def _story() -> list[Flowable]:
    story: list[Flowable] = [
        _text(f"{FIRST_NAME} {LAST_NAME}", _NAME),
        _text(_CONTENT["contact"], _CONTACT),
        _text("Summary", _HEADING),
        _text(_CONTENT["summary"]),
        _text("Work Experience", _HEADING),
    ]
    for job in _CONTENT["job"]:
        head = [
            _text(job["title"], _ROLE),
            _text(f"{job['employer']}, {job['place']} | {job['dates']}"),
            Spacer(1, 2 * mm),
        ]
        story += [KeepTogether(head), _bullets(job["bullets"]), Spacer(1, 2 * mm)]
    education: list[Flowable] = [_text("Education", _HEADING)]
    for degree in _CONTENT["education"]:
        education += [_text(degree["degree"], _ROLE), _text(f"{degree['school']} | {degree['dates']}")]
    story.append(KeepTogether(education))
    story.append(_text("Skills", _HEADING))
    for kind, names in _CONTENT["skills"].items():
        story.append(Paragraph(f"<b>{escape(kind)}:</b> {escape(names)}", _BASE))
    story += [_text("Certifications", _HEADING), _bullets(_CONTENT["certifications"])]
    story += [_text("Community", _HEADING), _bullets(_CONTENT["community"])]
    return story


def _text(text: str, style: ParagraphStyle = _BASE) -> Paragraph:
    return Paragraph(escape(text), style)


def _bullets(lines: Sequence[str]) -> ListFlowable:
    return ListFlowable(
        [ListItem(_text(line), leftIndent=5 * mm, spaceAfter=2) for line in lines],
        bulletType="bullet",
        start="•",
        leftIndent=5 * mm,
    )
