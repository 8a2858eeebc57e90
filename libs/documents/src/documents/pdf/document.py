"""Read the visible text and the layout of a PDF file, with PDFium."""

import ctypes
import re
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import chain, groupby
from operator import attrgetter

import pypdfium2_raw as pdfium

from documents.errors import (
    CorruptFile,
    EncryptedFile,
    TooManyPages,
    TooMuchText,
    UnsupportedFileType,
)
from documents.layout.columns.flow import order_columns
from documents.layout.lines import Line
from documents.layout.naive_reading.order_agreement import OrderAgreement, compare_page_orders
from documents.layout.paragraphs import column_lines
from documents.layout.reading_order import read_columns
from documents.layout.right_to_left import is_right_to_left
from documents.layout.rows import Word, group_rows
from documents.layout.running_lines import separate_running_lines
from documents.limits import Limits
from documents.parsed_file import MAX_EXCERPT, ParsedFile
from documents.pdf.characters.fallback_font import start_pdfium
from documents.pdf.characters.glyphs import DrawnGlyph, GlyphReader
from documents.pdf.characters.ligatures import join_ligatures
from documents.pdf.drawn_bullets import add_drawn_bullets
from documents.pdf.form_values import draw_form_values, open_form
from documents.pdf.links import read_links
from documents.pdf.page_objects import Box, PageObjects, Rectangle, read_objects
from documents.pdf.readability import check_readable
from documents.pdf.rendering import render_page
from documents.pdf.rulings import find_rulings
from documents.pdf.text_layers import find_layers
from documents.pdf.visibility import PageGlyphs, separate_hidden
from documents.pdf.words import make_words, read_words

# A linearized file states its length at the beginning.
_STATED_LENGTH = re.compile(rb"/Linearized\b.{0,200}?/L\s+(\d+)", re.DOTALL)
# A column counts if it contains this share of a page's characters.
_COLUMN_SHARE = 0.08


@dataclass(slots=True)
class _Totals:
    fonts: Counter[tuple[str, float]] = field(default_factory=Counter)
    margins: list[tuple[float, float, float, float]] = field(default_factory=list)
    agreement: OrderAgreement = field(default_factory=OrderAgreement)
    columns: int = 1
    images: int = 0
    image_area: float = 0.0
    page_area: float = 0.0
    glyphs: int = 0
    unmapped: int = 0
    hidden: int = 0
    hidden_words: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)

    @property
    def readable(self) -> int:
        return self.glyphs - self.unmapped - self.hidden


def read_pdf(data: bytes, *, limits: Limits) -> ParsedFile:
    """Return the visible lines and the layout of a PDF file.

    Raises:
        CorruptFile, EncryptedFile, UnsupportedFileType, TooManyPages, TooMuchText, NoText
    """
    if b"%%EOF" not in data or _is_cut_short(data):
        raise CorruptFile
    with _open_document(data) as document, open_form(document) as form:
        count = pdfium.FPDF_GetPageCount(document)
        if count < 1:
            raise CorruptFile
        if count > limits.pages:
            raise TooManyPages
        totals, reader = _Totals(), GlyphReader()
        sizes: list[tuple[float, float]] = []
        page_words: list[list[Word]] = []
        rulings: list[list[Rectangle]] = []
        rotated: list[list[str]] = []
        characters = 0
        for number in range(count):
            with _open_page(document, number, form) as (page, links, fields):
                box = _page_box(page, limits)
                sizes.append((round(box.width, 2), round(box.height, 2)))
                totals.links += links
                objects = read_objects(page, box, fields=fields)
                drawn_glyphs = reader.read(page, box, max_characters=2 * limits.text_characters - characters)
                characters += len(drawn_glyphs)
                glyphs, words = _read_text(page, box, objects, join_ligatures(drawn_glyphs))
                page_words.append(words)
                rulings.append(find_rulings(objects.paths, box))
                rotated.append([word.text for word in make_words(glyphs.rotated, upright=False)])
                _add_page(totals, objects, glyphs, box)
            if totals.readable > limits.text_characters:
                raise TooMuchText
        codes_are_letters = check_readable(
            [word.text for words in page_words for word in words],
            glyphs=totals.glyphs,
            unmapped=totals.unmapped,
            readable=totals.readable,
            image_share=totals.image_area / totals.page_area,
        )
        if codes_are_letters:
            totals.unmapped = 0
        return _parsed_file(page_words, rulings, rotated, sizes, totals)


def _is_cut_short(data: bytes) -> bool:
    stated = _STATED_LENGTH.search(data[:2048])
    return stated is not None and len(data) < int(stated[1])


@contextmanager
def _open_document(data: bytes) -> Iterator[object]:
    start_pdfium()
    # PDFium reads from this buffer for as long as the document is open.
    buffer = ctypes.c_char_p(data)
    document = pdfium.FPDF_LoadMemDocument64(buffer, len(data), None)
    if not document:
        error = pdfium.FPDF_GetLastError()
        if error == pdfium.FPDF_ERR_PASSWORD:
            raise EncryptedFile
        if error == pdfium.FPDF_ERR_SECURITY:
            raise UnsupportedFileType(
                "The PDF is protected in a way that cannot be read: export it again without protection."
            )
        raise CorruptFile
    try:
        yield document
    finally:
        pdfium.FPDF_CloseDocument(document)


@contextmanager
def _open_page(
    document: object, number: int, form: object | None
) -> Iterator[tuple[object, list[str], list[Rectangle]]]:
    """Yield a page, the addresses it links to, and the places of its form fields."""
    page = pdfium.FPDF_LoadPage(document, number)
    links = read_links(document, page) if page else []
    fields = draw_form_values(page, form) if page else []
    if fields:
        pdfium.FPDF_ClosePage(page)
        page = pdfium.FPDF_LoadPage(document, number)
    if not page:
        raise CorruptFile
    try:
        yield page, links, fields
    finally:
        pdfium.FPDF_ClosePage(page)


def _page_box(page: object, limits: Limits) -> Box:
    width, height = pdfium.FPDF_GetPageWidthF(page), pdfium.FPDF_GetPageHeightF(page)
    if not (1 <= width <= limits.page_points and 1 <= height <= limits.page_points):
        raise CorruptFile(
            "The PDF has a page of impossible size: print it again on a usual paper size, such as A4."
        )
    bounds = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, bounds)
    return Box(
        bounds.left,
        min(bounds.bottom, bounds.top),
        width=width,
        height=height,
        quarter_turns=pdfium.FPDFPage_GetRotation(page) % 4,
    )


def _read_text(
    page: object, box: Box, objects: PageObjects, drawn_glyphs: list[DrawnGlyph | None]
) -> tuple[PageGlyphs, list[Word]]:
    """Return the characters of a page and its upright visible words, with the bullets that are shapes."""
    if not any(drawn_glyphs):
        return PageGlyphs(), []
    layers = find_layers(drawn_glyphs, box)
    bitmaps = render_page(page, box, objects, layers)
    glyphs = separate_hidden(drawn_glyphs, layers, bitmaps, objects)
    words = read_words(glyphs.upright, width=box.width)
    if is_right_to_left(words):
        # The page is mirrored, its shapes are not.
        return glyphs, words
    return glyphs, add_drawn_bullets(words, objects.marks, objects.lines, bitmaps.without_text)


def _add_page(totals: _Totals, objects: PageObjects, glyphs: PageGlyphs, box: Box) -> None:
    totals.images += objects.image_count
    totals.image_area += objects.image_area
    totals.page_area += box.width * box.height
    totals.glyphs += glyphs.total
    totals.unmapped += glyphs.unmapped
    totals.hidden += glyphs.hidden_count
    if len(totals.hidden_words) < MAX_EXCERPT:
        totals.hidden_words += [word.text for word in make_words(glyphs.hidden, upright=False)]
    visible = [
        glyph for glyph in chain(glyphs.upright, glyphs.rotated) if glyph.text and not glyph.text.isspace()
    ]
    for (font, size), group in groupby(visible, key=attrgetter("font", "size")):
        totals.fonts[font, round(size * 2) / 2] += sum([len(glyph.text) for glyph in group])
    if visible:
        totals.margins.append(
            (
                min([glyph.left for glyph in visible]),
                box.width - max([glyph.right for glyph in visible]),
                min([glyph.top for glyph in visible]),
                box.height - max([glyph.bottom for glyph in visible]),
            )
        )


def _parsed_file(
    page_words: list[list[Word]],
    rulings: list[list[Rectangle]],
    rotated: list[list[str]],
    sizes: list[tuple[float, float]],
    totals: _Totals,
) -> ParsedFile:
    vocabulary = {word.text.strip(".,;:()").lower() for words in page_words for word in words}
    lines: list[Line] = []
    across: list[str] = []
    for number, words in enumerate(page_words):
        rows = group_rows(words)
        totals.agreement += compare_page_orders(words, rows)
        if not is_right_to_left(words):
            across += [" ".join(word.text for word in row) for row in rows]
        else:
            width = sizes[number][0]
            rulings[number] = [(width - x1, y0, width - x0, y1) for x0, y0, x1, y1 in rulings[number]]
    running = separate_running_lines(page_words, [height for _, height in sizes])
    pages = order_columns([read_columns(*page) for page in zip(running.pages, rulings, strict=True)])
    for number, columns in enumerate(pages):
        on_page = sum(len(word.text) for word in running.pages[number])
        for place, column in enumerate(columns):
            in_column = sum(len(word.text) for row in column.rows for word in row.words)
            if in_column >= _COLUMN_SHARE * on_page:
                totals.columns = max(totals.columns, column.side_by_side)
            after = lines[-1] if lines and place == 0 else None
            lines += column_lines(column, page=number, after=after, vocabulary=vocabulary)
        if rotated[number]:
            lines.append(Line(text=" ".join(rotated[number]), page=number, gap_before=True))
    lines[1:1] = [Line(text=text, page=lines[0].page) for text in running.contacts if lines]
    lines += [Line(text=text, page=lines[-1].page, gap_before=True) for text in running.others if lines]
    margins = totals.margins and tuple(min(side) for side in zip(*totals.margins, strict=True))
    return ParsedFile(
        file_type="pdf",
        lines=lines,
        page_sizes=sizes,
        page_count=len(sizes),
        fonts=totals.fonts,
        margins=margins or None,
        parse_survival=totals.agreement.share,
        across=across,
        columns=min(totals.columns, 4),
        images=totals.images,
        image_area=round(min(1.0, totals.image_area / totals.page_area), 4),
        unmapped_glyphs=round(totals.unmapped / totals.glyphs, 4) if totals.glyphs else 0.0,
        links=list(dict.fromkeys(totals.links)),
        hidden_characters=totals.hidden,
        hidden_text=" ".join(totals.hidden_words[:MAX_EXCERPT]),
    )
