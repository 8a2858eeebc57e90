"""What was read from an uploaded file, once, when it was at hand: the file itself is not kept.

Geometry is None where the format has none (plain text), and the whole `DocumentSignals` is absent for a
resume that the old backend took in; what needs it is then not assessable.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from contracts.vocabulary import Count, Ordinal, SectionType

Share = Annotated[float, Field(ge=0, le=1)]
Points = Annotated[float, Field(ge=0)]  # 1/72 inch


class _FrozenModel(BaseModel):
    # Readers ignore fields that a newer writer added.
    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class Section(_FrozenModel):
    """A stretch of the text under one heading: `text[start:end]`, heading included; pages from 1."""

    type: SectionType
    title: Annotated[str, Field(max_length=200)] | None
    start: Count
    end: Count
    start_page: Ordinal | None = None
    end_page: Ordinal | None = None


class Page(_FrozenModel):
    """Where a page stands in the text (`text[start:end]`) and its size."""

    start: Count
    end: Count
    width: Points
    height: Points


class FontUse(_FrozenModel):
    """How many visible characters are set in one font and size (points, rounded to a half)."""

    name: Annotated[str, Field(max_length=120)]
    size: Points
    characters: Count


class Margins(_FrozenModel):
    """The smallest distance of visible text from each edge, over all pages, in points."""

    left: Points
    right: Points
    top: Points
    bottom: Points


class DocumentSignals(_FrozenModel):
    """What the rules for ATS and formatting look at, besides the text."""

    reader_version: Annotated[str, Field(max_length=20)]
    file_type: Literal["pdf", "docx", "txt"]
    file_bytes: Ordinal
    word_count: Count
    page_count: Ordinal | None = None
    pages: Annotated[tuple[Page, ...], Field(max_length=30)] = ()
    sections: Annotated[tuple[Section, ...], Field(max_length=200)] = ()
    fonts: Annotated[tuple[FontUse, ...], Field(max_length=50)] = ()
    margins: Margins | None = None
    # Word-bigram agreement between reading in stream order and reading row by row.
    parse_survival: Share | None = None
    columns: Annotated[int, Field(ge=1, le=4)] | None = None
    images: Count | None = None
    # Share of the pages' area under images.
    image_area: Share | None = None
    tables: Count | None = None
    text_boxes: Count | None = None
    # Text that stands only in page headers, footers or text boxes, where many parsers do not look.
    marginal_text: Annotated[str, Field(max_length=2_000)] | None = None
    # Share of the glyphs that no character is known for.
    unmapped_glyphs: Share | None = None
    # Characters that were found but cannot be seen on the page; they are not part of the text.
    hidden_characters: Count | None = None
    # How they begin, so that a person can judge what was hidden.
    hidden_excerpt: Annotated[str, Field(max_length=300)] | None = None
