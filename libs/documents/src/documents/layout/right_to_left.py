"""Give the words of Arabic and Hebrew pages positions that follow each other in reading order.

A page that is mostly written from right to left is mirrored, so that its columns, lists and paragraphs are
found like those of any other page. Then the words of the other direction are turned back where they stand,
since "Senior Engineer" runs from left to right also within an Arabic line.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from documents.layout.rows import Word, group_rows, split_row

# Without digits, which run from left to right.
RIGHT_TO_LEFT: Final = re.compile("[\u0590-\u065f\u066a-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
# All of these sort behind it, and the Latin letters before it.
FIRST_RIGHT_TO_LEFT: Final = "\u0590"
_LETTER: Final = re.compile(r"[^\W\d_]")
# Multiple of the font size: words of two scripts that are closer are one word ("ב-Kafka").
_TOUCH: Final = 0.12
# Signs at the edge of a number or of Latin words in an Arabic line stand on its other side. "%" and the like
# belong to the number, and so do brackets around it.
_SIGNS: Final = r".,:;!?\"'،؛؟/\-–"
_BRACKETS: Final = r"()\[\]{}<>«»"
_MIRRORED: Final = str.maketrans("()[]{}<>«»", ")(][}{><»«")
# Arabic digits run from left to right, but a dash between two numbers does not join them.
_ARABIC_RANGE: Final = re.compile(r"([\u0660-\u0669\u06f0-\u06f9]+)([-–—])([\u0660-\u0669\u06f0-\u06f9]+)")


def is_right_to_left(words: Sequence[Word]) -> bool:
    """Return True if most letters of a page are Arabic or Hebrew."""
    text = "".join(word.text for word in words)
    right_to_left = len(RIGHT_TO_LEFT.findall(text))
    return right_to_left > 0 and 2 * right_to_left > len(_LETTER.findall(text))


def order_by_direction(words: Sequence[Word], *, width: float, mirrored: bool) -> list[Word]:
    """Return the words with positions from left to right in reading order.

    Args:
        words: the words of a page
        width: the width of the page
        mirrored: True if the page is written from right to left
    """
    if not mirrored and not any(RIGHT_TO_LEFT.search(word.text) for word in words):
        return list(words)
    if mirrored:
        words = [_mirror(word, 0.0, width) for word in words]
    return [
        word
        for row in group_rows(words)
        for piece in split_row(row)
        for word in _join_touching(_order_piece(piece.words, mirrored=mirrored))
    ]


def _mirror(word: Word, left: float, right: float) -> Word:
    """Mirror the place of a word between two positions."""
    total = left + right
    return replace(word, left=total - word.right, right=total - word.left)


def _turn_around(words: Sequence[Word]) -> list[Word]:
    left, right = min(word.left for word in words), max(word.right for word in words)
    return [_mirror(word, left, right) for word in reversed(words)]


def _order_piece(words: Sequence[Word], *, mirrored: bool) -> list[Word]:
    directions = {_direction(word) for word in words}
    # A piece in one script has the direction of the script, any other that of the page.
    backwards = mirrored if {"R", "L"} <= directions or not directions & {"R", "L"} else "R" in directions
    ordered = list(words) if backwards == mirrored else _turn_around(words)
    if not backwards:
        return _turn_runs(ordered, "R")
    # From left to right on the page a Latin run begins with a letter: "Python 3" is one, "3 Python" is not.
    return _turn_runs(ordered[::-1], "L")[::-1]


def _direction(word: Word) -> str:
    """Return "R" or "L" for the direction of a word, "N" for a number, and "" for signs."""
    if RIGHT_TO_LEFT.search(word.text):
        return "R"
    if _LETTER.search(word.text):
        return "L"
    return "N" if any(character.isdigit() for character in word.text) else ""


def _turn_runs(words: list[Word], direction: str) -> list[Word]:
    """Turn each run of words of a direction around, with the numbers and signs within it."""
    result: list[Word] = []
    for found, turned in _runs(words, direction):
        is_left_to_right = direction == "L" and _direction(found[0]) in ("L", "N")
        run = _turn_edges(found) if is_left_to_right else found
        result += _turn_around(run) if turned else run
    return result


def _runs(words: list[Word], direction: str) -> Iterator[tuple[list[Word], bool]]:
    ends = (direction,) if direction == "R" else (direction, "N")
    at = 0
    while at < len(words):
        if _direction(words[at]) != direction:
            yield [words[at]], False
            at += 1
            continue
        end = last = at
        while end < len(words) and _direction(words[end]) in (direction, "N", ""):
            last = end if _direction(words[end]) in ends else last
            end += 1
        yield words[at : last + 1], True
        at = last + 1


def _turn_edges(run: Sequence[Word]) -> list[Word]:
    """Put the signs around Latin words or a number in an Arabic line on the side where they are read."""
    texts = [_ARABIC_RANGE.sub(r"\3\2\1", word.text) for word in run]
    whole = " ".join(texts)
    is_balanced = all(whole.count(first) == whole.count(last) for first, last in ("()", "[]"))
    signs = _SIGNS if is_balanced else _SIGNS + _BRACKETS
    before = re.match(f"[{signs}]*", texts[0])
    after = re.search(f"[{signs}]*$", texts[-1])
    if not before or not after or before.end() == len(texts[0]):
        return list(run)
    texts[-1] = texts[-1][: after.start()]
    texts[0] = after[0][::-1].translate(_MIRRORED) + texts[0][before.end() :]
    texts[-1] += before[0][::-1].translate(_MIRRORED)
    return [replace(word, text=text) for word, text in zip(run, texts, strict=True)]


def _join_touching(words: Sequence[Word]) -> list[Word]:
    """Join words of two scripts without a space between them."""
    joined: list[Word] = []
    for word in words:
        last = joined[-1] if joined else None
        if last is None or "R" not in (_direction(last), _direction(word)):
            joined.append(word)
        elif word.left - last.right < _TOUCH * word.size and _direction(last) != _direction(word):
            joined[-1] = replace(
                last,
                text=last.text + word.text,
                left=min(last.left, word.left),
                right=max(last.right, word.right),
            )
        else:
            joined.append(word)
    return joined
