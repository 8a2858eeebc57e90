"""DOCX: the visible text in document order, with what the file says of its looks.

Read from the XML itself: a library that builds a document model drops text boxes, content controls and
tracked insertions, and opens parts that nobody looked at before.
"""

from collections.abc import Iterator

from lxml import etree

from documents.docx.body import BodyReader, Reading
from documents.docx.colours import WHITE, Colour, Palette
from documents.docx.numbering import Numbering
from documents.docx.package import Package, attribute, child, local
from documents.docx.shapes import EMU_PER_POINT, is_ground
from documents.docx.styles import Styles
from documents.errors import CorruptFile, TooManyPages
from documents.layout.order_agreement import compare_orders
from documents.limits import Limits
from documents.parsed_file import ParsedFile

_TWIPS_PER_POINT = 20
_A4 = (595 * EMU_PER_POINT, 842 * EMU_PER_POINT)
# Word's own count of characters this near to ours was made of this very text, and so was its count of pages.
_SAME_TEXT = 0.05


def read_docx(data: bytes, *, limits: Limits) -> ParsedFile:
    """Return lines and signals.

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
        styles=styles,
        numbering=Numbering(package),
        paper=_paper(package, root, styles.palette, page),
        page=page,
        at_most=2 * limits.text_characters,
    )
    reading = reader.read(body)
    margins = _read_margins(package, body, reader)
    # Where all of it stands in the page header a person still sees it, so it is read.
    lines = reading.lines if any(line.text.strip() for line in reading.lines) else margins.lines
    pages = _page_count(package, body, reading)
    if pages and pages > limits.pages:
        raise TooManyPages
    marginal = [*(line.text for line in margins.lines), *reader.boxed]
    in_body = {line.text.strip() for line in reading.lines} - {text.strip() for text in reader.boxed}
    return ParsedFile(
        file_type="docx",
        lines=lines,
        page_count=pages,
        fonts=reader.fonts,
        margins=_page_margins(body),
        parse_survival=compare_orders((line.text for line in reading.lines), reading.across).share,
        columns=min(4, max(_text_columns(body), reader.columns)),
        images=reader.images,
        image_area=_image_share(reader, page, pages),
        tables=reader.tables,
        text_boxes=reader.boxes,
        marginal_text="\n".join(dict.fromkeys(text for text in marginal if text.strip() not in in_body))
        or None,
        unmapped_glyphs=None,
        hidden_characters=reader.hidden,
        hidden_text="".join(reader.hidden_parts),
    )


def _sections(body: etree._Element) -> list[etree._Element]:
    return list(body.iter("{*}sectPr"))


def _read_margins(package: Package, body: etree._Element, reader: BodyReader) -> Reading:
    """Read the headers and footers that are shown."""
    reading = Reading()
    shown: dict[str, None] = {}
    for section in _sections(body):
        title_page = child(section, "titlePg")
        for item in section:
            if local(item) not in ("headerReference", "footerReference"):
                continue
            kind = attribute(item, "type") or "default"
            first = title_page is not None and attribute(title_page, "val") not in ("0", "false")
            if kind == "default" or (kind == "first" and first):
                shown[package.relation(attribute(item, "id")) or ""] = None
    for name in shown:
        root = package.part(name)
        if root is not None:
            reading.add(reader.read(root))
    return reading


def _paper(
    package: Package, root: etree._Element, palette: Palette, page: tuple[float, float]
) -> Colour | None:
    """Return the colour of the page; None where a drawing may be behind its text."""
    margins = [package.part(name) for kind in ("header", "footer") for name in package.related(kind)]
    for part in (root, *(part for part in margins if part is not None)):
        for anchor in part.iter("{*}anchor"):
            # What is in a header or footer is behind the text in any case.
            behind = part is not root or anchor.get("behindDoc") in ("1", "true")
            if behind and is_ground(anchor, palette, page):
                return None
    background = child(root, "background")
    shown = any(
        child(package.part(name), "displayBackgroundShape") is not None
        for name in package.related("settings")
    )
    if background is None or not shown:
        return WHITE
    return palette.colour(background, "color") if len(background) == 0 else None


def _points(element: etree._Element | None, name: str) -> float | None:
    value = attribute(element, name) if element is not None else None
    try:
        return abs(float(value)) / _TWIPS_PER_POINT if value else None
    except ValueError:
        return None


def _page_margins(body: etree._Element) -> tuple[float, float, float, float] | None:
    sides: list[tuple[float, float, float, float]] = []
    for section in _sections(body):
        left, right, top, bottom = (
            _points(child(section, "pgMar"), name) for name in ("left", "right", "top", "bottom")
        )
        if left is not None and right is not None and top is not None and bottom is not None:
            sides.append((left, right, top, bottom))
    if not sides:
        return None
    left, right, top, bottom = (min(side) for side in zip(*sides, strict=True))
    return left, right, top, bottom


def _page_size(body: etree._Element) -> tuple[float, float]:
    """Return width and height in EMU; of A4 where the file does not say."""
    for section in _sections(body):
        width, height = (_points(child(section, "pgSz"), name) for name in ("w", "h"))
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
        columns = child(section, "cols")
        number = attribute(columns, "num") if columns is not None else None
        if number and number.isdecimal() and len(number) < 3:
            counts.append(int(number))
    return max(counts)


def _page_count(package: Package, body: etree._Element, reading: Reading) -> int | None:
    """Return the pages of Word's last layout, None where it left no trace of one."""
    breaks = sum(1 for _ in body.iter("{*}lastRenderedPageBreak"))
    if breaks:
        return breaks + 1
    stated = dict(_stated(package))
    characters = sum(len("".join(line.text.split())) for line in reading.lines)
    if (
        abs(stated.get("Characters", 0) - characters) <= _SAME_TEXT * characters
        and stated.get("Pages", 0) > 0
    ):
        return stated["Pages"]
    return None


def _stated(package: Package) -> Iterator[tuple[str, int]]:
    root = package.part("docProps/app.xml")
    for item in root if root is not None else ():
        text = (item.text or "").strip()
        if local(item) in ("Pages", "Characters") and text.isdecimal() and len(text) < 9:
            yield local(item), int(text)
