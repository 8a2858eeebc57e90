"""Running headers and footers: lines that repeat in the margins of pages, and the numbers of pages.

The first one of a repeated line is kept, so that no contact is lost. A footer moves out of the text between
two pages.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

from documents.layout.rows import Piece, Word, group_rows, split_row

# The share of the height of a page in which headers and footers are, and the number of their rows.
_MARGIN: Final = 0.12
_MAX_ROWS: Final = 3
# Points by which a running line may move from page to page.
_SAME_PLACE: Final = 4.0
# The rows of the first page that hold name and contact details.
_HEAD_ROWS: Final = 8
# "Page 2 of 3", "Seite 2", "2 ページ", "- 2 -".
_NUMBERED: Final = re.compile(
    r"[\W_]*(?:(?:pages?|seite|página|pagina|pág|pag|p|ページ|頁)\W{0,3}\d{1,3}"
    r"(?:\s*(?:of|/|von|de|di|sur)\s*\d{1,3})?|[-–—]\s*\d{1,3}\s*[-–—]|\d{1,3}\s*(?:ページ|頁))[\W_]*",
    re.IGNORECASE,
)
_FRACTION: Final = re.compile(r"(\d{1,3})\s*(?:/|of|von|sur)\s*(\d{1,3})", re.IGNORECASE)
_NUMBER: Final = re.compile(r"\d{1,3}")
_CONTACT: Final = re.compile(r"@|https?://|www\.|\.com\b|\+?\d[\d\s().-]{7,}")
# Words of headers that say nothing about the person.
_FILLERS: Final = frozenset(
    (
        "resume",
        "résumé",
        "cv",
        "curriculum",
        "vitae",
        "continued",
        "page",
        "of",
        "the",
        "履歴書",
        "職務経歴書",
    )
)


@dataclass(slots=True)
class RunningLines:
    """The words of each page without running lines, and the footers, which are read elsewhere.

    `contacts` belong to the head of the first page, and `others` to the end of the last one.
    """

    pages: list[list[Word]]
    contacts: list[str] = field(default_factory=list)
    others: list[str] = field(default_factory=list)


@dataclass(slots=True, frozen=True)
class _Marginal:
    page: int
    is_top: bool
    # Distance from the top or from the bottom of the page.
    distance: float
    piece: Piece
    key: str


def is_page_number(text: str) -> bool:
    """Return True if a line is nothing but the number of a page, such as "Page 2 of 3"."""
    return _NUMBERED.fullmatch(text.strip()) is not None


def separate_running_lines(pages: Sequence[list[Word]], heights: Sequence[float]) -> RunningLines:
    """Remove running headers, footers and page numbers from the words of a document's pages."""
    result = RunningLines(list(pages))
    marginals = [
        marginal
        for number, (words, height) in enumerate(zip(pages, heights, strict=True))
        for marginal in _marginals(number, words, height)
    ]
    if not marginals:
        return result
    removed: set[int] = set()
    numbers = [item for item in marginals if _is_number(item, len(pages))]
    removed.update(id(word) for item in numbers for word in item.piece.words)
    texts = [item for item in marginals if item not in numbers]
    if len(pages) > 1:
        _remove_repeated(texts, pages, removed, result)
    for item in texts:
        removed.update(id(word) for word in _number_words(item.piece.words))
    if removed:
        result.pages = [[word for word in words if id(word) not in removed] for words in pages]
    return result


def _marginals(number: int, words: Sequence[Word], height: float) -> list[_Marginal]:
    top = [word for word in words if word.base <= _MARGIN * height]
    bottom = [word for word in words if word.base >= (1 - _MARGIN) * height]
    found: list[_Marginal] = []
    for is_top, rows in ((True, group_rows(top)[:_MAX_ROWS]), (False, group_rows(bottom)[-_MAX_ROWS:])):
        for row in rows:
            for piece in split_row(row):
                distance = piece.base if is_top else height - piece.base
                found.append(_Marginal(number, is_top, distance, piece, _key(piece)))
    return found


def _key(piece: Piece) -> str:
    numbers = _number_words(piece.words)
    return " ".join(word.text for word in piece.words if word not in numbers)


def _is_number(item: _Marginal, pages: int) -> bool:
    if is_page_number(item.piece.text):
        return True
    if fraction := _FRACTION.fullmatch(item.piece.text):
        return (int(fraction[1]), int(fraction[2])) == (item.page + 1, pages)
    alone = _NUMBER.fullmatch(item.piece.text) is not None
    return alone and pages > 1 and int(item.piece.text) == item.page + 1


def _number_words(words: Sequence[Word]) -> Sequence[Word]:
    """Return the words at the end or at the beginning of a piece that are a page number."""
    for at in range(max(1, len(words) - 6), len(words)):
        if is_page_number(" ".join(word.text for word in words[at:])):
            return words[at:]
    for at in range(min(6, len(words) - 1), 1, -1):
        if is_page_number(" ".join(word.text for word in words[:at])):
            return words[:at]
    return ()


def _remove_repeated(
    items: Sequence[_Marginal], pages: Sequence[list[Word]], removed: set[int], result: RunningLines
) -> None:
    counts = Counter(item.key for item in items)
    head = [word for row in group_rows(pages[0])[:_HEAD_ROWS] for word in row]
    name = _name_of(head)
    known = _tokens(head) | _FILLERS
    first: dict[str, _Marginal] = {}
    for item in items:
        words = item.piece.words
        repeated = counts[item.key] > 1
        if repeated and item.key in first and _is_same_place(item, first[item.key]):
            removed.update(map(id, words))
        elif item.page > 0 and name and name <= _tokens(words) and _tokens(words) <= known:
            # The name of the person, perhaps with contact details of the first page.
            removed.update(map(id, words))
        elif repeated:
            first.setdefault(item.key, item)
    for key, item in first.items():
        is_running = any(
            other is not item and other.key == key and _is_same_place(other, item) for other in items
        )
        if not is_running or item.is_top:
            continue
        words = [word for word in item.piece.words if word not in _number_words(item.piece.words)]
        removed.update(map(id, words))
        text = " ".join(word.text for word in words).strip(" |·•-–—")
        if text and not _tokens(words) <= known:
            (result.contacts if _CONTACT.search(text) else result.others).append(text)


def _is_same_place(item: _Marginal, other: _Marginal) -> bool:
    return (
        item.page != other.page
        and item.is_top == other.is_top
        and abs(item.distance - other.distance) <= _SAME_PLACE
    )


def _name_of(head: Sequence[Word]) -> set[str]:
    """Return the words of the largest row in the head of the first page."""
    size = max((word.size for word in head), default=0.0)
    return _tokens([word for word in head if word.size == size])


def _tokens(words: Sequence[Word]) -> set[str]:
    """Return the words without signs and numbers of at most three digits."""
    texts = (re.sub(r"[^\w@.]+", "", word.text.lower()).strip(".") for word in words)
    return {text for text in texts if text and not _NUMBER.fullmatch(text)}
