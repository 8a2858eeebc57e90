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
_MARKED = re.compile(rf"^\s*[【\[〔＜<《■◆●▼◇□★◎#*={_EMOJI}]|[:：】〕＞》]\s*$")
_BULLET = re.compile(
    r"^\s*(?:[•‣◦▪▫·・∙●○✓✔✅➢➤►▶→⇒»›\uf0b7\uf0a7※◎★☆-]|[-–—*+](?=\s)|\(?\d{1,2}[.)](?=\s)|[①-⑳]|\(?[a-z]\)\s)"
    r"\ufe0f?\s*"
)
_LABEL = re.compile(
    r"^\s*[【\[〔＜《]?(?P<label>[^:：\t|｜】\]〕＞》]{2,40}?)(?:[】\]〕＞》]\s*[:：]?|\s*[:：\t|｜])\s*(?P<value>\S.*)$"
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
    is_marked = _MARKED.search(line) is not None
    if 2 <= len(bare) <= _LONGEST and len(bare.split()) <= _MOST_WORDS:
        part = _part_of(fold(bare))
        is_item = sign > 0 and not is_marked
        if is_marked or (
            not is_item
            and part != "unknown"
            and not _SENTENCE_END.search(line)
            and not _SENTENCE_END_JA.search(bare)
        ):
            has_label = _LABEL.match(line)
            if not (has_label and has_label["value"].strip("】]〕＞》:： ")):
                return Title(part)
    label = _LABEL.match(line, sign)
    if label and len(label["label"].split()) <= _LABEL_WORDS:
        part = _part_of(fold(_ORNAMENT.sub("", label["label"])).strip())
        if part != "unknown":
            return Title(part, label.start("value"))
    return None


def _part_of(folded: str) -> Part:
    for part, pattern in _PARTS:
        if pattern.search(folded):
            # "Required (others are welcome)" is about what is required.
            is_must = part == "nice" and _REQUIRED.search(folded) and not _PREFERRED.search(folded)
            return "must" if is_must else part
    return "unknown"
