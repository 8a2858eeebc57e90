"""Write a blind CV as DOCX, with fixed metadata and the same bytes in each run."""

import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from io import BytesIO
from typing import Final

from contracts.direction import direction_of
from docx import Document
from docx.document import Document as DocxDocument
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt, RGBColor
from docx.styles.style import ParagraphStyle

from exports.blind.compose import BlindResume, Part
from exports.blind.titles import TITLES

_FIXED_TIME: Final = datetime(2000, 1, 1, tzinfo=UTC)
# The earliest time that a ZIP file can hold.
_ZIP_TIME: Final = (1980, 1, 1, 0, 0, 0)
_FONTS: Final = {"en": ("Calibri", "Yu Gothic"), "ja": ("Yu Gothic", "Yu Gothic")}
# Arabic, Hebrew and other complex scripts, whose letters Calibri lacks.
_COMPLEX_FONT: Final = "Arial"
_INK: Final = RGBColor(0x1F, 0x30, 0x44)
_UNUSED_PARTS: Final = frozenset({"thumbnail", "extended-properties", "stylesWithEffects", "customXml"})
_STYLES: Final = {"entry": "Entry", "bullet": "List Bullet", "text": "Normal"}
_USED_STYLES: Final = frozenset({"Normal", "Title", "Heading 1", "List Bullet", "Entry", "Reference"})
# XML has no place for these.
_NOT_XML = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def to_docx(resume: BlindResume) -> bytes:
    """Return a blind CV as the bytes of a DOCX file."""
    document = Document()
    _set_up(document, resume.language)
    _write(
        document,
        [
            (TITLES[resume.language], "Title"),
            (resume.reference, "Reference"),
            *(line for part in resume.parts for line in _lines(part)),
        ],
    )
    buffer = BytesIO()
    document.save(buffer)
    return _rewrite(buffer.getvalue())


def _lines(part: Part) -> Iterator[tuple[str, str]]:
    """Yield each paragraph of a section with the name of its style."""
    if part.title:
        yield part.title, "Heading 1"
    for paragraph in part.paragraphs:
        yield paragraph.text, _STYLES[paragraph.role]


def _write(document: DocxDocument, lines: Sequence[tuple[str, str]]) -> None:
    """Append paragraphs as XML. `add_paragraph` takes ten times as long, seconds for the longest resume."""
    ids = {name: document.styles[name].style_id for _, name in lines}
    end = document.element.body[-1]
    for text, name in lines:
        paragraph, properties, style = OxmlElement("w:p"), OxmlElement("w:pPr"), OxmlElement("w:pStyle")
        style.set(qn("w:val"), ids[name])
        properties.append(style)
        run, content = OxmlElement("w:r"), OxmlElement("w:t")
        if direction_of(text) == "rtl":
            properties.append(OxmlElement("w:bidi"))
            run_properties = OxmlElement("w:rPr")
            run_properties.append(OxmlElement("w:rtl"))
            run.append(run_properties)
        content.set(qn("xml:space"), "preserve")
        content.text = _NOT_XML.sub("", text)
        run.append(content)
        paragraph.extend([properties, run])
        end.addprevious(paragraph)


def _set_up(document: DocxDocument, language: str) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.left_margin = section.right_margin = Mm(22)
    section.top_margin = section.bottom_margin = Mm(20)
    latin, asian = _FONTS[language]
    for name, size, before, after, bold in (
        ("Normal", 10.5, 0, 3, False),
        ("Title", 20, 0, 0, True),
        ("Heading 1", 13, 12, 4, True),
        ("List Bullet", 10.5, 0, 2, False),
    ):
        _style(document.styles[name], latin, asian, size=size, before=before, after=after, bold=bold)
    for name, size, before, after, bold in (("Entry", 10.5, 8, 2, True), ("Reference", 9, 0, 8, False)):
        style = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
        style.base_style = document.styles["Normal"]
        _style(style, latin, asian, size=size, before=before, after=after, bold=bold)
    entry = document.styles["Entry"]
    entry.paragraph_format.keep_with_next = True
    # The lines of one position stand together.
    entry.element.get_or_add_pPr().append(OxmlElement("w:contextualSpacing"))
    core = document.core_properties
    core.author = core.last_modified_by = core.comments = core.keywords = core.subject = core.category = ""
    core.title = TITLES[language]
    core.language, core.revision = language, 1
    core.created = core.modified = core.last_printed = _FIXED_TIME
    _remove_unused(document)


def _remove_unused(document: DocxDocument) -> None:
    """Remove what python-docx's template brings: a thumbnail, the name of a program, and a hundred styles."""
    for part in (document.part.package, document.part):
        for relationship in list(part.rels.values()):
            if relationship.reltype.rpartition("/")[2] in _UNUSED_PARTS:
                del part.rels[relationship.rId]
    styles = document.styles.element
    for style in list(document.styles):
        if style.name not in _USED_STYLES and not style.element.default:
            styles.remove(style.element)


def _style(
    style: ParagraphStyle, latin: str, asian: str, *, size: float, before: int, after: int, bold: bool
) -> None:
    style.font.name, style.font.size, style.font.bold = latin, Pt(size), bold
    style.font.cs_bold = bold
    style.font.color.rgb = _INK if bold else None
    properties = style.element.get_or_add_rPr()
    # python-docx knows no size of complex scripts. Word counts in half points.
    for old in properties.findall(qn("w:szCs")):
        properties.remove(old)
    complex_size = OxmlElement("w:szCs")
    complex_size.set(qn("w:val"), str(round(2 * size)))
    properties.find(qn("w:sz")).addnext(complex_size)
    fonts = properties.get_or_add_rFonts()
    for attribute in list(fonts.attrib):
        if attribute.endswith("Theme"):
            del fonts.attrib[attribute]
    fonts.set(qn("w:eastAsia"), asian)
    fonts.set(qn("w:cs"), _COMPLEX_FONT)
    style.paragraph_format.space_before, style.paragraph_format.space_after = Pt(before), Pt(after)


def _rewrite(data: bytes) -> bytes:
    """Set the times of all parts, which python-docx takes from the clock."""
    buffer = BytesIO()
    with (
        zipfile.ZipFile(BytesIO(data)) as read,
        zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as written,
    ):
        for name in read.namelist():
            written.writestr(zipfile.ZipInfo(name, _ZIP_TIME), read.read(name), zipfile.ZIP_DEFLATED)
    return buffer.getvalue()
