"""Add the bullets of a page that are drawn as shapes or pictures to its words."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace

from documents.layout.rows import Word, group_rows, is_bullet
from documents.pdf.page_objects import Rectangle
from documents.pdf.rendering import Bitmap

# Multiples of the font size: the size of a bullet, its distance from the text, how far it is from the middle
# of lower-case letters, and the white space to its left.
_SIZES = (0.1, 0.85)
_MAX_DISTANCE = 3.0
_MIDDLE = 0.28
_MAX_OFF_MIDDLE = 0.3
_FREE_LEFT = 2.0
# One is narrower or lower than the other by at most this share.
_MIN_ASPECT = 0.6
# Points. Marks of a list begin at the same place and have the same size.
_SAME_PLACE = 1.5
_MIN_CONTRAST = 32
# A single mark is an ornament.
_MIN_MARKS = 2
# The share of marks beside rows in bold: these mark the headings or jobs of a timeline.
_MAX_BOLD = 0.7


def add_drawn_bullets(
    words: Sequence[Word], shapes: Iterable[Rectangle], lines: Sequence[Rectangle], page: Bitmap
) -> list[Word]:
    """Return the words of a page with a bullet for each mark that begins a row of a list.

    Args:
        words: the words in drawing order
        shapes: small shapes and pictures
        lines: tall thin shapes, which join the marks of a timeline
        page: the page without its text
    """
    marks = [shape for shape in shapes if _is_mark(shape, lines) and _is_visible(shape, page)]
    if len(marks) < _MIN_MARKS or not words:
        return list(words)
    found: dict[tuple[int, int], list[tuple[Rectangle, list[Word]]]] = defaultdict(list)
    rows = group_rows(words)
    for mark in marks:
        row = _row_of(mark, rows, marks)
        if row:
            size = round((mark[2] - mark[0]) / _SAME_PLACE)
            found[size, round(mark[0] / _SAME_PLACE)].append((mark, row))
    first_of: dict[int, Rectangle] = {}
    for group in found.values():
        bold = sum(all(word.bold for word in row) for _, row in group)
        if len(group) >= _MIN_MARKS and bold <= _MAX_BOLD * len(group):
            first_of |= {row[0].order: mark for mark, row in group}
    if not first_of:
        return list(words)
    with_bullets: list[Word] = []
    for word in words:
        if place := first_of.get(word.order):
            bullet = replace(word, text="•", left=place[0], right=place[2], order=len(with_bullets))
            with_bullets.append(bullet)
        with_bullets.append(replace(word, order=len(with_bullets)))
    return with_bullets


def _is_mark(shape: Rectangle, lines: Sequence[Rectangle]) -> bool:
    left, top, right, bottom = shape
    width, height = right - left, bottom - top
    if min(width, height) < _MIN_ASPECT * max(width, height):
        return False
    middle = (left + right) / 2
    return not any(
        line[0] - 1 <= middle <= line[2] + 1 and line[1] - 1 <= bottom and line[3] + 1 >= top
        for line in lines
    )


def _is_visible(shape: Rectangle, page: Bitmap) -> bool:
    left, top, right, bottom = shape
    x0, y0, x1, y1 = page.area((left - 1, top - 1, right + 1, bottom + 1))
    pixels = [page.data[y * page.width + x0 : y * page.width + x1] for y in range(y0, y1)]
    values = [value for row in pixels for value in row]
    return bool(values) and max(values) - min(values) >= _MIN_CONTRAST


def _row_of(mark: Rectangle, rows: Sequence[Sequence[Word]], marks: Sequence[Rectangle]) -> list[Word] | None:
    """Return the words to the right of a mark if the mark begins a row."""
    middle, size = (mark[1] + mark[3]) / 2, max(mark[2] - mark[0], mark[3] - mark[1])
    for row in rows:
        after = [word for word in row if word.left >= mark[2] - 0.5]
        if not after:
            continue
        first = after[0]
        off_middle = abs(middle - (first.base - _MIDDLE * first.size))
        if off_middle > _MAX_OFF_MIDDLE * first.size:
            continue
        before = max((word.right for word in row if word.left < mark[2] - 0.5), default=None)
        beside = any(
            other != mark and abs(other[1] - mark[1]) < size and abs(other[0] - mark[0]) < 4 * size
            for other in marks
        )
        if (
            _SIZES[0] * first.size <= size <= _SIZES[1] * first.size
            and first.left - mark[2] <= _MAX_DISTANCE * first.size
            and (before is None or mark[0] - before >= _FREE_LEFT * first.size)
            and not beside
            and not is_bullet(first.text)
        ):
            return _until_gap(after)
        return None
    return None


def _until_gap(words: Sequence[Word]) -> list[Word]:
    """Return the words up to a wide gap, such as the gutter before another column."""
    kept = [words[0]]
    for word in words[1:]:
        if word.left - kept[-1].right > _MAX_DISTANCE * word.size:
            break
        kept.append(word)
    return kept
