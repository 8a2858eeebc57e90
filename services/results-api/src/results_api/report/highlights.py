"""Marking of the quoted passages in the text of a resume."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise


@dataclass(frozen=True, slots=True)
class Passage:
    """A quote with the label of what quotes it. `start` is its position in the analysed text, if known."""

    quote: str
    label: str
    start: int | None = None


@dataclass(frozen=True, slots=True)
class Segment:
    """A piece of a line. `labels` are those of the passages that end with it."""

    text: str
    is_marked: bool
    labels: tuple[str, ...] = ()


Line = tuple[Segment, ...]


def mark_passages(text: str, passages: Iterable[Passage]) -> list[Line]:
    """Split a text into lines, and these into marked and unmarked segments.

    Passages that the text does not contain are left out.
    """
    spans = [(*span, each.label) for each in passages if (span := _find(text, each)) is not None]
    # A line is compared only with the spans that reach into it: a text may have 50,000 lines.
    upcoming = deque(sorted(spans, key=lambda span: span[0]))
    reaching: list[tuple[int, int, str]] = []
    lines: list[Line] = []
    start = 0
    for line in text.split("\n"):
        end = start + len(line)
        while upcoming and upcoming[0][0] < end:
            reaching.append(upcoming.popleft())
        reaching = [span for span in reaching if span[1] > start]
        lines.append(_mark_line(text, start, end, reaching))
        start = end + 1
    return lines


def _find(text: str, passage: Passage) -> tuple[int, int] | None:
    quote = passage.quote
    start = passage.start
    if start is None or text[start : start + len(quote)] != quote:
        start = text.find(quote)
    return None if start < 0 or not quote else (start, start + len(quote))


def _mark_line(text: str, start: int, end: int, spans: Sequence[tuple[int, int, str]]) -> Line:
    edges = {start, end, *(min(max(edge, start), end) for span in spans for edge in span[:2])}
    segments = []
    for left, right in pairwise(sorted(edges)):
        labels = dict.fromkeys(label for _, stop, label in spans if left < stop <= right)
        is_marked = any(first <= left and right <= stop for first, stop, _ in spans)
        segments.append(Segment(text[left:right], is_marked, tuple(labels)))
    return tuple(segments)
