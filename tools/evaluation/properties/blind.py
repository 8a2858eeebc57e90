"""Hide the identity of people in every place of their resumes, and look for it in their blind CVs."""

import asyncio
import io
import re
import unicodedata
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final

import docx
from documents.parser import parse_file
from docx.opc.constants import RELATIONSHIP_TYPE
from exports.blind.compose import compose
from exports.blind.docx_file import to_docx
from exports.blind.html_page import to_html
from exports.json_resume import to_json_resume
from exports.source import Source
from printing.fonts import FONT_FAMILIES
from printing.renderer import PdfRenderer

from tests.support.documents.raw_files import save_docx
from tools.evaluation.measurement import LIMITS, NOW, Property
from tools.evaluation.properties.json_resume import fold, read_export
from tools.evaluation.resumes import Resume, resumes
from tools.evaluation.templates import TEMPLATES

_RESUMES: Final = 200
# The two formats share everything but the file around the text, and a PDF takes half a second.
_PDF_EVERY: Final = 10
_KEPT: Final = 0.98


@dataclass(frozen=True, slots=True)
class Identity:
    """A person: the name in the resume, other spellings of it in the text, and its words for accounts.

    `stored` are the names in the table of candidates, which may be in another script, or not be the person's.
    """

    name: str
    reading: str
    latin: tuple[str, str]
    stored: tuple[str, str]
    # False for names that are ordinary words, which stay where they are words.
    is_unusual: bool = True


IDENTITIES: Final = (
    Identity("Zephyrine Quillfeather", "", ("Zephyrine", "Quillfeather"), ("Zephyrine", "Quillfeather")),
    Identity("Oluwaseun Adébáyọ̀-Thorne", "", ("Oluwaseun", "Adebayo"), ("Oluwaseun", "Adebayo")),
    Identity("José Ñandú Müllerström", "", ("Jose", "Muellerstroem"), ("José", "Müllerström")),
    Identity(
        "ANNELIESE VAN DER WESTHUIZEN", "", ("Anneliese", "Westhuizen"), ("Anneliese", "van der Westhuizen")
    ),
    Identity("Xiu Ng", "", ("Xiu", "Ng"), ("Xiu", "Ng")),
    Identity("Kwabena J. Osei-Tutu", "", ("Kwabena", "Osei"), ("Unknown", "Candidate")),
    Identity("Will Grant", "", ("Will", "Grant"), ("Will", "Grant"), is_unusual=False),
    Identity("May Lead", "", ("May", "Lead"), ("May", "Lead"), is_unusual=False),
    Identity("五十嵐 凛太郎", "いがらし りんたろう", ("Rintaro", "Igarashi"), ("凛太郎", "五十嵐")),
    Identity("長谷部 詩織", "ハセベ シオリ", ("Shiori", "Hasebe"), ("Shiori", "Hasebe")),
    Identity("鬼頭 颯", "きとう はやて", ("Hayate", "Kito"), ("Test", "User")),
    Identity("Ljudmila Šćepanović", "", ("Ljudmila", "Scepanovic"), ("Ljudmila", "Scepanovic")),
)


@dataclass(frozen=True, slots=True)
class Hidden:
    """A resume with an identity in every place, and the strings that must be in no output."""

    key: str
    source: Source
    resume: Resume
    canaries: tuple[str, ...]


def blind_resumes() -> Iterator[Property]:
    """Make the blind CV of each resume, look for its canaries in every byte, and read it again."""
    leaks: list[str] = []
    lost: list[str] = []
    kept = total = canaries = 0
    pages: list[tuple[Hidden, str]] = []
    for number, hidden in enumerate(hidden_resumes()):
        blind = compose(hidden.source)
        data = to_docx(blind)
        canaries += len(hidden.canaries)
        leaks += [f"{hidden.key} DOCX: {each}" for each in found_in(docx_strings(data), hidden.canaries)]
        content = parse_file(data, LIMITS)
        export = to_json_resume(
            Source(text=content["text"], signals=content["signals"], names=(), reference="", now=NOW)
        )
        again = read_export(export)
        truth = {(fold(each.title), fold(each.company)) for each in hidden.resume.positions}
        bullets = {(fold(each.text),) for each in hidden.resume.bullets}
        missing = (truth - again["positions"]) | (bullets - again["bullets"])
        total += len(truth) + len(bullets)
        kept += len(truth) + len(bullets) - len(missing)
        lost += [f"{hidden.key}: {each}" for each in sorted(missing)]
        if number % _PDF_EVERY == 0:
            pages.append((hidden, to_html(blind, font_families=FONT_FAMILIES)))
    yield Property(
        "blind CV",
        f"{_RESUMES} resumes with identity in every place: no part of the DOCX has what the stored text has",
        f"{canaries} canaries, {len(leaks)} found",
        leaks,
    )
    yield Property(
        "blind CV",
        f"Reading the DOCX again gives at least {100 * _KEPT:.0f} % of positions and bullets",
        f"{kept} of {total} ({100 * kept / total:.1f} %)",
        lost if kept < _KEPT * total else [],
    )
    yield asyncio.run(_pdfs(pages))


async def _pdfs(pages: list[tuple[Hidden, str]]) -> Property:
    renderer = PdfRenderer()
    leaks: list[str] = []
    for hidden, page in pages:
        data = await renderer.render(page)
        leaks += [f"{hidden.key} PDF: {each}" for each in found_in(pdf_strings(data), hidden.canaries)]
    return Property(
        "blind CV",
        f"Every {_PDF_EVERY}th of them as PDF: nothing in its text, objects, streams and metadata",
        f"{len(pages)} PDFs, {len(leaks)} canaries found",
        leaks,
    )


def hidden_resumes() -> Iterator[Hidden]:
    """Yield generated resumes, each with an identity in every place that a resume has."""
    base = {
        language: [each for each in resumes("strong", "medium") if each.language == language]
        for language in ("en", "ja")
    }
    names = list(TEMPLATES)
    for number in range(_RESUMES):
        identity = IDENTITIES[number % len(IDENTITIES)]
        language = "ja" if re.search("[一-鿿]", identity.name) else "en"
        resume = base[language][number // len(IDENTITIES) % len(base[language])]
        template = names[number % len(names)]
        hidden, canaries = _hide(resume, identity, number)
        data = (
            _with_link(TEMPLATES[template](hidden), identity)
            if template.startswith("DOCX")
            else TEMPLATES[template](hidden)
        )
        content = parse_file(data, LIMITS)
        # Those that the file or its language has no place for prove nothing.
        stored = f"{content['text']}\n{content['signals']}"
        canaries = tuple(found_in(stored, canaries))
        first, last = identity.stored
        yield Hidden(
            f"{number} {identity.name} {template}",
            Source(
                text=content["text"],
                signals=content["signals"],
                names=(f"{first} {last}",),
                reference=f"{number:08x}",
                now=NOW,
            ),
            resume,
            canaries,
        )


def _hide(resume: Resume, identity: Identity, number: int) -> tuple[Resume, tuple[str, ...]]:
    """Write an identity into the header, the contact line, prose, links, files and references of a resume."""
    first, last = identity.latin
    account = f"{first}.{last}{number}".lower()
    email = f"{account}@mail.example.org"
    work_email = f"{first[0]}{last}@employer-{number}.example.com".lower()
    phone = f"+44 20 7946 {1000 + number}" if resume.language == "en" else f"090-1234-{1000 + number}"
    street = (
        f"{number + 1} Quarrymead Lane, Leeds LS1 4AP"
        if resume.language == "en"
        else f"〒150-0002 東京都渋谷区渋谷9-9-{number + 1}"
    )
    linkedin = f"linkedin.com/in/{first}-{last}-{number}".lower()
    file_name = f"{last}_{first}_Portfolio_{number}.pdf"
    shown = identity.name.split()[0] if resume.language == "ja" else f"{first} {last}"
    english = (
        (
            "summary",
            f"{first} {last} was named colleague of the year; {first[0]}. {last} speaks at conferences.",
        ),
        ("summary", f"See https://{account}.example.dev/about and github.com/{first}{last}{number}."),
        (
            "experience",
            f"- Wrote {file_name} and the tool {last}-{number}-pricing.xlsx, contact {work_email}",
        ),
        ("experience", "- Mr. " + f"{last} promoted {first} after her first year; he reported to her"),
        ("certifications", f"Date of birth: {number % 28 + 1} May 1987"),
        ("certifications", "Nationality: Freedonian | Gender: female | Marital status: married"),
        ("certifications", f"References: available from {first} {last}, {phone}"),
        ("certifications", f"{identity.name} - {email}"),
    )
    japanese = (
        ("summary", f"{shown}は社内表彰を受けた。{first} {last} ({last.upper()} {first})として登壇。"),
        ("summary", f"詳細は https://{account}.example.dev/about を参照。"),
        ("experience", f"- {file_name} を作成し、{work_email} で公開した"),
        ("certifications", f"生年月日：1987年5月{number % 28 + 1}日生"),
        ("certifications", "性別：女性"),
        ("certifications", f"氏名：{identity.name}（{identity.reading}）"),
        ("certifications", f"{identity.name} - {email}"),
    )
    changed = replace(
        resume,
        name=identity.name,
        email=email,
        phone=phone,
        address=f"{street} | {linkedin}",
        pronouns="she/her" if resume.language == "en" else "",
        extra=english if resume.language == "en" else japanese,
    )
    canaries = [
        email,
        account,
        work_email,
        phone,
        linkedin,
        f"{first}{last}{number}",
        file_name,
        f"{last}-{number}-pricing",
    ]
    canaries += [street.split(",", maxsplit=1)[0], "1987", "Freedonian", "example.dev", "she/her", "女性"]
    canaries += [identity.name, f"{first} {last}", f"{first[0]}. {last}", f"{last} {first}"]
    if identity.is_unusual:
        canaries += [
            each
            for each in (*identity.name.split(), *identity.latin, *identity.reading.split())
            if len(each) > 2
        ]
    return changed, tuple(dict.fromkeys(canaries))


def _with_link(data: bytes, identity: Identity) -> bytes:
    """Add what a DOCX file holds beside its text: link targets, metadata, a header and a footer."""
    document = docx.Document(io.BytesIO(data))
    first, last = identity.latin
    for target in (f"mailto:{first}.{last}@links.example.org", f"https://www.linkedin.com/in/{first}{last}"):
        document.part.relate_to(target, RELATIONSHIP_TYPE.HYPERLINK, is_external=True)
    core = document.core_properties
    core.author = core.last_modified_by = core.title = identity.name
    section = document.sections[0]
    section.header.paragraphs[0].text = section.footer.paragraphs[0].text = identity.name
    return save_docx(document)


def found_in(strings: str, canaries: tuple[str, ...]) -> list[str]:
    """Return the canaries in a text. Case, accents and white space do not hide one."""
    plain = _plain(strings)
    return [each for each in canaries if re.search(rf"(?<![a-z]){re.escape(_plain(each))}(?![a-z])", plain)]


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return re.sub(r"\s+", " ", "".join(char for char in decomposed if not unicodedata.combining(char)))


def docx_strings(data: bytes) -> str:
    """Return everything readable in a DOCX file: names of parts, and their content with and without tags."""
    with zipfile.ZipFile(io.BytesIO(data)) as package:
        texts = [package.read(name).decode(errors="replace") for name in package.namelist()]
        names = package.namelist()
    return "\n".join(
        [*names, *texts, *(re.sub("<[^>]+>", "", text) for text in texts if text.startswith("<"))]
    )


def pdf_strings(data: bytes) -> str:
    """Return everything readable in a PDF: the words, and its objects with their streams decompressed."""
    parts = [data.decode("latin-1"), parse_file(data, LIMITS)["text"]]
    for match in re.finditer(rb"stream\r?\n(.*?)endstream", data, re.DOTALL):
        try:
            stream = zlib.decompress(match[1])
        except zlib.error:
            continue
        parts += [
            stream.decode("latin-1"),
            stream.decode("utf-16-be", errors="ignore"),
            stream.decode(errors="ignore"),
        ]
    return "\n".join(parts)
