"""A text with changes made, and the way back from there to the text."""

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace

from scoring.language.text import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """`text[start:end]` is shown as `replacement`; a `barrier` may not lie within a quote."""

    start: int
    end: int
    replacement: str
    barrier: bool = False


class EditedText:
    """A text with changes made; where changes overlap, the one that was given first counts."""

    def __init__(self, text: str, *changes: Iterable[Edit]) -> None:
        self._changes = _apart([each for group in changes for each in group])
        parts: list[str] = []
        # Where each kept or changed piece starts: in what is shown, and in the text.
        self._shown: list[int] = []
        self._source: list[int] = []
        self._kept: list[Edit | None] = []
        place = length = 0

        def add(piece: str, start: int, change: Edit | None) -> None:
            nonlocal length
            if piece:
                self._shown.append(length)
                self._source.append(start)
                self._kept.append(change)
                parts.append(piece)
                length += len(piece)

        for change in self._changes:
            add(text[place : change.start], place, None)
            add(change.replacement, change.start, change)
            place = change.end
        add(text[place:], place, None)
        self.text = "".join(parts)

    def origin(self, start: int, end: int) -> Span | None:
        """Where in the text `shown.text[start:end]` stands; placeholders stand for all that they replace.
        None if a barrier lies within."""
        span = Span(self._place(start, at_end=False), self._place(end - 1, at_end=True))
        walls = (each for each in self._changes if each.barrier)
        return None if any(wall.start < span.end and span.start < wall.end for wall in walls) else span

    def _place(self, position: int, *, at_end: bool) -> int:
        piece = bisect_right(self._shown, position) - 1
        change = self._kept[piece]
        if change is not None:
            return change.end if at_end else change.start
        return self._source[piece] + position - self._shown[piece] + at_end


def _apart(changes: list[Edit]) -> list[Edit]:
    """In order of place, none over another: the later ones are left what the earlier do not take."""
    taken: list[Edit] = []
    for change in changes:
        at = bisect_right(taken, change.start, key=lambda each: each.end)
        start = change.start
        while start < change.end:
            after = taken[at] if at < len(taken) else None
            end = min(change.end, after.start) if after else change.end
            if start < end:
                taken.insert(at, replace(change, start=start, end=end))
                at += 1
            if after is None:
                break
            start, at = max(start, after.end), at + 1
    return taken
