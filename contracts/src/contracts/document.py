"""Layout data read from an uploaded file. It is read once, at upload, because the file itself is not kept.

Geometry is None where the format has none (plain text). Resumes that the legacy backend received have no
`DocumentSignals` at all, and criteria that need it are then not assessable.
"""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from contracts.vocabulary import Count, Ordinal, SectionType

Share = Annotated[float, Field(ge=0, le=1)]
Points = Annotated[float, Field(ge=0)]  # 1/72 inch


class _FrozenModel(BaseModel):
    # Readers ignore fields added by a newer writer.
    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class Section(_FrozenModel):
    """A section of the resume: `text[start:end]`, including its heading. Pages count from 1."""

    type: SectionType
    title: Annotated[str, Field(max_length=200)] | None
    start: Count
    end: Count
    start_page: Ordinal | None = None
    end_page: Ordinal | None = None


class Page(_FrozenModel):
    """A page: its range in the text (`text[start:end]`) and its size."""

    start: Count
    end: Count
    width: Points
    height: Points


class FontUse(_FrozenModel):
    """Number of visible characters in one font and size. Sizes are in points, rounded to halves."""

    name: Annotated[str, Field(max_length=120)]
    size: Points
    characters: Count


class Margins(_FrozenModel):
    """Smallest distance in points between visible text and each page edge, over all pages."""

    left: Points
    right: Points
    top: Points
    bottom: Points


class ScrambledPassage(_FrozenModel):
    """A passage `text[start:end]`, and the words that a simple parser reads in its place."""

    start: Count
    end: Count
    read_as: Annotated[str, Field(max_length=200)]


class DocumentSignals(_FrozenModel):
    """Input of the ATS and formatting rules besides the text."""

    reader_version: Annotated[str, Field(max_length=20)]
    file_type: Literal["pdf", "docx", "txt"]
    file_bytes: Ordinal
    word_count: Count
    page_count: Ordinal | None = None
    pages: Annotated[tuple[Page, ...], Field(max_length=30)] = ()
    sections: Annotated[tuple[Section, ...], Field(max_length=200)] = ()
    fonts: Annotated[tuple[FontUse, ...], Field(max_length=50)] = ()
    margins: Margins | None = None
    # Word-bigram agreement between the text in stream order and the text read row by row.
    parse_survival: Share | None = None
    # Passages that reading straight across the page tears apart.
    scrambled: Annotated[tuple[ScrambledPassage, ...], Field(max_length=3)] = ()
    columns: Annotated[int, Field(ge=1, le=4)] | None = None
    images: Count | None = None
    # Share of the page area covered by images.
    image_area: Share | None = None
    tables: Count | None = None
    text_boxes: Count | None = None
    # Text found only in page headers, footers or text boxes, which many parsers skip.
    marginal_text: Annotated[str, Field(max_length=2_000)] | None = None
    # Share of the glyphs without a known character.
    unmapped_glyphs: Share | None = None
    # Characters in the file that are invisible on the page. They are not part of the text.
    hidden_characters: Count | None = None
    # The first hidden characters, so that a person can judge what was hidden.
    hidden_excerpt: Annotated[str, Field(max_length=300)] | None = None
    # Addresses in links by which the person can be reached, such as "mailto:..." and "tel:...". A reader of
    # the page does not see them, unless the text holds them as well.
    contact_links: Annotated[tuple[Annotated[str, Field(max_length=200)], ...], Field(max_length=20)] = ()
