"""Join the wrapped rows of a column, so that each paragraph and each list item is one line."""

import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import median

from documents.layout.headings import heading_type
from documents.layout.line_breaks import ENDS_CJK, STARTS_CJK, TAIL, is_address_break, join_rows
from documents.layout.lines import Line
from documents.layout.normalize import CJK
from documents.layout.rows import DASHES, Column, Row, Word, has_bullet, is_bullet
from documents.layout.tables.cells import join_cells
from documents.layout.tables.dates import continues_date, is_date, join_date

# Multiples of the font size: a gap that becomes a tab, and the largest distance between rows of a paragraph.
_TAB_GAP = 2.0
_LEADING = 2.1
# Multiples of the font size. In a narrower column every list item is as wide as the column, unlike in the
# cells of a table, whose width is that of other rows too.
_WRAPPING_WIDTH = 12
_WRAPPING_CELL = 5
# Multiple of the font size: a row with less room has none for another Latin letter.
_LETTER = 0.6
# Multiples of the smallest and of the usual distance between rows.
_SAME_LEADING = 1.12
_BLANK_LINE = 1.4
_HAS_CJK = re.compile(f"[{CJK}]")
# "1. Led", "(2) Led", "①導入", but not "1.3% within a year".
_NUMBERED = re.compile(r"^(?:\(?\d{1,2}[.)](?!\d)|[①-⑳])\s*\S")
# "Languages: English". In a list of these no item continues in the next, however full its row is.
_LABELLED = re.compile(r"[^\W\d_][^:：]{0,24}[:：]\s*\S")
# A Japanese label whose value begins in the next row.
_LABEL = re.compile(f"[{CJK}]{{1,12}}：")
# A bound for an expression whose time grows with the square of the length. No address is longer.
_MAX_ADDRESS = 200
_ADDRESS = re.compile(r"\S+(?:@|\.\w{2,}/|://)\S+")
_INFLECTED = re.compile("^[\u3041-\u3096]{1,3}[、。]|^[をがはにへとでもやの][^\u3041-\u3096]|^[、。）」』】]")
_SENTENCE_ENDS = re.compile("[。！？：:]$")
# Words that end no line of their own.
_ENDS_OPEN = re.compile(
    r"(?:[^\W\d_],|\b(?:and|or|of|the|an?|in|on|at|to|for|with|by|from|using|via|as|into|than|per))$"
)


@dataclass(slots=True)
class _Paragraph:
    text: str
    row: Row
    # Left edges of the text and of the bullet.
    indent: float
    bullet: float
    bulleted: bool
    # Distance from the row above.
    step: float
    style: tuple[str, float, bool]


def column_lines(column: Column, *, page: int, after: Line | None, vocabulary: Collection[str]) -> list[Line]:
    """Return the paragraphs of a column, or the lines of a table row.

    Args:
        column: the rows
        page: the number of the page, from 0
        after: the line that the column continues, or None
        vocabulary: lower-case words of the document, to recognise words that were hyphenated at a line break
    """
    if not column.rows:
        return []
    if column.cells:
        cells = [
            [
                line
                for part in cell
                for line in column_lines(
                    replace(part, gap_before=False), page=page, after=None, vocabulary=vocabulary
                )
            ]
            for cell in column.cells
        ]
        return _with_gap(join_cells(cells), column.gap_before)
    # The first pass measures how far apart the rows of a paragraph are, for each font size. The second pass
    # does not join rows that are further apart, which are paragraphs of their own.
    joined: dict[float, list[float]] = {}
    _paragraphs(column, leadings={}, joined=joined, vocabulary=vocabulary)
    leadings = {size: _SAME_LEADING * min(steps) for size, steps in joined.items()}
    paragraphs = _paragraphs(column, leadings=leadings, joined={}, vocabulary=vocabulary)
    pitch = _pitch(column.rows)
    lines: list[Line] = []
    for item in paragraphs:
        if lines:
            gap = item.step > _BLANK_LINE * max(pitch, 1.1 * item.style[1])
        else:
            gap = after is None or after.style != item.style
        lines.append(Line(text=item.text, page=page, gap_before=gap, style=item.style))
    return _with_gap(lines, column.gap_before)


def _with_gap(lines: list[Line], gap_before: bool | None) -> list[Line]:
    """Set the white space above the first line, if it is known."""
    if gap_before is None or not lines:
        return lines
    return [replace(lines[0], gap_before=gap_before), *lines[1:]]


def _paragraphs(
    column: Column,
    *,
    leadings: Mapping[float, float],
    joined: dict[float, list[float]],
    vocabulary: Collection[str],
) -> list[_Paragraph]:
    """Join rows whose distance is at most `leadings` (by font size), and add the distances to `joined`."""
    rights = sorted(max(word.right for word in row.words) for row in column.rows)
    edge = column.edge or rights[-1]
    # The longest row alone does not show where a column ends.
    second_longest = rights[-2:][0]
    narrowest = _WRAPPING_CELL if column.is_cell else _WRAPPING_WIDTH
    paragraphs: list[_Paragraph] = []
    for row in _split_labels(column.rows):
        text, style, words = _row_text(row), _row_style(row), row.words
        previous = paragraphs[-1] if paragraphs else None
        step = row.base - previous.row.base if previous else 0.0
        near = step <= leadings.get(style[1], _LEADING * style[1])
        if previous and near and _continues(previous, row, style, text=text, edge=edge, narrowest=narrowest):
            joined.setdefault(style[1], []).append(step)
            is_date_cut = continues_date(previous.text, text)
            if is_date_cut:
                previous.text = join_date(previous.text, text)
            else:
                room = rights[-1] - min(second_longest, previous.row.words[-1].right)
                is_full = room < _LETTER * style[1]
                previous.text = join_rows(previous.text, text, vocabulary, is_full=is_full)
            previous.row = row
            continue
        bulleted = len(text) > 1 and is_bullet(text[0]) and (_starts_item(text) or len(words) > 1)
        indent = _text_left(words) if bulleted else words[0].left
        paragraphs.append(_Paragraph(text, row, indent, words[0].left, bulleted, step, style))
    return paragraphs


def _split_labels(rows: Iterable[Row]) -> Iterator[Row]:
    """Yield the rows, but a label and the list item beside it ("Duties  • Led ...") as two."""
    for row in rows:
        texts = [piece.text for piece in row.pieces]
        if len(texts) == 2 and has_bullet(texts[1]) and not has_bullet(texts[0]):
            yield from (Row([piece]) for piece in row.pieces)
        else:
            yield row


def _text_left(words: Sequence[Word]) -> float:
    """Return the left edge of the text behind a bullet."""
    first = words[0]
    if len(first.text) > 1:
        return first.left + (first.right - first.left) / len(first.text)
    return words[1].left if len(words) > 1 else first.left


def _pitch(rows: Sequence[Row]) -> float:
    steps = [second.base - first.base for first, second in pairwise(rows)]
    return median(steps) if steps else 0.0


def _row_text(row: Row) -> str:
    parts: list[str] = []
    previous = None
    ends = {id(piece.words[-1]) for piece in row.pieces} if len(row.pieces) > 1 else set()
    for word in row.words:
        if previous is not None:
            gap = word.left - previous.right
            wide = gap > _TAB_GAP * max(word.size, previous.size) and not is_bullet(previous.text)
            parts.append("\t" if wide or (id(previous) in ends and _has_date(row)) else " ")
        parts.append(word.text)
        previous = word
    return "".join(parts)


def _has_date(row: Row) -> bool:
    """Return True if a row is an entry and its date."""
    return len(row.pieces) == 2 and any(is_date(piece.text) for piece in row.pieces)


def _row_style(row: Row) -> tuple[str, float, bool]:
    counts: Counter[tuple[str, float, bool]] = Counter()
    for word in row.words:
        counts[word.font, word.size, word.bold] += len(word.text)
    return counts.most_common(1)[0][0]


def _continues(
    previous: _Paragraph,
    row: Row,
    style: tuple[str, float, bool],
    *,
    text: str,
    edge: float,
    narrowest: int,
) -> bool:
    """Return True if a row continues the row above: that row was full, and nothing new begins.

    In a column of fewer than `narrowest` times the font size, no row counts as full.
    """
    first, last = row.words[0], previous.row.words[-1]
    size = style[1]
    if abs(size - previous.style[1]) > 0.6 or _stands_alone(text, previous.text):
        return False
    if first.bold != last.bold and _is_bold(previous.row) != _is_bold(row):
        return False
    if not _stands_below(previous, first.left, size):
        return False
    if is_date(previous.text):
        return continues_date(previous.text, text)
    return continues_date(previous.text, text) or _is_full(
        previous, row, text=text, edge=edge, size=size, narrowest=narrowest
    )


def _is_full(previous: _Paragraph, row: Row, *, text: str, edge: float, size: float, narrowest: int) -> bool:
    """Return True if the row above is so long that the first word of a row did not fit on it."""
    first, last = row.words[0], previous.row.words[-1]
    reached = last.right - previous.row.words[0].left
    width = edge - previous.row.words[0].left
    if previous.bulleted and _hangs(previous, first.left, size) and reached > 0.5 * width:
        return True
    end = previous.text[-TAIL:]
    if ENDS_CJK.search(end) or STARTS_CJK.match(text):
        # Japanese text breaks anywhere, but may leave two characters free to keep punctuation together.
        if last.right + 2.6 * size >= edge:
            return narrowest == _WRAPPING_WIDTH or width >= narrowest * size
        # No sentence begins with an inflection or a particle, such as "し、".
        inflected = _INFLECTED.match(text) is not None and not _SENTENCE_ENDS.search(end)
        return inflected and reached > 0.65 * width
    if width >= narrowest * size and last.right + 0.2 * size + (first.right - first.left) >= edge:
        return True
    # In a narrow column a heading may be longer than the row.
    if (
        _is_bold(row)
        and last.right + (first.right - first.left) >= edge
        and heading_type(previous.text) is None
    ):
        return heading_type(f"{previous.text} {text}") is not None
    # Text set narrower than the column: a sentence that continues in lower case, or after a word like "and".
    if _ENDS_OPEN.search(end):
        return reached > 0.5 * width
    open_ended = not previous.text.endswith((".", ":", ";", "!", "?"))
    return open_ended and text[0].islower() and reached > 0.65 * width


def _stands_below(previous: _Paragraph, left: float, size: float) -> bool:
    """Return True if a row begins where the next row of the paragraph would."""
    row = previous.row
    if "\t" in _row_text(row):
        # Below the value, not below its label.
        return abs(left - row.pieces[-1].left) <= 1.5 and left - row.words[0].left >= size
    if previous.bulleted:
        return left >= previous.bullet - 1
    return abs(left - previous.indent) <= 3 * size or any(abs(word.left - left) <= 1.5 for word in row.words)


def _hangs(previous: _Paragraph, left: float, size: float) -> bool:
    return abs(left - previous.indent) <= 1.5 and previous.indent - previous.bullet > 0.5 * size


def _stands_alone(text: str, previous: str) -> bool:
    """Return True if a row is a list item, an entry with its date, or an address."""
    if _LABELLED.match(previous) and (_LABELLED.match(text) or _LABEL.fullmatch(text)):
        return True
    if is_address_break(previous, text):
        return False
    return _starts_item(text) or _is_address(text) or _is_address(previous) or "\t" in text


def _starts_item(text: str) -> bool:
    """Return True if a row begins with the sign or the number of a list item."""
    if is_bullet(text[0]):
        # Japanese items have no space behind their bullet.
        return text[1:2].isspace() or (text[0] not in DASHES and _HAS_CJK.search(text[1:8]) is not None)
    return _NUMBERED.match(text) is not None


def _is_address(text: str) -> bool:
    return len(text) <= _MAX_ADDRESS and _ADDRESS.fullmatch(text) is not None


def _is_bold(row: Row) -> bool:
    return all(word.bold for word in row.words)
