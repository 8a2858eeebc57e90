"""Sample files, made on the spot: good resumes of one fictional person, and files that must be refused.

The same call always returns the same bytes.
"""

import zipfile
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from io import BytesIO
from xml.sax.saxutils import escape

import docx
from PIL import Image
from reportlab.lib.pagesizes import A4
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.utils import ImageReader
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.cidfonts import UnicodeCIDFont
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    FrameBreak,
    PageTemplate,
    Paragraph,
    SimpleDocTemplate,
)

PDF = "application/pdf"
DOCX = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
TXT = "text/plain"


@dataclass(frozen=True, slots=True)
class Part:
    """A heading with its lines; a line that begins with "- " is an item of a list."""

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


def text_of(name: str, contact: Iterable[str], parts: Iterable[Part]) -> str:
    """Return a resume as plain text."""
    blocks = ["\n".join((name, *contact)), *("\n".join((part.heading, *part.lines)) for part in parts)]
    return "\n\n".join(blocks) + "\n"


def strong_resume_txt() -> bytes:
    return text_of(NAME, CONTACT, PARTS).encode()


def japanese_resume_txt(encoding: str = "utf-8") -> bytes:
    return text_of(JAPANESE_NAME, JAPANESE_CONTACT, JAPANESE_PARTS).encode(encoding)


@cache
def strong_resume_pdf() -> bytes:
    """Two pages, one column."""
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
    """The same person; skills, education and certificates in a narrow column on the left."""
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
    return saved(document)


def saved(document: "docx.document.Document") -> bytes:
    """Return the bytes of a document made with python-docx, without the time of day in them."""
    buffer = BytesIO()
    document.save(buffer)
    with zipfile.ZipFile(buffer) as archive:
        return zipped({name: archive.read(name) for name in archive.namelist()})


def zipped(parts: dict[str, bytes]) -> bytes:
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(zipfile.ZipInfo(name), content, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_CONTENT_TYPES = (
    b'<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    b'<Default Extension="xml" ContentType="application/xml"/></Types>'
)


def raw_docx(body: str, *, prolog: str = "", root: str = "", **parts: bytes) -> bytes:
    """Return a DOCX with this XML in its body; `parts` are further parts of the folder "word"."""
    document = (
        f'<?xml version="1.0" encoding="UTF-8"?>{prolog}<w:document xmlns:w="{W}" '
        'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
        'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006" '
        'xmlns:v="urn:schemas-microsoft-com:vml" '
        'xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing" '
        'xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">'
        f"{root}<w:body>{body}</w:body></w:document>"
    )
    relations = "".join(
        f'<Relationship Id="{name}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/'
        f'{name.rstrip("0123456789")}" Target="{name}.xml"/>'
        for name in parts
    )
    return zipped(
        {
            "[Content_Types].xml": _CONTENT_TYPES,
            "word/document.xml": document.encode(),
            "word/_rels/document.xml.rels": (
                '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
                f"{relations}</Relationships>"
            ).encode(),
            **{f"word/{name}.xml": content for name, content in parts.items()},
        }
    )


def raw_pdf(
    *pages: str,
    media_box: str = "0 0 595 842",
    extra: Iterable[str] = (),
    resources: str = "",
    fonts: str = "",
    page: str = "",
) -> bytes:
    """Return a PDF whose pages have these content streams, with Helvetica as /F1, `fonts`, entries `page`.

    The first of `extra` is object 4, and so on.
    """
    extra = list(extra)
    first_page = 4 + len(extra)
    kids = " ".join(f"{first_page + 2 * at} 0 R" for at in range(len(pages)))
    bodies = [
        "<</Type/Catalog/Pages 2 0 R>>",
        (
            f"<</Type/Pages/Kids[{kids}]/Count {len(pages)}/MediaBox[{media_box}]"
            f"/Resources<</Font<</F1 3 0 R{fonts}>>{resources}>>>>"
        ),
        "<</Type/Font/Subtype/Type1/BaseFont/Helvetica/Encoding/WinAnsiEncoding>>",
        *extra,
    ]
    for at, content in enumerate(pages):
        bodies.append(f"<</Type/Page/Parent 2 0 R/Contents {first_page + 2 * at + 1} 0 R{page}>>")
        bodies.append(stream(content))
    return _pdf(bodies)


def stream(content: str, entries: str = "") -> str:
    return f"<<{entries}/Length {len(content)}>>stream\n{content}\nendstream"


def _pdf(bodies: Iterable[str]) -> bytes:
    parts = ["%PDF-1.7\n"]
    length, places = len(parts[0]), []
    for number, body in enumerate(bodies, 1):
        places.append(length)
        parts.append(f"{number} 0 obj{body}endobj\n")
        length += len(parts[-1])
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    parts.append(f"xref\n0 {len(places) + 1}\n0000000000 65535 f \n{table}")
    parts.append(f"trailer<</Size {len(places) + 1}/Root 1 0 R>>\nstartxref\n{length}\n%%EOF")
    return "".join(parts).encode("latin-1")


def empty() -> bytes:
    return b""


def encrypted_pdf() -> bytes:
    buffer = BytesIO()
    canvas = Canvas(buffer, invariant=1, encrypt=StandardEncryption("secret", "owner", strength=128))
    canvas.drawString(72, 720, NAME)
    canvas.save()
    return buffer.getvalue()


def image_only_pdf() -> bytes:
    """A picture of a page, as a scanner makes it."""
    buffer = BytesIO()
    canvas = Canvas(buffer, pagesize=A4, invariant=1)
    canvas.drawImage(ImageReader(Image.new("RGB", (60, 85), (240, 236, 220))), 0, 0, *A4)
    canvas.save()
    return buffer.getvalue()


def corrupt_pdf() -> bytes:
    """The first half of a good one."""
    whole = strong_resume_pdf()
    return whole[: len(whole) // 2]


def legacy_doc() -> bytes:
    """The outline of a Word 97 file."""
    return b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".ljust(512, b"\x00") + "WordDocument".encode("utf-16-le").ljust(
        512, b"\x00"
    )


def encrypted_docx() -> bytes:
    """The outline of a DOCX with a password, which Office wraps like a Word 97 file."""
    return legacy_doc()[:512] + "EncryptedPackage".encode("utf-16-le").ljust(512, b"\x00")


def rtf() -> bytes:
    return rb"{\rtf1\ansi Mirela Okonjo\par Principal Software Engineer}"


def png() -> bytes:
    buffer = BytesIO()
    Image.new("RGB", (8, 8), "white").save(buffer, "PNG")
    return buffer.getvalue()


def plain_zip() -> bytes:
    return zipped({"resume.txt": strong_resume_txt()})


def many_pages_pdf(pages: int = 20_000) -> bytes:
    kids = " ".join(f"{number} 0 R" for number in range(3, pages + 3))
    return _pdf(
        [
            "<</Type/Catalog/Pages 2 0 R>>",
            f"<</Type/Pages/Kids[{kids}]/Count {pages}/MediaBox[0 0 595 842]>>",
            *["<</Type/Page/Parent 2 0 R>>"] * pages,
        ]
    )


def huge_page_pdf() -> bytes:
    """Half a kilobyte with a page of 200,000 points (70 metres)."""
    return raw_pdf("BT/F1 12 Tf 72 720 Td(Mirela Okonjo)Tj ET", media_box="0 0 200000 200000")


def exploding_pdf() -> bytes:
    """Small, but each of its nine forms draws the next one ten times."""
    forms = [
        stream(
            f"/X{at + 1} Do " * 10,
            f"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</X{at + 1} {at + 5} 0 R>>>>",
        )
        for at in range(9)
    ]
    last = stream(
        "BT/F1 1 Tf(a)Tj ET", "/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</Font<</F1 3 0 R>>>>"
    )
    return raw_pdf("/X0 Do", extra=[*forms, last], resources="/XObject<</X0 4 0 R>>")


def endless_stripes_pdf() -> bytes:
    """Under a kilobyte, but it fills the page 400 times with a pattern of half a point."""
    stripes = stream(
        "1 0 0 rg 0 0 1 1 re f",
        "/PatternType 1/PaintType 1/TilingType 1/BBox[0 0 1 1]/XStep .5/YStep .5/Resources<<>>",
    )
    content = "BT/F1 12 Tf 72 720 Td(Mirela Okonjo)Tj ET /Pattern cs /P scn " + "0 0 595 842 re f " * 400
    return raw_pdf(content, extra=[stripes], resources="/Pattern<</P 4 0 R>>")


def nested_groups_pdf() -> bytes:
    """Twelve transparent groups, each of which holds the next one twice."""
    entries = "/Type/XObject/Subtype/Form/BBox[0 0 595 842]/Group<</S/Transparency/I true/K true>>"
    groups = [
        stream(
            f"/X{at + 1} Do /X{at + 1} Do 0 0 595 842 re f",
            f"{entries}/Resources<</XObject<</X{at + 1} {at + 5} 0 R>>>>",
        )
        for at in range(11)
    ]
    last = stream("0 0 595 842 re f", entries)
    content = "BT/F1 12 Tf 72 720 Td(Mirela Okonjo)Tj ET /X0 Do"
    return raw_pdf(content, extra=[*groups, last], resources="/XObject<</X0 4 0 R>>")


def huge_picture_pdf() -> bytes:
    """Text under a picture that is stated to be 900 million pixels."""
    picture = stream(
        "x", "/Type/XObject/Subtype/Image/Width 30000/Height 30000/BitsPerComponent 8/ColorSpace/DeviceGray"
    )
    content = "BT/F1 12 Tf 72 720 Td(Mirela Okonjo)Tj ET q 595 0 0 842 0 0 cm /I Do Q"
    return raw_pdf(content, extra=[picture], resources="/XObject<</I 4 0 R>>")


def overprinted_pdf() -> bytes:
    """Five thousand texts upon each other."""
    lines = (f"BT/F1 12 Tf {72 + at % 9} 600 Td(abcdefghij{at})Tj ET" for at in range(5_000))
    return raw_pdf(" ".join(lines))


def overlong_pdf() -> bytes:
    """Ten pages with 140,000 characters."""
    line = "T* (" + "resume " * 15 + ")Tj "
    return raw_pdf(*["BT/F1 4.5 Tf 5 TL 20 830 Td " + line * 160 + "ET"] * 10)


@cache
def zip_bomb_docx(megabytes: int = 420) -> bytes:
    """A DOCX of half a megabyte that unzips to hundreds."""
    paragraph = b"<w:p><w:r><w:t>a</w:t></w:r></w:p>"
    chunk = paragraph * (1024 * 1024 // len(paragraph))
    buffer = BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as archive:
        with archive.open("word/document.xml", "w") as part:
            part.write(f'<w:document xmlns:w="{W}"><w:body>'.encode())
            for _ in range(megabytes):
                part.write(chunk)
            part.write(b"</w:body></w:document>")
        archive.writestr("[Content_Types].xml", _CONTENT_TYPES)
    return buffer.getvalue()


def crowded_docx(entries: int = 5_000) -> bytes:
    """A DOCX of very many parts."""
    return zipped({"word/document.xml": b"<a/>", **{f"word/{number}.xml": b"" for number in range(entries)}})


def billion_laughs_docx() -> bytes:
    entities = '<!ENTITY a0 "ha">' + "".join(
        f'<!ENTITY a{at} "{f"&a{at - 1};" * 10}">' for at in range(1, 10)
    )
    return raw_docx("<w:p><w:r><w:t>&a9;</w:t></w:r></w:p>", prolog=f"<!DOCTYPE w [{entities}]>")


def external_entity_docx(path: str = "/etc/hostname") -> bytes:
    return raw_docx(
        "<w:p><w:r><w:t>Mirela Okonjo &stolen;</w:t></w:r></w:p>",
        prolog=f'<!DOCTYPE w [<!ENTITY stolen SYSTEM "file://{path}">]>',
    )


def utf16_doctype_docx() -> bytes:
    """The same trick in an encoding in which the bytes of DOCTYPE do not stand together."""
    document = (
        f'<?xml version="1.0" encoding="UTF-16"?><!DOCTYPE w [<!ENTITY e "x">]><w:document xmlns:w="{W}"/>'
    )
    return zipped({"[Content_Types].xml": _CONTENT_TYPES, "word/document.xml": document.encode("utf-16")})


def damaged_docx() -> bytes:
    """A good one with bytes in its middle overwritten."""
    whole = bytearray(strong_resume_docx())
    whole[len(whole) // 3 : len(whole) // 3 + 2_000] = zlib.compress(b"no")[:1] * 2_000
    return bytes(whole)
