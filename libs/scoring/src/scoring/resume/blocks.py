"""Join the wrapped lines of a section into blocks, and tell bullets from lines that name a position."""

import re
from collections import Counter
from dataclasses import dataclass
from itertools import pairwise, zip_longest
from typing import Final
from unicodedata import category

from scoring.language.date_styles import find_dates
from scoring.language.text import Line, count_japanese, count_words, fold, text_length
from scoring.resume.sections import is_subheading

SEPARATORS = re.compile(r"\s[|｜／/]\s|\t")
# "Acme Inc." ends with a full stop but is not a sentence.
COMPANY = re.compile(r"\b(?:Inc|Ltd|Co|Corp|LLC|K\.K|S\.A|plc|Bros)\.$")
_GLYPH = re.compile(
    r"(?P<glyph>[•‣◦▪▫■□●○◆◇▶►➢➤✓✔·・∙→⇒★☆»›⁃\uf0b7\uf0a7\uf0d8※◎]\ufe0f?)\s*|(?P<dash>[-‐*–—−]|o(?=\s[A-Z]))\s+|(?P<number>\(?\d{1,2}[.)])\s+"
)
_SYMBOL = re.compile(r"[^\w\s]\ufe0f?[^\S\r\n]{1,3}(?=\S)")
# These may be the rest of a sentence ("> 99 %") or the edge of a table ("| ").
_NO_EVIDENCE = re.compile(r"\||[+<=>~±]\s*[\d$€£¥]")
# Signs that are usual in text, too: "-Built", "① Built", "a) Built", "(b) Built" and "iv. Built".
_RARE_SIGNS: Final = (
    ("-", re.compile(r"[-‐–—−](?=[A-Z][a-z]|[ぁ-ヿ一-鿿])")),
    ("①", re.compile(r"[①-⑳❶-❿➀-➉]\s*(?=\S)")),
    ("1.", re.compile(r"(?:\(?[a-z]\)|[ivx]{1,4}\.)[^\S\r\n]{1,3}(?=\S)")),
)
_LONE_SIGN = re.compile(r"[•‣◦▪▫■□●○◆◇▶►➢➤✓✔·・∙»›⁃\uf0b7\uf0a7\uf0d8\-‐*–—−]\ufe0f?")
_LABEL = re.compile(r"\s{0,2}[【\[]?(?P<label>[^:：\]】]{2,24})[\]】]?\s?[:：]")
_COMMAS = re.compile(r"[,、，;/／・|]")
# Signs that introduce a position in Japanese resumes as often as a bullet.
_ORNAMENTS: Final = frozenset("■□◆◇●○◎※★☆①")
# A line that ends like this continues on the next one.
_CONTINUES = re.compile(
    r"(?:[,&/-]|\b(?:and|or|of|the|a|an|in|on|at|to|for|with|by|from|using|via|as|into|than|over|under|about|its"
    r"|their|our|per|between|within|across|through|nearly|around|up|that|which))$"
)
# A Japanese line that ends with an employer names a position, unless a sentence runs on before it.
_EMPLOYER = re.compile(
    "(?:株式会社|有限会社|合同会社)[^、。をにがで]{0,15}$|(?:株式会社|有限会社|合同会社|[(（]株[)）])$"
)
_RUNS_ON = re.compile("[、，をはがにでのとへも・]$")
_FIGURE = re.compile(r"[$€£¥+~<>(]?\d")
# Text narrower than this was written in short lines rather than wrapped.
_NARROWEST: Final = 40
_NAME = re.compile(r"[^\W\d_]{4,}")
# The most words in a line that names an employer or a project, and the least share of capitalised ones.
_NAME_WORDS: Final = 12
_CAPITALISED: Final = 0.6
# The fewest items of a list of tools.
_LISTED: Final = 5
# The least length of a line without a sign that counts as a bullet.
BULLET_WORDS: Final = 6


@dataclass(slots=True)
class Block:
    """A paragraph `text[start:end]` without its bullet sign. `glyph` is None for a line without a sign."""

    start: int
    end: int
    glyph: str | None


def find_blocks(text: str, inside: list[Line], width: int) -> list[Block]:
    """Join wrapped lines into blocks. `width` is the length of a full line in characters."""
    blocks: list[Block] = []
    read = [_sign(text, line) for line in inside]
    signs = Counter(
        sign
        for line, (sign, _) in zip(inside, read, strict=True)
        if not _NO_EVIDENCE.match(text, line.start, line.end)
    )
    previous: Line | None = None
    lone = ""
    for line, (sign, length) in zip(inside, read, strict=True):
        if is_subheading(text[line.start : line.end]):
            previous, lone = None, ""
            continue
        above, lone = lone, ""
        match = _GLYPH.match(text, line.start, line.end)
        if sign and signs[sign] > 1:
            if length == line.end - line.start:
                lone = sign
                continue
            blocks.append(Block(line.start + length, line.end, sign))
        elif match and match.end() < line.end:
            glyph = match["glyph"] or match["dash"] or "1."
            blocks.append(Block(match.end(), line.end, glyph))
        elif above:
            blocks.append(Block(line.start, line.end, above))
        elif previous is not None and blocks and _continues(text, blocks[-1], previous, line, width):
            blocks[-1].end = line.end
        else:
            blocks.append(Block(line.start, line.end, None))
        previous = line
    return blocks


def _sign(text: str, line: Line) -> tuple[str, int]:
    """Return a sign that introduces list items if two lines share it, with its length, or ("", 0)."""
    if _LONE_SIGN.fullmatch(text, line.start, line.end):
        return text[line.start : line.end], line.end - line.start
    match = _SYMBOL.match(text, line.start, line.end)
    if match and category(match.group()[0]) in ("So", "Sk", "Sm"):
        return match.group().strip(), len(match.group())
    for sign, pattern in _RARE_SIGNS:
        if match := pattern.match(text, line.start, line.end):
            return sign, len(match.group())
    return "", 0


def _continues(text: str, block: Block, previous: Line, line: Line, width: int) -> bool:
    """Return whether a line without a sign continues the block that `previous` ends."""
    if line.apart or SEPARATORS.search(text, line.start, line.end):
        return False
    last = text[previous.end - 1]
    if last in "。.!?:：":
        return False
    if text[line.start].islower():
        return True
    if block.glyph and _finishes_bullet(text, block, previous, line):
        return True
    if _count_dates(text, line.start, line.end) or _count_dates(text, previous.start, previous.end):
        return False
    # The line was wrapped if the next word did not fit.
    room = width - (previous.end - previous.start)
    first_word = text[line.start : min(line.end, line.start + 30)].split(maxsplit=1)[0]
    japanese = count_japanese(first_word) > 0
    if width <= _NARROWEST or room >= (2 if japanese else len(first_word) + 1):
        return False
    if _EMPLOYER.search(text, line.start, line.end) and not _RUNS_ON.search(
        text, previous.start, previous.end
    ):
        return False
    # A short capitalised line after a full one may name the next position, unless the sentence continues.
    is_title = text[line.start].isupper() and count_words(text[line.start : line.end]) <= BULLET_WORDS
    return japanese or not is_title or _CONTINUES.search(text, previous.start, previous.end) is not None


def _finishes_bullet(text: str, block: Block, previous: Line, line: Line) -> bool:
    """Return whether a line that starts with a figure or a capital is the rest of the bullet above it."""
    if _count_dates(text, line.start, line.end) > 1:
        return False
    if _CONTINUES.search(text, previous.start, previous.end):
        return True
    content = text[block.start : block.end]
    if content.count("(") > content.count(")"):
        return True
    if _count_dates(text, line.start, line.end) or previous.end - previous.start < _NARROWEST:
        return False
    if _FIGURE.match(text, line.start):
        return True
    # Names of employers end without a full stop.
    rest = text[line.start : line.end]
    return rest.endswith(".") and not COMPANY.search(rest) and not _is_name(rest)


def _count_dates(text: str, start: int, end: int) -> int:
    return len(find_dates(fold(text[start:end])))


def unmark_headers(text: str, blocks: list[Block], list_labels: frozenset[str]) -> None:
    """Remove the signs of blocks that name a position, an employer or a project rather than describe work."""
    has_plain = any(block.glyph and block.glyph not in _ORNAMENTS for block in blocks)
    parents = _parent_signs(text, blocks)
    headers = []
    for block, after in zip_longest(blocks, blocks[1:]):
        if block.glyph is None or is_listing(text, block, list_labels):
            continue
        content = text[block.start : block.end]
        has_inner = after is not None and after.glyph is not None and after.glyph != block.glyph
        if block.glyph in _ORNAMENTS and has_plain and block.glyph in parents:
            headers.append(block)
            continue
        is_titled = has_inner and block.glyph not in _ORNAMENTS
        if _is_name(content) and (is_titled or _count_dates(text, block.start, block.end) > 1):
            headers.append(block)
    # Without bullets below them, the names are the bullets: a list of projects.
    if len(headers) < sum(block.glyph is not None for block in blocks):
        for block in headers:
            block.glyph = None


def _parent_signs(text: str, blocks: list[Block]) -> set[str]:
    """Return the signs of which most blocks have a block with another sign below them.

    In Japanese the block below may be a line without a sign, which describes the project.
    """
    counts: Counter[str] = Counter()
    parents: Counter[str] = Counter()
    for block, after in pairwise(blocks):
        if block.glyph:
            counts[block.glyph] += 1
            is_parent = after.glyph is not None or _is_japanese(text[block.start : block.end])
            parents[block.glyph] += is_parent and after.glyph != block.glyph
    return {sign for sign, count in counts.items() if 2 * parents[sign] > count}


def _is_japanese(content: str) -> bool:
    return count_japanese(content) > len(content) // 3


def _is_name(content: str) -> bool:
    """Return whether a line is a name with its dates: few words, capitalised, and no sentence."""
    if content.endswith((".", "。", ";")) and not COMPANY.search(content):
        return False
    if _is_japanese(content):
        return _count_dates(content, 0, len(content)) > 1
    words = _NAME.findall(content)
    return 0 < len(words) <= _NAME_WORDS and sum(word[0].isupper() for word in words) >= _CAPITALISED * len(
        words
    )


def is_listing(text: str, block: Block, list_labels: frozenset[str]) -> bool:
    """Return whether a line lists tools: "Technologies: Python, AWS", or items of a word or two each."""
    content = text[block.start : block.end]
    label = _LABEL.match(content)
    if label and fold(label["label"]).strip() in list_labels:
        return True
    items = len(_COMMAS.findall(content)) + 1
    if items < _LISTED:
        return False
    japanese = _is_japanese(content)
    return text_length(content, japanese=japanese) < items * (8 if japanese else 3)
