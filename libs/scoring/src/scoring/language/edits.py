"""Edit a text and map positions in the result back to the original."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, replace

from scoring.language.text import Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """Replace `text[start:end]` by `replacement`. A quote must not span an edit that is a `barrier`."""

    start: int
    end: int
    replacement: str
    barrier: bool = False


class EditedText:
    """A text after edits. Where edits overlap, the first one given wins."""

    def __init__(self, text: str, *edits: Iterable[Edit]) -> None:
        self._edits = _remove_overlaps([each for group in edits for each in group])
        parts: list[str] = []
        # For each kept or replaced piece: its start in the result, its start in the original, and its edit.
        self._starts: list[int] = []
        self._origins: list[int] = []
        self._piece_edits: list[Edit | None] = []
        position = length = 0

        def add(piece: str, start: int, edit: Edit | None) -> None:
            nonlocal length
            if piece:
                self._starts.append(length)
                self._origins.append(start)
                self._piece_edits.append(edit)
                parts.append(piece)
                length += len(piece)

        for edit in self._edits:
            add(text[position : edit.start], position, None)
            add(edit.replacement, edit.start, edit)
            position = edit.end
        add(text[position:], position, None)
        self.text = "".join(parts)

    def origin(self, start: int, end: int) -> Span | None:
        """Return the span of the original that `self.text[start:end]` stands for, or None across a barrier.

        A replacement stands for everything that it replaces.
        """
        span = Span(self._origin(start, at_end=False), self._origin(end - 1, at_end=True))
        barriers = (each for each in self._edits if each.barrier)
        return None if any(each.start < span.end and span.start < each.end for each in barriers) else span

    def excerpt(self, start: int, end: int) -> str:
        """Return what became of a span of the original; a replacement belongs to all that it replaces."""
        parts: list[str] = []
        first = max(0, bisect_right(self._origins, start) - 1)
        for piece in range(first, bisect_left(self._origins, end)):
            at, origin, edit = self._starts[piece], self._origins[piece], self._piece_edits[piece]
            after = self._starts[piece + 1] if piece + 1 < len(self._starts) else len(self.text)
            if edit is None:
                low, high = max(start, origin), min(end, origin + after - at)
                parts.append(self.text[at + low - origin : at + high - origin] if low < high else "")
            elif start < edit.end:
                parts.append(self.text[at:after])
        return "".join(parts)

    def _origin(self, position: int, *, at_end: bool) -> int:
        piece = bisect_right(self._starts, position) - 1
        edit = self._piece_edits[piece]
        if edit is not None:
            return edit.end if at_end else edit.start
        return self._origins[piece] + position - self._starts[piece] + at_end


def _remove_overlaps(edits: list[Edit]) -> list[Edit]:
    """Return the edits by position. A later edit keeps only the part that no earlier one covers."""
    taken: list[Edit] = []
    for edit in edits:
        at = bisect_right(taken, edit.start, key=lambda each: each.end)
        start = edit.start
        while start < edit.end:
            after = taken[at] if at < len(taken) else None
            end = min(edit.end, after.start) if after else edit.end
            if start < end:
                taken.insert(at, replace(edit, start=start, end=end))
                at += 1
            if after is None:
                break
            start, at = max(start, after.end), at + 1
    return taken
