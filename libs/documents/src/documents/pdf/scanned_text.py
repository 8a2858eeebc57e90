"""Find invisible words that a picture of the page shows: the result of text recognition (OCR) on a scan.

A scan has ink at each word, and blank paper above it, below it, and between it and the next word.
"""

from collections import defaultdict
from collections.abc import Sequence

from documents.pdf.characters.glyphs import DrawnGlyph
from documents.pdf.rendering import Bitmap

# Differences in grey (0 to 255) along a strip. Noise of scanners and compression stays below the first value,
# print exceeds the second, and a narrow space in a coarse scan lies between them.
_MAX_NOISE = 40
_MIN_INK = 64
# Multiples of the font size, downwards from the baseline: the strips above and below a word that contain
# blank paper, the heights at which all letters but accents and dots have ink, and the height of spaces.
_ABOVE = (-1.3, -0.8)
_BELOW = (0.12, 0.6)
_LETTER_HEIGHTS = (-0.42, -0.28, -0.14)
_MIDDLE = (-0.45, 0.0)
# Multiple of the font size. A wider gap is not a space between words.
_SPACE = 2.0
# The shares of matching words on a page, and in each line. In real scans 98 % of the words match, in pictures
# of another text on the same lines at most 57 % (docs/decisions/0008).
_PAGE_SHARE = 0.8
_LINE_SHARE = 0.5


def find_scanned_words(words: Sequence[Sequence[DrawnGlyph]], picture: Bitmap) -> list[bool]:
    """Return for each word True if it lies in a line that `picture`, the page without its text, shows."""
    matches = [
        _is_shown(word, picture) and _has_space(word, after, picture)
        for word, after in zip(words, [*words[1:], None], strict=True)
    ]
    if sum(matches) < _PAGE_SHARE * len(words):
        return [False] * len(words)
    bases = [round(word[0].glyph.base) for word in words]
    lines: dict[int, list[bool]] = defaultdict(list)
    for base, match in zip(bases, matches, strict=True):
        lines[base].append(match)
    return [sum(lines[base]) >= _LINE_SHARE * len(lines[base]) for base in bases]


def _is_shown(word: Sequence[DrawnGlyph], picture: Bitmap) -> bool:
    if any(drawn.style.rotated for drawn in word):
        return False
    left = max(0, round(picture.scale * min(drawn.glyph.left for drawn in word)))
    right = min(picture.width, round(picture.scale * max(drawn.glyph.right for drawn in word)))
    first = word[0].glyph

    def contrast(y: int) -> int:
        start = y * picture.width
        row = picture.data[start + left : start + right] if 0 <= y < picture.height else b""
        return max(row) - min(row) if row else 0

    def row(place: float) -> int:
        return round(picture.scale * (first.base + place * first.size))

    if not 0 <= left < right or not 0 <= row(0) < picture.height:
        return False
    crossed = sum(contrast(row(place)) >= _MIN_INK for place in _LETTER_HEIGHTS)
    return crossed > len(_LETTER_HEIGHTS) / 2 and all(
        any(contrast(y) < _MAX_NOISE for y in range(row(top), row(bottom) + 1))
        for top, bottom in (_ABOVE, _BELOW)
    )


def _has_space(word: Sequence[DrawnGlyph], after: Sequence[DrawnGlyph] | None, picture: Bitmap) -> bool:
    """Return True if blank paper separates a word from the next one in its line, if there is one."""
    last = word[-1].glyph
    if after is None or abs(after[0].glyph.base - last.base) > 1:
        return True
    gap = after[0].glyph.left - last.right
    if not 0 < gap < _SPACE * last.size:
        return True
    top, bottom = (max(0, round(picture.scale * (last.base + place * last.size))) for place in _MIDDLE)
    x = round(picture.scale * (last.right + gap / 2))
    columns = (
        picture.data[top * picture.width + at : bottom * picture.width : picture.width]
        for at in (x - 1, x, x + 1)
        if 0 <= at < picture.width
    )
    return any(column and max(column) - min(column) < _MIN_INK for column in columns)
