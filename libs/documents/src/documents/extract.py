"""What the reader of each format hands over, and how it becomes one text with its signals."""

from collections import Counter
from collections.abc import Hashable, Sequence
from dataclasses import dataclass, field
from typing import Any

from documents.errors import EmptyFile, NoText, TooMuchText
from documents.layout.normalize import count_words, has_letters, normalize_line, show_tags
from documents.layout.sections import MAX_SECTIONS, SourceLine, find_sections
from documents.limits import Limits
from documents.sniff import FileType

# Goes up with every change that can alter text, signals or sections of the same file.
READER_VERSION = "3"

# The caps of contracts.document; what is beyond them is the least used.
_MAX_FONTS = 50
_MAX_FONT_NAME = 120
_MAX_MARGINAL_TEXT = 2_000
MAX_EXCERPT = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One line or paragraph as a person reads it; pages count from 0."""

    text: str
    page: int = 0
    gap_before: bool = False
    # Lines that look alike have equal values; None where the format has no looks.
    look: Hashable = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Extract:
    """Lines in reading order with what is known of the layout; None where the format does not say."""

    file_type: FileType
    lines: Sequence[Line]
    page_sizes: Sequence[tuple[float, float]] = ()
    page_count: int | None = None
    # Visible characters by name and size of font.
    fonts: Counter[tuple[str, float]] = field(default_factory=Counter)
    # Left, right, top, bottom.
    margins: tuple[float, float, float, float] | None = None
    parse_survival: float | None = None
    columns: int | None = None
    images: int | None = None
    image_area: float | None = None
    tables: int | None = None
    text_boxes: int | None = None
    marginal_text: str | None = None
    unmapped_glyphs: float | None = None
    hidden_characters: int | None = None
    # How they begin, words separated; more than MAX_EXCERPT is not needed.
    hidden_text: str = ""


def assemble(extract: Extract, *, file_bytes: int, limits: Limits) -> dict[str, Any]:
    """Return `{"text", "signals"}`, the signals as `contracts.document.DocumentSignals` takes them."""
    lines, text, pages = _join(extract)
    if len(text) > limits.text_characters:
        raise TooMuchText
    if not has_letters(text):
        raise EmptyFile if extract.file_type == "txt" else NoText
    starts = [start for start, _ in pages]
    sections = find_sections(lines, len(text), page_starts=starts)[:MAX_SECTIONS]
    signals = {
        "reader_version": READER_VERSION,
        "file_type": extract.file_type,
        "file_bytes": file_bytes,
        "word_count": count_words(text),
        "page_count": extract.page_count,
        "pages": [
            {"start": start, "end": end, "width": width, "height": height}
            for (start, end), (width, height) in zip(pages, extract.page_sizes, strict=True)
        ],
        "sections": [section.as_dict() for section in sections],
        "fonts": [
            {"name": name[:_MAX_FONT_NAME], "size": size, "characters": characters}
            for (name, size), characters in extract.fonts.most_common(_MAX_FONTS)
        ],
        "margins": _margins(extract.margins),
        "parse_survival": extract.parse_survival,
        "columns": extract.columns,
        "images": extract.images,
        "image_area": extract.image_area,
        "tables": extract.tables,
        "text_boxes": extract.text_boxes,
        "marginal_text": _marginal(extract.marginal_text),
        "unmapped_glyphs": extract.unmapped_glyphs,
        "hidden_characters": extract.hidden_characters,
        "hidden_excerpt": _excerpt(extract.hidden_text),
    }
    return {"text": text, "signals": signals}


def _join(extract: Extract) -> tuple[list[SourceLine], str, list[tuple[int, int]]]:
    """Join the lines with at most one blank line between two; return them, the text and the pages."""
    parts: list[str] = []
    sources: list[SourceLine] = []
    length = 0
    gap = False
    first_of_page: dict[int, int] = {}
    for line in extract.lines:
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
        sources.append(SourceLine(text, length, line.look))
        parts.append(text)
        length += len(text)
    return sources, "".join(parts), _spans(first_of_page, len(extract.page_sizes), length)


def _spans(first_of_page: dict[int, int], pages: int, length: int) -> list[tuple[int, int]]:
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


def _marginal(text: str | None) -> str | None:
    if not text:
        return None
    lines = (normalize_line(line) for line in text.split("\n"))
    return "\n".join(line for line in lines if line.strip())[:_MAX_MARGINAL_TEXT] or None


def _excerpt(text: str) -> str | None:
    return " ".join(normalize_line(show_tags(text)).split())[:MAX_EXCERPT].rstrip() or None
