"""Recognise the headings of a job, and labels in front of a text ("Location: Leeds", "【必須】")."""

import re
from dataclasses import dataclass
from typing import Final, Literal, cast

from scoring.language.text import fold

from matching.patterns import load_patterns

Part = Literal[
    "must",
    "nice",
    "duties",
    "persona",
    "education",
    "language",
    "certificate",
    "location",
    "ignored",
    "unknown",
]
# Searched in the order of the file. The first that fits names the part.
_PARTS: Final = [(cast("Part", part), pattern) for part, pattern in load_patterns("headings").items()]
_REQUIRED = re.compile(r"必須|must|required|minimum|basic qual|essential")
_PREFERRED = re.compile(r"preferred|歓迎|nice")
_LONGEST: Final = 60
_MOST_WORDS: Final = 8
# A label in front of a text is shorter than a heading.
_LABEL_WORDS: Final = 5
_EMOJI: Final = r"\u2600-\u27bf\ufe0f\U0001f300-\U0001faff"
_SIGNS: Final = rf"■□●○◆◇▼▽★☆◎※#*=~•・▪▶►→\-–—{_EMOJI}"
_ORNAMENT = re.compile(rf"^[\s{_SIGNS}【\[〔＜<《「『]+|[\s{_SIGNS}】\]〕＞>》」』:：]+$")
_CLOSED = re.compile(r"^\s*[【\[〔＜<《■◆▼◇□◎#=]|[:：】〕＞》]\s*$")
# These introduce a heading as often as an item.
_HEADING_SIGNS: Final = "●○★☆◎※▶►"
_BULLET = re.compile(
    r"^\s*(?:[•‣◦▪▫·・∙●○✓✔✅➢➤►▶→⇒»›\uf0b7\uf0a7※◎★☆-]|[-–—*+](?=\s)|\(?\d{1,2}[.)](?=\s)|[①-⑳]|\(?[a-z]\)\s)"
    r"\ufe0f?\s*"
)
_LABEL = re.compile(
    # Possessive and without a blank at its start, because runs of blanks take cubic time otherwise.
    r"^\s*+[【\[〔＜《]?(?P<label>(?=\S)[^:：\t|｜】\]〕＞》]{2,40}?)(?:[】\]〕＞》]\s*[:：]?|\s*[:：\t|｜])\s*(?P<value>\S.*)$"
)
_SENTENCE_END = re.compile(r"[.!?。！？,、;；]\s*$")
_SENTENCE_END_JA = re.compile(r"(?:です|ます|した|する|方|こと)$")


@dataclass(frozen=True, slots=True)
class Title:
    """A heading. `rest` is the offset in its line at which a text follows, or None."""

    part: Part
    rest: int | None = None


def bullet_end(line: str) -> int:
    """Return the length of the bullet sign in front of a line, or 0."""
    match = _BULLET.match(line)
    return match.end() if match else 0


def read_title(line: str) -> Title | None:
    """Return the heading that a line is, or the label in front of its text."""
    sign = bullet_end(line)
    bare = _ORNAMENT.sub("", _ORNAMENT.sub("", line))
    label = _LABEL.match(line, sign)
    has_text = label is not None and label["value"].strip("】]〕＞》:： ") != ""
    if 2 <= len(bare) <= _LONGEST and len(bare.split()) <= _MOST_WORDS and not has_text:
        part = _part_of(fold(bare))
        is_closed = _CLOSED.search(line) is not None
        if is_closed and (part != "unknown" or not sign):
            return Title(part)
        if (
            part != "unknown"
            and (not sign or line.lstrip()[0] in _HEADING_SIGNS)
            and not _is_sentence(line, bare)
        ):
            return Title(part)
    if label and len(label["label"].split()) <= _LABEL_WORDS:
        part = _part_of(fold(_ORNAMENT.sub("", label["label"])).strip())
        if part != "unknown":
            return Title(part, label.start("value"))
    return None


def _is_sentence(line: str, bare: str) -> bool:
    return bool(_SENTENCE_END.search(line) or _SENTENCE_END_JA.search(bare))


def _part_of(folded: str) -> Part:
    for part, pattern in _PARTS:
        if pattern.search(folded):
            # "Required (others are welcome)" is about what is required.
            is_must = part == "nice" and _REQUIRED.search(folded) and not _PREFERRED.search(folded)
            return "must" if is_must else part
    return "unknown"
