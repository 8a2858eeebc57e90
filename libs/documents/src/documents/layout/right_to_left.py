"""Read Arabic and Hebrew pages: join letters into words whose positions follow each other in reading order.

A page that is mostly written from right to left is mirrored, so that its columns, lists and paragraphs are
found like those of any other page. Then Latin words and numbers are turned back where they stand, since
"Senior Engineer" and "2021" run from left to right also within an Arabic line. The order in which the file
draws the letters does not matter, because programs differ in it. The rules are those of the Unicode
bidirectional algorithm, applied backwards.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Final

from documents.layout.rows import Word, group_rows, split_row

# Without digits, which run from left to right.
_RIGHT_TO_LEFT: Final = re.compile("[\u0590-\u065f\u066a-\u06ef\u06fa-\u08ff\ufb1d-\ufdff\ufe70-\ufefc]")
_HEBREW: Final = re.compile("[\u0590-\u05ff\ufb1d-\ufb4f]")
_LETTER: Final = re.compile(r"[^\W\d_]")
# Multiple of the font size: letters that are closer belong to one word.
_TOUCH: Final = 0.12
# Signs that join two numbers, only in Hebrew in the case of the dash, and those that stand beside one.
_SEPARATORS: Final = frozenset(".,:/")
_DASHES: Final = frozenset("-–")
_BEFORE_NUMBER: Final = frozenset("$€£¥₪")
_AFTER_WORD: Final = frozenset("%+#")
_OPENING, _CLOSING = "([{", ")]}"
# The number of a list item, whose bracket is stored as it is drawn.
_NUMBERED: Final = re.compile(r"\w{1,2}\(")
_SWAPPED: Final = str.maketrans("()[]{}", ")(][}{")


def may_be_right_to_left(characters: Iterable[str]) -> bool:
    """Return True if a letter among the characters is Arabic or Hebrew."""
    return _RIGHT_TO_LEFT.search("".join(characters)) is not None


def is_right_to_left(letters: Sequence[Word]) -> bool:
    """Return True if most letters of a page are Arabic or Hebrew."""
    text = "".join(word.text for word in letters)
    right_to_left = len(_RIGHT_TO_LEFT.findall(text))
    return right_to_left > 0 and 2 * right_to_left > len(_LETTER.findall(text))


def join_letters(letters: Sequence[Word], *, width: float, mirrored: bool) -> list[Word]:
    """Return the words of a page in drawing order, with positions from left to right in reading order.

    Args:
        letters: the characters of the page, each as a word of its own
        width: the width of the page
        mirrored: True if the page is written from right to left
    """
    if mirrored:
        letters = [_mirror(letter, 0.0, width) for letter in letters]
    words = [
        word
        for row in group_rows(letters)
        for piece in split_row(_attach_marks(row))
        for word in _renumber(_turn_brackets(_join_touching(_order_piece(piece.words, mirrored=mirrored))))
    ]
    return sorted(words, key=lambda word: word.order)


def _renumber(words: Sequence[Word]) -> list[Word]:
    """Let the words of a piece follow each other in drawing order: programs draw them from either side."""
    orders = sorted(word.order for word in words)
    return [replace(word, order=order) for word, order in zip(words, orders, strict=True)]


def _mirror(letter: Word, left: float, right: float) -> Word:
    """Mirror the place of a letter between two positions."""
    total = left + right
    return replace(letter, left=total - letter.right, right=total - letter.left)


def _turn_around(letters: Sequence[Word]) -> list[Word]:
    left, right = min(each.left for each in letters), max(each.right for each in letters)
    return [_mirror(each, left, right) for each in reversed(letters)]


def _attach_marks(row: Sequence[Word]) -> list[Word]:
    """Append vowel marks, which are drawn over letters, to the letters below them."""
    marks: list[Word] = []
    letters: list[Word] = []
    for each in row:
        is_mark = all(unicodedata.category(character) == "Mn" for character in each.text)
        (marks if is_mark else letters).append(each)
    if not letters:
        return list(row)
    for mark in marks:
        middle = mark.left + mark.right
        at = min(range(len(letters)), key=lambda at: abs(letters[at].left + letters[at].right - middle))
        letters[at] = replace(letters[at], text=letters[at].text + mark.text)
    return letters


def _direction(text: str) -> str:
    """Return "R" or "L" for letters, "N" for digits, and "" for signs."""
    if _RIGHT_TO_LEFT.search(text):
        return "R"
    if _LETTER.search(text):
        return "L"
    return "N" if any(character.isdigit() for character in text) else ""


def _order_piece(letters: Sequence[Word], *, mirrored: bool) -> list[Word]:
    directions = {_direction(each.text) for each in letters}
    # A piece in one script has the direction of the script, any other that of the page.
    both = {"R", "L"} <= directions or not directions & {"R", "L"}
    backwards = mirrored if both else "R" in directions
    ordered = list(letters) if backwards == mirrored else _turn_around(letters)
    if backwards:
        return _turn_left_to_right(ordered)
    return [
        each
        for run, turned in _runs(ordered, _foreign_runs(ordered))
        for each in (_turn_left_to_right(_turn_around(run)) if turned else run)
    ]


def _turn_left_to_right(ordered: list[Word]) -> list[Word]:
    """Turn the Latin words and numbers around that stand between letters in order from right to left."""
    drawn = ordered[::-1]
    runs = _runs(drawn, _latin_runs(drawn))
    return [each for run, turned in runs for each in (_turn_around(run) if turned else run)][::-1]


def _runs(letters: list[Word], spans: list[tuple[int, int]]) -> Iterator[tuple[list[Word], bool]]:
    """Divide letters into the spans and the rest, each with True for a span."""
    at = 0
    for start, end in spans:
        yield letters[at:start], False
        yield letters[start:end], True
        at = end
    yield letters[at:], False


def _foreign_runs(letters: Sequence[Word]) -> list[tuple[int, int]]:
    """Return the spans from one letter of a right-to-left script to the last before a Latin one."""
    spans: list[tuple[int, int]] = []
    for at, each in enumerate(letters):
        direction = _direction(each.text)
        if (
            direction == "R"
            and spans
            and "L" not in {_direction(it.text) for it in letters[spans[-1][1] : at]}
        ):
            spans[-1] = (spans[-1][0], at + 1)
        elif direction == "R":
            spans.append((at, at + 1))
    return spans


def _latin_runs(drawn: Sequence[Word]) -> list[tuple[int, int]]:
    """Return the spans of Latin words, each with the numbers behind them, and of single numbers."""
    spans: list[tuple[int, int]] = []
    directions = [_direction(each.text) for each in drawn]
    at = 0
    while at < len(drawn):
        if directions[at] not in ("L", "N"):
            at += 1
            continue
        end = (
            _end_of_words(directions, at) if directions[at] == "L" else _end_of_number(drawn, directions, at)
        )
        start = at - 1 if at and drawn[at - 1].text in _BEFORE_NUMBER and _touches(drawn, at) else at
        while end < len(drawn) and _touches(drawn, end) and _belongs_to_words(drawn[end].text, drawn[at:end]):
            end += 1
        spans.append((max(start, spans[-1][1] if spans else 0), end))
        at = end
    return spans


def _belongs_to_words(sign: str, words: Sequence[Word]) -> bool:
    """Return True for the sign of "40%" and "C#", and for a bracket that closes one within the words."""
    if sign in _CLOSING:
        text = "".join(each.text for each in words)
        return text.count(_OPENING[_CLOSING.index(sign)]) > text.count(sign)
    return sign in _AFTER_WORD


def _end_of_words(directions: Sequence[str], start: int) -> int:
    end = start + 1
    for at in range(start + 1, len(directions)):
        if directions[at] == "R":
            break
        end = at + 1 if directions[at] else end
    return end


def _end_of_number(drawn: Sequence[Word], directions: Sequence[str], start: int) -> int:
    """Return the end of a number, with the numbers that a separator or a dash joins to it."""
    behind = next((each.text for each in drawn[start:] if _direction(each.text) in ("L", "R")), "")
    is_arabic = _RIGHT_TO_LEFT.search(behind) is not None and _HEBREW.search(behind) is None
    end = start + 1
    while end < len(drawn) and _touches(drawn, end):
        is_joint = drawn[end].text in _SEPARATORS or (
            drawn[end].text in _DASHES and _joins_numbers(drawn, end, is_arabic=is_arabic)
        )
        if directions[end] != "N" and not (is_joint and directions[end + 1 : end + 2] == ["N"]):
            break
        end += 1
    return end


def _joins_numbers(drawn: Sequence[Word], at: int, *, is_arabic: bool) -> bool:
    """Return True if the numbers around a dash run from left to right, as in Hebrew or as years tell."""
    left = "".join(each.text for each in drawn[max(0, at - 4) : at])
    right = "".join(each.text for each in drawn[at + 1 : at + 5])
    if left.isdigit() and right.isdigit() and len(left) == len(right) == 4:
        return left <= right
    return not is_arabic


def _touches(letters: Sequence[Word], at: int) -> bool:
    """Return True if there is no space between a letter and the one before it, on whichever side."""
    one, other = sorted(letters[at - 1 : at + 1], key=lambda each: each.left)
    return other.left - one.right < _TOUCH * other.size


def _join_touching(letters: Sequence[Word]) -> list[Word]:
    joined: list[Word] = []
    for letter in letters:
        if joined and letter.left - joined[-1].right < _TOUCH * letter.size:
            last = joined[-1]
            joined[-1] = replace(
                last,
                text=last.text + letter.text,
                right=max(last.right, letter.right),
                order=min(last.order, letter.order),
            )
        else:
            joined.append(letter)
    return joined


def _turn_brackets(words: list[Word]) -> list[Word]:
    """Swap brackets that close before they open: programs differ in whether they store what they draw."""
    if words and _NUMBERED.fullmatch(words[0].text):
        return [replace(words[0], text=words[0].text[:-1] + ")"), *words[1:]]
    turned: set[tuple[int, int]] = set()
    closed: tuple[int, int] | None = None
    depth = 0
    for number, word in enumerate(words):
        for at, character in enumerate(word.text):
            if character in _OPENING and closed is None:
                depth += 1
            elif character in _OPENING and closed is not None:
                turned |= {closed, (number, at)}
                closed = None
            elif character in _CLOSING and depth:
                depth -= 1
            elif character in _CLOSING:
                closed = (number, at)
    if not turned or depth or closed:
        return words
    return [
        replace(
            word,
            text="".join(
                character.translate(_SWAPPED) if (number, at) in turned else character
                for at, character in enumerate(word.text)
            ),
        )
        for number, word in enumerate(words)
    ]
