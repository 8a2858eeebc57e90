"""PDF: words that are not drawn but that a picture shows: text recognition on a scan. Pure.

A scan has ink where a word is, and blank paper above it, below it, and between it and the next word.
"""

from collections import defaultdict
from collections.abc import Sequence

from documents.pdf.glyphs import Mark
from documents.pdf.rendering import Pixels

# Steps of grey, of 255, across a strip: noise of a scanner and of compression stays below the first, print is
# above the second, and a narrow space in a coarse scan is between them.
_QUIET = 40
_INK = 64
# In units of the size of type, from the base line downwards: where blank paper is looked for above and below
# a word, the lines that all letters but accents and dots cross, and where words are parted.
_ABOVE = (-1.3, -0.8)
_BELOW = (0.12, 0.6)
_CROSSED = (-0.42, -0.28, -0.14)
_MIDDLE = (-0.45, 0.0)
# Wider is no space between words.
_SPACE = 2.0
# Of the words of a page, and then of each line, so many have to fit. Of real scans 98 in 100 words do, of
# another text on the same lines 57 at most (docs/decisions/0008).
_PAGE_SHARE = 0.8
_LINE_SHARE = 0.5


def find_pictured(words: Sequence[Sequence[Mark]], bare: Pixels) -> list[bool]:
    """Return for each word whether it stands in a line that the page without its texts shows."""
    fits = [
        _is_shown(word, bare) and _has_space(word, after, bare)
        for word, after in zip(words, [*words[1:], None], strict=True)
    ]
    if sum(fits) < _PAGE_SHARE * len(words):
        return [False] * len(words)
    lines: dict[int, list[bool]] = defaultdict(list)
    for word, fit in zip(words, fits, strict=True):
        lines[round(word[0].glyph.base)].append(fit)
    return [
        sum(lines[round(word[0].glyph.base)]) >= _LINE_SHARE * len(lines[round(word[0].glyph.base)])
        for word in words
    ]


def _is_shown(word: Sequence[Mark], bare: Pixels) -> bool:
    if any(mark.style.turned for mark in word):
        return False
    left = max(0, round(bare.scale * min(mark.glyph.left for mark in word)))
    right = min(bare.width, round(bare.scale * max(mark.glyph.right for mark in word)))
    first = word[0].glyph

    def contrast(y: int) -> int:
        row = bare.data[y * bare.width + left : y * bare.width + right] if 0 <= y < bare.height else b""
        return max(row) - min(row) if row else 0

    def row(place: float) -> int:
        return round(bare.scale * (first.base + place * first.size))

    if not 0 <= left < right or not 0 <= row(0) < bare.height:
        return False
    crossed = sum(contrast(row(place)) >= _INK for place in _CROSSED)
    return crossed > len(_CROSSED) / 2 and all(
        any(contrast(y) < _QUIET for y in range(row(top), row(bottom) + 1))
        for top, bottom in (_ABOVE, _BELOW)
    )


def _has_space(word: Sequence[Mark], after: Sequence[Mark] | None, bare: Pixels) -> bool:
    """Whether blank paper parts a word from the next one in its line, if there is one."""
    last = word[-1].glyph
    if after is None or abs(after[0].glyph.base - last.base) > 1:
        return True
    gap = after[0].glyph.left - last.right
    if not 0 < gap < _SPACE * last.size:
        return True
    top, bottom = (max(0, round(bare.scale * (last.base + place * last.size))) for place in _MIDDLE)
    x = round(bare.scale * (last.right + gap / 2))
    columns = (
        bare.data[top * bare.width + at : bottom * bare.width : bare.width]
        for at in (x - 1, x, x + 1)
        if 0 <= at < bare.width
    )
    return any(column and max(column) - min(column) < _INK for column in columns)
