"""Recognition of gutters: the white space between two texts that are read one after the other."""

import re
from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import pairwise
from statistics import median
from typing import Final

from documents.layout.headings import heading_type, is_ambiguous
from documents.layout.rows import Piece, Word, count_characters

_MIN_GUTTER: Final = 6.0
# A few rows may reach further into the gutter, such as a long address in a narrow column.
_NARROWEST_GUTTER: Final = 2.5
_REACHING_SHARE: Final = 0.15
# Characters without spaces: about half of a line of text over two columns.
_LONG_ROW: Final = 25
# A smaller side of a gutter is a date or a page number beside a text.
_MIN_SIDE_SHARE: Final = 0.08
_YEAR: Final = re.compile(r"(?:19|20)\d\d")
# Points by which rows side by side may differ in height on the page.
_MAX_OFFSET: Final = 12.0
# A gap in a row is wider than a space: multiples of the font size, and of the other gaps of the row.
_MIN_GAP: Final = 0.36
_WIDER: Final = 1.3
# Points between two words in different styles.
_LEAST_GAP: Final = 1.0


def cut_at(piece: Piece, x: float) -> tuple[Piece, Piece] | None:
    """Cut a piece that crosses the gutter at `x` if a word begins there, after a wide gap."""
    words = piece.words
    for at in range(1, len(words)):
        gap = words[at].left - words[at - 1].right
        if words[at].left < x:
            continue
        if words[at].left > x + 3.0 or words[at - 1].right > x + 0.5:
            return None
        gaps = [second.left - first.right for first, second in pairwise(words)]
        del gaps[at - 1]
        usual = median(gaps) if gaps else 0.0
        wide = gap >= max(_MIN_GAP * words[at].size, _WIDER * usual)
        # A heading in a narrow rail may end right before the text beside it.
        if not wide and (gap < _LEAST_GAP or _style(words[at]) == _style(words[at - 1])):
            return None
        return Piece(words[:at]), Piece(words[at:])
    return None


def _style(word: Word) -> tuple[str, float, bool]:
    return word.font, word.size, word.bold


def is_gutter(left: Sequence[Piece], right: Sequence[Piece], min_rows: int) -> bool:
    """Return True if the two sides are separate texts."""
    start = min(piece.left for piece in right)
    near = [piece for piece in left if start - piece.right < _MIN_GUTTER]
    # Typst lets hyphens hang out of a justified column.
    reaching = sum(not piece.words[-1].text.endswith("-") for piece in near)
    if reaching > _REACHING_SHARE * len(left):
        return False
    if near and start - max(piece.right for piece in left) < _NARROWEST_GUTTER:
        return False
    left_rows, right_rows = _baselines(left), _baselines(right)
    fewer = min(len(left_rows), len(right_rows))
    left_characters, right_characters = count_characters(left), count_characters(right)
    least_characters = _MIN_SIDE_SHARE * (left_characters + right_characters)
    if fewer < min_rows or min(left_characters, right_characters) < least_characters:
        return False
    if not _are_side_by_side(left_rows, right_rows, min_rows):
        return False
    sides = [side for _, side in sorted([(p.order, 0) for p in left] + [(p.order, 1) for p in right])]
    switches = sum(first != second for first, second in pairwise(sides))
    # One side was drawn after the other. A table or a line with a date is drawn row by row.
    if switches <= max(1.0, 0.25 * fewer):
        return True
    if fewer < 3:
        return False
    aligned = sum(_has_baseline_near(base, right_rows) for base in left_rows)
    if len(right_rows) < len(left_rows):
        aligned = sum(_has_baseline_near(base, left_rows) for base in right_rows)
    # The rows of the two sides are not aligned, or both sides have sections.
    if aligned < 0.5 * fewer or (_has_section(left) and _has_section(right)):
        return True
    # Running text on both sides, in whatever order it was drawn: long rows that are not dates.
    long = min(left_characters / len(left_rows), right_characters / len(right_rows)) >= _LONG_ROW
    return fewer >= 4 and long and not (_are_dated(left) or _are_dated(right))


def _has_section(pieces: Sequence[Piece]) -> bool:
    return any(heading_type(piece.text) and not is_ambiguous(piece.text) for piece in pieces)


def _are_side_by_side(left: Sequence[float], right: Sequence[float], min_rows: int) -> bool:
    """Return True if enough rows of each side lie between the first and the last row of the other."""
    top, bottom = max(left[0], right[0]) - _MAX_OFFSET, min(left[-1], right[-1]) + _MAX_OFFSET
    return all(sum(top <= base <= bottom for base in side) >= min_rows for side in (left, right))


def _are_dated(pieces: Sequence[Piece]) -> bool:
    return 2 * sum(_YEAR.search(piece.text) is not None for piece in pieces) >= len(pieces)


def _baselines(pieces: Iterable[Piece]) -> list[float]:
    baselines: list[float] = []
    for base in sorted(piece.base for piece in pieces):
        if not baselines or base - baselines[-1] > 2.0:
            baselines.append(base)
    return baselines


def _has_baseline_near(base: float, others: Sequence[float]) -> bool:
    at = bisect_left(others, base - 1.5)
    return at < len(others) and others[at] <= base + 1.5
