"""Divide the text of a job into sentences, each with the part that its heading names."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from scoring.language.text import Span, fold

from matching.job.headings import Part, bullet_end, read_title

_LINE = re.compile(r"[^\r\n\f\v\x85\u2028\u2029]+")
# A full stop before a capital ends a sentence, unless it belongs to an abbreviation.
_ABBREVIATED: Final = r"(?<![ .(][A-Z])(?<!e\.g)(?<!i\.e)(?<!\betc)(?<!Ph)(?<! incl)(?<!approx)"
_END = re.compile(rf"{_ABBREVIATED}[.!?]\s+(?=[\"'A-Z0-9•À-ÖА-Я])|[。！？]\s*|(?<!\s)\s+[•●▪✓✔]\s+")
# These introduce headings and items alike. A line of few characters behind one is a heading.
_LIST_SIGNS: Final = frozenset("■◆◇□▼●○◎★☆※▶►")
_SHORT_HEADING: Final = 5
# A sentence of an advertisement is rarely this long. A longer one is divided at its next space.
_LONGEST: Final = 500


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence `text[start:end]` under a heading. `is_item` is set for an item of a list."""

    start: int
    end: int
    part: Part
    is_item: bool
    # The label in front of it, folded, or "".
    label: str = ""


def find_sentences(text: str) -> Iterator[Sentence]:
    """Yield the sentences of a job in order."""
    part: Part = "unknown"
    lines = [match for match in _LINE.finditer(text) if match.group().strip()]
    signs = ["", *(match.group().lstrip()[0] for match in lines), ""]
    for at, match in enumerate(lines, start=1):
        line = match.group()
        # "■" heads a part, but two lines in a row with it are items.
        repeats = signs[at] in _LIST_SIGNS and signs[at] in (signs[at - 1], signs[at + 1])
        if repeats and len(line.strip()) > _SHORT_HEADING:
            start = line.index(signs[at]) + 1
            for span in _divide(line, start):
                yield Sentence(match.start() + span.start, match.start() + span.end, part, is_item=True)
            continue
        title = read_title(line)
        if title and title.rest is None:
            part = title.part
            continue
        here, start, label = part, bullet_end(line), ""
        if title and title.rest is not None:
            here, start = title.part, title.rest
            label = fold(line[: title.rest]).strip(" \t:：|｜【】[]")
            # "Requirements: Python, SQL" may head more lines; "Location: Leeds" says all.
            if here in ("must", "nice", "duties", "ignored") and not bullet_end(line):
                part = here
        for span in _divide(line, start):
            yield Sentence(
                match.start() + span.start, match.start() + span.end, here, bullet_end(line) > 0, label
            )


def _divide(line: str, start: int) -> Iterator[Span]:
    begin = start
    ends = [(m.start() + len(m.group().rstrip()), m.end()) for m in _END.finditer(line, start)]
    for finish, following in [*ends, (len(line), len(line))]:
        while finish - begin > _LONGEST:
            cut = max(line.rfind(" ", begin, begin + _LONGEST), line.rfind("、", begin, begin + _LONGEST))
            cut = cut if cut > begin else begin + _LONGEST
            yield Span(begin, cut)
            begin = cut
        if line[begin:finish].strip(" \t•●▪✓✔"):
            lead = len(line[begin:finish]) - len(line[begin:finish].lstrip(" \t•●▪✓✔"))
            yield Span(begin + lead, finish)
        begin = following
