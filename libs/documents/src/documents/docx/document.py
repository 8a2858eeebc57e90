"""Read the visible text and the layout of a DOCX file.

This module reads the XML directly. Libraries that build a document model drop text boxes, content controls
and tracked insertions, and open parts without checks.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from lxml import etree

from documents.docx.body import BodyReader
from documents.docx.colours import WHITE, Colour, Palette
from documents.docx.numbering import Numbering
from documents.docx.package import Package, attribute, child, child_value, local
from documents.docx.shapes import EMU_PER_POINT, may_be_background
from documents.docx.styles import Styles
from documents.docx.tables import BodyText
from documents.errors import CorruptFile, TooManyPages
from documents.layout.lines import Line
from documents.layout.naive_reading.order_agreement import compare_orders
from documents.limits import Limits
from documents.parsed_file import ParsedFile

# "Page 2 of 3", "- 2 -", "2 / 3", "3ページ"
_PAGE_NUMBER = re.compile(
    r"\W{0,3}(?:page|pg?\.?|seite|ページ|頁)?\s?\d{1,3}(?:\s?(?:of|von|/|／)\s?\d{1,3})?\s?(?:ページ|頁)?\W{0,3}",
    re.IGNORECASE,
)
_LINK_FIELD = re.compile(r'\s*HYPERLINK\s+"([^"]{1,300})"')
_TWIPS_PER_POINT = 20
_A4 = (595 * EMU_PER_POINT, 842 * EMU_PER_POINT)
# If Word's count of characters differs by no more than this share, its count of pages is up to date.
_MAX_COUNT_DIFFERENCE = 0.05


def read_docx(data: bytes, *, limits: Limits) -> ParsedFile:
    """Return the visible lines and the layout of a DOCX file.

    Raises:
        CorruptFile, EncryptedFile, UnsupportedFileType, TooManyPages, TooMuchText, TooComplex
    """
    package = Package(data, limits=limits)
    root = package.part(package.main)
    body = child(root, "body")
    if root is None or body is None:
        raise CorruptFile
    styles, page = Styles(package), _page_size(body)
    reader = BodyReader(
        package=package,
        styles=styles,
        numbering=Numbering(package),
        background=_page_colour(package, root, styles.palette, page),
        page_size=page,
        max_characters=2 * limits.text_characters,
    )
    body_text = reader.read(body)
    notes = _read_notes(package, reader)
    headers, footers = (_read_margin(package, body, reader, kind) for kind in ("header", "footer"))
    pages = _page_count(package, body, body_text)
    if pages and pages > limits.pages:
        raise TooManyPages
    marginal = [*(line.text for line in (*headers, *footers)), *reader.box_lines]
    in_body = {line.text.strip() for line in body_text.lines} - {text.strip() for text in reader.box_lines}
    # Word repeats headers and footers on each page. They are read once, above and below the text.
    blocks = (_once(headers, in_body), body_text.lines, notes.lines, _once(footers, in_body))
    lines: list[Line] = []
    for block in blocks:
        lines += [Line(text=""), *block] if lines and block else block
    return ParsedFile(
        file_type="docx",
        lines=lines,
        page_count=pages,
        fonts=reader.fonts,
        margins=_page_margins(body),
        parse_survival=compare_orders((line.text for line in body_text.lines), body_text.by_row).share,
        across=body_text.by_row,
        columns=min(4, max(_text_columns(body), reader.columns)),
        images=reader.images,
        image_area=_image_share(reader, page, pages),
        tables=reader.tables,
        text_boxes=reader.text_boxes,
        marginal_text="\n".join(dict.fromkeys(text for text in marginal if text.strip() not in in_body))
        or None,
        unmapped_glyphs=None,
        hidden_characters=reader.hidden_characters,
        hidden_text="".join(reader.hidden_parts),
        links=_find_links(package),
    )


def _sections(body: etree._Element) -> list[etree._Element]:
    return list(body.iter("{*}sectPr"))


def _read_margin(package: Package, body: etree._Element, reader: BodyReader, kind: str) -> list[Line]:
    """Read the headers or the footers that Word shows, first those of the first page."""
    shown: dict[str, bool] = {}
    for section in _sections(body):
        title_page = child(section, "titlePg")
        has_first = title_page is not None and attribute(title_page, "val") not in ("0", "false")
        for item in section:
            if local(item) != f"{kind}Reference":
                continue
            pages = attribute(item, "type") or "default"
            if pages == "default" or (pages == "first" and has_first):
                shown.setdefault(package.part_name(attribute(item, "id")) or "", pages == "first")
    parts = [package.part(name) for name in sorted(shown, key=lambda name: not shown[name])]
    return [line for part in parts if part is not None for line in reader.read(part).lines]


def _read_notes(package: Package, reader: BodyReader) -> BodyText:
    """Read the footnotes and endnotes that the text refers to."""
    text = BodyText()
    notes = {
        (local(note), attribute(note, "id")): note
        for kind in ("footnotes", "endnotes")
        for name in package.part_names(kind)
        if (root := package.part(name)) is not None
        for note in root
    }
    for reference in list(reader.notes):
        if reference in notes:
            text.extend(reader.read(notes[reference]))
    return text


def _once(lines: Iterable[Line], in_body: set[str]) -> list[Line]:
    """Return the lines of a margin that the body does not hold, without page numbers, each once."""
    found = {line.text.strip(): line for line in reversed(list(lines))}
    return [
        replace(line, style=None)
        for text, line in reversed(found.items())
        if text and text not in in_body and not _PAGE_NUMBER.fullmatch(text)
    ]


def _find_links(package: Package) -> list[str]:
    """Return the addresses that text and pictures link to, each once."""
    found: dict[str, None] = {}
    margins = [name for kind in ("header", "footer") for name in package.part_names(kind)]
    for name in (package.main, *margins):
        root = package.part(name)
        if root is None:
            continue
        targets = package.link_targets(name)
        for item in root.iter("{*}hyperlink", "{*}hlinkClick", "{*}instrText"):
            if local(item) == "instrText":
                field = _LINK_FIELD.match(item.text or "")
                target = field[1] if field else None
            else:
                target = targets.get(attribute(item, "id") or "")
            if target:
                found[target] = None
    return list(found)


def _page_colour(
    package: Package, root: etree._Element, palette: Palette, page: tuple[float, float]
) -> Colour | None:
    """Return the colour of the page, or None if a drawing may be behind its text."""
    headers = [package.part(name) for kind in ("header", "footer") for name in package.part_names(kind)]
    for part in (root, *(part for part in headers if part is not None)):
        for anchor in part.iter("{*}anchor"):
            # Drawings in headers and footers are always behind the text.
            behind = part is not root or anchor.get("behindDoc") in ("1", "true")
            if behind and may_be_background(anchor, palette, page):
                return None
    background = child(root, "background")
    shown = any(
        child(package.part(name), "displayBackgroundShape") is not None
        for name in package.part_names("settings")
    )
    if background is None or not shown:
        return WHITE
    return palette.colour(background, "color") if len(background) == 0 else None


def _points(section: etree._Element, name: str, side: str) -> float | None:
    value = child_value(section, name, side)
    try:
        return abs(float(value)) / _TWIPS_PER_POINT if value else None
    except ValueError:
        return None


def _page_margins(body: etree._Element) -> tuple[float, float, float, float] | None:
    sides: list[tuple[float, float, float, float]] = []
    for section in _sections(body):
        left, right, top, bottom = (
            _points(section, "pgMar", side) for side in ("left", "right", "top", "bottom")
        )
        if left is not None and right is not None and top is not None and bottom is not None:
            sides.append((left, right, top, bottom))
    if not sides:
        return None
    left, right, top, bottom = (min(side) for side in zip(*sides, strict=True))
    return left, right, top, bottom


def _page_size(body: etree._Element) -> tuple[float, float]:
    """Return width and height in EMU, by default those of A4."""
    for section in _sections(body):
        width, height = (_points(section, "pgSz", side) for side in ("w", "h"))
        if width and height:
            return width * EMU_PER_POINT, height * EMU_PER_POINT
    return _A4


def _image_share(reader: BodyReader, page: tuple[float, float], pages: int | None) -> float | None:
    if not reader.images:
        return 0.0
    return None if pages is None else round(min(1.0, reader.image_area / (page[0] * page[1] * pages)), 4)


def _text_columns(body: etree._Element) -> int:
    counts = [1]
    for section in _sections(body):
        number = child_value(section, "cols", "num")
        if number and number.isdecimal() and len(number) < 3:
            counts.append(int(number))
    return max(counts)


def _page_count(package: Package, body: etree._Element, body_text: BodyText) -> int | None:
    """Return the number of pages of Word's last layout, or None if the file does not tell."""
    breaks = sum(1 for _ in body.iter("{*}lastRenderedPageBreak"))
    if breaks:
        return breaks + 1
    stated = dict(_app_properties(package))
    characters = sum(len("".join(line.text.split())) for line in body_text.lines)
    if abs(stated.get("Characters", 0) - characters) > _MAX_COUNT_DIFFERENCE * characters:
        return None
    return stated.get("Pages") or None


def _app_properties(package: Package) -> Iterator[tuple[str, int]]:
    root = package.part("docProps/app.xml")
    for item in root if root is not None else ():
        text = (item.text or "").strip()
        if local(item) in ("Pages", "Characters") and text.isdecimal() and len(text) < 9:
            yield local(item), int(text)
