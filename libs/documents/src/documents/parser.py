"""Parse a file within the current process: detect its type, read it, and assemble text and signals.

Services never call this. They use `documents.reader`, which runs it in a sandboxed process.
"""

import re
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any
from urllib.parse import unquote

from documents.errors import EmptyFile, NoText, TooMuchText
from documents.layout.lines import SourceLine
from documents.layout.naive_reading.scrambled import ScrambledPassage, find_scrambled
from documents.layout.normalize import count_words, decode_tags, has_letters, normalize_line
from documents.layout.sections import MAX_SECTIONS, find_sections
from documents.limits import Limits
from documents.parsed_file import MAX_EXCERPT, ParsedFile
from documents.sniff import sniff

# Increase with every change that can alter the text, signals or sections of the same file.
READER_VERSION = "5"

# The caps of `contracts.document`. Entries beyond them are the least used ones.
_MAX_FONTS = 50
_MAX_FONT_NAME = 120
_MAX_MARGINAL_TEXT = 2_000
_MAX_LINKS = 20
_MAX_LINK = 200
# A parser that keeps this share of the pairs of words tears nothing apart that matters.
_WHOLE = 0.99
# Addresses by which a person can be reached, unlike those of employers and projects.
_CONTACT_LINK = re.compile(
    r"(?:mailto|tel|sms|callto|skype):\s*\S|(?:https?:)?//(?:[\w-]+\.)?(?:linkedin\.com/|xing\.com/|wa\.me/|t\.me/)\S",
    re.IGNORECASE,
)


def parse_file(data: bytes, limits: Limits) -> dict[str, Any]:
    """Return `{"text", "signals"}` of a file.

    Raises:
        DocumentError: the file cannot be read.
    """
    # The readers are imported on demand: loading all of them would double the time for a file.
    match sniff(data):
        case "pdf":
            from documents.pdf.document import read_pdf  # noqa: PLC0415 - see above

            parsed = read_pdf(data, limits=limits)
        case "docx":
            from documents.docx.document import read_docx  # noqa: PLC0415 - see above

            parsed = read_docx(data, limits=limits)
        case "txt":
            from documents.plain_text import read_text  # noqa: PLC0415 - see above

            parsed = read_text(data, limits=limits)
    return assemble(parsed, file_bytes=len(data), limits=limits)


def assemble(parsed: ParsedFile, *, file_bytes: int, limits: Limits) -> dict[str, Any]:
    """Return `{"text", "signals"}`, with the signals in the shape of `contracts.document.DocumentSignals`.

    Raises:
        TooMuchText, EmptyFile, NoText
    """
    lines, text, pages = _join(parsed)
    if len(text) > limits.text_characters:
        raise TooMuchText
    if not has_letters(text):
        raise EmptyFile if parsed.file_type == "txt" else NoText
    starts = [start for start, _ in pages]
    sections = find_sections(lines, len(text), page_starts=starts)[:MAX_SECTIONS]
    signals = {
        "reader_version": READER_VERSION,
        "file_type": parsed.file_type,
        "file_bytes": file_bytes,
        "word_count": count_words(text),
        "page_count": parsed.page_count,
        "pages": [
            {"start": start, "end": end, "width": width, "height": height}
            for (start, end), (width, height) in zip(pages, parsed.page_sizes, strict=True)
        ],
        "sections": [asdict(section) for section in sections],
        "fonts": [
            {"name": name[:_MAX_FONT_NAME], "size": size, "characters": characters}
            for (name, size), characters in parsed.fonts.most_common(_MAX_FONTS)
        ],
        "margins": _margins(parsed.margins),
        "parse_survival": parsed.parse_survival,
        "scrambled": [each._asdict() for each in _scrambled(parsed, text)],
        "columns": parsed.columns,
        "images": parsed.images,
        "image_area": parsed.image_area,
        "tables": parsed.tables,
        "text_boxes": parsed.text_boxes,
        "marginal_text": _marginal_text(parsed.marginal_text),
        "unmapped_glyphs": parsed.unmapped_glyphs,
        "hidden_characters": parsed.hidden_characters,
        "hidden_excerpt": _excerpt(parsed.hidden_text),
        "contact_links": _contact_links(parsed.links),
    }
    return {"text": text, "signals": signals}


def _scrambled(parsed: ParsedFile, text: str) -> list[ScrambledPassage]:
    if parsed.parse_survival is None or parsed.parse_survival >= _WHOLE:
        return []
    return find_scrambled(text, [normalize_line(line) for line in parsed.across])


def _join(parsed: ParsedFile) -> tuple[list[SourceLine], str, list[tuple[int, int]]]:
    """Join the lines with at most one blank line between two.

    Returns:
        The lines with their offsets, the text, and the start and end of each page.
    """
    parts: list[str] = []
    sources: list[SourceLine] = []
    length = 0
    gap = False
    first_of_page: dict[int, int] = {}
    for line in parsed.lines:
        text = normalize_line(line.text)
        if not text.strip():
            gap = True
            continue
        if parts:
            separator = "\n\n" if gap or line.gap_before else "\n"
            parts.append(separator)
            length += len(separator)
        else:
            text = text.lstrip()
        gap = False
        first_of_page.setdefault(line.page, length)
        sources.append(SourceLine(text, length, line.style, line.label_style))
        parts.append(text)
        length += len(text)
    return sources, "".join(parts), _page_spans(first_of_page, len(parsed.page_sizes), length)


def _page_spans(first_of_page: dict[int, int], pages: int, length: int) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    end = length
    for page in reversed(range(pages)):
        start = first_of_page.get(page, end)
        spans.append((start, end))
        end = start
    return spans[::-1]


def _margins(margins: tuple[float, float, float, float] | None) -> dict[str, float] | None:
    if margins is None:
        return None
    left, right, top, bottom = (round(max(0.0, value), 1) for value in margins)
    return {"left": left, "right": right, "top": top, "bottom": bottom}


def _marginal_text(text: str | None) -> str | None:
    if not text:
        return None
    lines = (normalize_line(line) for line in text.split("\n"))
    return "\n".join(line for line in lines if line.strip())[:_MAX_MARGINAL_TEXT] or None


def _excerpt(text: str) -> str | None:
    return " ".join(normalize_line(decode_tags(text)).split())[:MAX_EXCERPT].rstrip() or None


def _contact_links(links: Sequence[str]) -> list[str]:
    found = (normalize_line(unquote(link)).strip() for link in links)
    return list(dict.fromkeys(link[:_MAX_LINK] for link in found if _CONTACT_LINK.match(link)))[:_MAX_LINKS]
