"""Sample resumes of fictional people as TXT, PDF and DOCX files.

The same call always returns the same bytes.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from xml.sax.saxutils import escape

import docx
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    FrameBreak,
    PageTemplate,
    Paragraph,
    SimpleDocTemplate,
)

from tests.support.documents.raw_files import save_docx

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TXT = "text/plain"


@dataclass(frozen=True, slots=True)
class Part:
    """A heading and its lines. A line that begins with "- " is a list item."""

    heading: str
    lines: tuple[str, ...]


NAME = "Mirela Okonjo"
CONTACT = (
    "Principal Software Engineer",
    "mirela.okonjo@example.com | +44 20 7946 0123 | Leeds, United Kingdom",
)
SUMMARY = Part(
    "Summary",
    (
        (
            "Principal engineer with eleven years of building payment and logistics platforms. Led teams of "
            "up to fourteen engineers, cut infrastructure cost by 38% and moved three products from "
            "prototype to 2.4 million monthly users."
        ),
    ),
)
EXPERIENCE = Part(
    "Work Experience",
    (
        "Principal Software Engineer, Harrowgate Logistics, Leeds, Mar 2021 - Present",
        "- Reduced order latency by 62% by replacing nightly batches with a Kafka pipeline in Python and Go.",
        "- Led fourteen engineers in three teams to migrate 210 services to Kubernetes in nine months.",
        "- Saved $1.8 million a year by moving analytics from a warehouse to PostgreSQL and Parquet.",
        "- Introduced contract tests that cut production incidents from 23 to 4 a quarter.",
        "Senior Software Engineer, Pellworth Payments, Manchester, Jun 2017 - Feb 2021",
        "- Built a fraud scoring service that stops 96% of stolen cards within 40 milliseconds.",
        "- Designed a ledger on PostgreSQL that settles 3.1 million transactions a day without manual work.",
        "- Mentored six engineers, four of whom were promoted within two years.",
        "Software Engineer, Quillfeather Software, York, Sep 2014 - May 2017",
        "- Shipped a booking API used by 85 hotels, raising direct bookings by 27%.",
        "- Automated releases with Jenkins and Docker, from one release a month to twelve a week.",
    ),
)
EDUCATION = Part(
    "Education",
    ("MSc Computer Science, University of Sheffield, 2014", "BSc Mathematics, University of York, 2012"),
)
SKILLS = Part(
    "Technical Skills",
    (
        "Languages: Python, Go, SQL, TypeScript",
        "Platforms: Kubernetes, Kafka, PostgreSQL, AWS, Terraform",
        "Practices: system design, incident response, mentoring, roadmap planning",
    ),
)
CERTIFICATIONS = Part(
    "Certifications",
    ("AWS Certified Solutions Architect Professional (2023)", "Certified Kubernetes Administrator (2022)"),
)
PARTS = (SUMMARY, EXPERIENCE, EDUCATION, SKILLS, CERTIFICATIONS)

JAPANESE_NAME = "架空 花子"
JAPANESE_CONTACT = ("hanako.kaku@example.com | 03-0000-1234 | 東京都",)
JAPANESE_PARTS = (
    Part(
        "職務要約",
        (
            (
                "システムインテグレーターで十年間、金融機関向けの基幹システムの設計と開発に従事しました。"
                "直近では二十名のチームを率い、運用費用を年間35%削減しました。"
            ),
        ),
    ),
    Part(
        "職務経歴",
        (
            "株式会社架空システムズ 2018年4月 - 現在",
            "- 決済基盤の刷新を主導し、処理時間を60%短縮しました。",
            "- 二十名の開発チームを率い、三つのシステムを予定どおりに公開しました。",
        ),
    ),
    Part("学歴", ("架空大学 工学部 情報工学科 卒業 2014年3月",)),
    Part("活かせる経験・知識・技術", ("Python、Java、PostgreSQL、AWS", "要件定義、プロジェクト管理")),
    Part("資格", ("応用情報技術者試験 合格 2016年",)),
)


def resume_text(name: str, contact: Iterable[str], parts: Iterable[Part]) -> str:
    """Return a resume as plain text."""
    blocks = ["\n".join((name, *contact)), *("\n".join((part.heading, *part.lines)) for part in parts)]
    return "\n\n".join(blocks) + "\n"


def strong_resume_txt() -> bytes:
    return resume_text(NAME, CONTACT, PARTS).encode()


def japanese_resume_txt(encoding: str = "utf-8") -> bytes:
    return resume_text(JAPANESE_NAME, JAPANESE_CONTACT, JAPANESE_PARTS).encode(encoding)


@cache
def strong_resume_pdf() -> bytes:
    """Return a resume of two pages with one column."""
    return one_column_pdf(NAME, CONTACT, PARTS)


@cache
def japanese_resume_pdf() -> bytes:
    font = "HeiseiKakuGo-W5"
    pdfmetrics.registerFont(UnicodeCIDFont(font))
    return one_column_pdf(JAPANESE_NAME, JAPANESE_CONTACT, JAPANESE_PARTS, font=font, bold=font)


def one_column_pdf(
    name: str,
    contact: Iterable[str],
    parts: Iterable[Part],
    *,
    font: str = "Helvetica",
    bold: str = "Helvetica-Bold",
) -> bytes:
    buffer = BytesIO()
    document = SimpleDocTemplate(buffer, pagesize=A4, title="Resume", invariant=1)
    flow: list[Flowable] = [Paragraph(name, ParagraphStyle("name", fontName=bold, fontSize=18, leading=24))]
    flow += [Paragraph(escape(line), _style(font)) for line in contact]
    for part in parts:
        flow += _flow(part, font=font, bold=bold, leading=19)
    document.build(flow)
    return buffer.getvalue()


@cache
def two_column_pdf() -> bytes:
    """Return the same resume with skills, education and certificates in a narrow column on the left."""
    buffer = BytesIO()
    document = BaseDocTemplate(buffer, pagesize=A4, title="Resume", invariant=1)
    width, height = A4
    frames = [
        Frame(48, height - 130, width - 96, 90, id="head"),
        Frame(48, 48, 150, height - 190, id="side"),
        Frame(216, 48, width - 264, height - 190, id="main"),
    ]
    document.addPageTemplates([PageTemplate(frames=frames)])
    flow: list[Flowable] = [
        Paragraph(NAME, ParagraphStyle("name", fontName="Helvetica-Bold", fontSize=18, leading=24))
    ]
    flow += [Paragraph(escape(line), _style("Helvetica")) for line in CONTACT]
    flow.append(FrameBreak())
    for part in (SKILLS, EDUCATION, CERTIFICATIONS):
        flow += _flow(part)
    flow.append(FrameBreak())
    for part in (SUMMARY, EXPERIENCE):
        flow += _flow(part)
    document.build(flow)
    return buffer.getvalue()


def _style(font: str, leading: float = 14) -> ParagraphStyle:
    return ParagraphStyle(
        "body", fontName=font, fontSize=10, leading=leading, spaceAfter=3, wordWrap=_wrap(font)
    )


def _wrap(font: str) -> str | None:
    return "CJK" if font.startswith("Heisei") else None


def _flow(
    part: Part, *, font: str = "Helvetica", bold: str = "Helvetica-Bold", leading: float = 14
) -> list[Flowable]:
    heading = ParagraphStyle("heading", fontName=bold, fontSize=13, leading=18, spaceBefore=14, spaceAfter=4)
    item = ParagraphStyle(
        "item",
        parent=_style(font, leading),
        leftIndent=14,
        bulletIndent=2,
        bulletFontName="Helvetica",
        wordWrap=_wrap(font),
    )
    flow: list[Flowable] = [Paragraph(escape(part.heading), heading)]
    for line in part.lines:
        if line.startswith("- "):
            flow.append(Paragraph(escape(line[2:]), item, bulletText="•"))
        else:
            flow.append(Paragraph(escape(line), _style(font, leading)))
    return flow


@cache
def strong_resume_docx() -> bytes:
    return resume_docx(NAME, CONTACT, PARTS)


@cache
def japanese_resume_docx() -> bytes:
    return resume_docx(JAPANESE_NAME, JAPANESE_CONTACT, JAPANESE_PARTS)


def resume_docx(name: str, contact: Iterable[str], parts: Iterable[Part]) -> bytes:
    document = docx.Document()
    document.add_paragraph(name, style="Title")
    for line in contact:
        document.add_paragraph(line)
    for part in parts:
        document.add_heading(part.heading, level=1)
        for line in part.lines:
            item = line.startswith("- ")
            document.add_paragraph(line.removeprefix("- "), style="List Bullet" if item else None)
    return save_docx(document)
