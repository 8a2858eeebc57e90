"""A text as a model may read it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from analyzer.model.blinding import identity
from analyzer.scoring import injection
from analyzer.scoring.shown import Change, Shown


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is shown, and how many sentences were left out because they read as instructions."""

    shown: Shown
    suspected: int


def read(text: str, *, names: Sequence[str] = ()) -> Reading:
    """Without what is hidden, what is meant for the model, and who it is about, known by `names`."""
    hidden = injection.hidden(text)
    # Searched without what is hidden, which could keep a name or an instruction from being found.
    seen = Shown(text, hidden)
    told = injection.instructions(seen.text)
    found = [*told, *injection.role_markers(seen.text), *identity(seen.text, names=names)]
    return Reading(shown=Shown(text, _back(found, seen), hidden), suspected=len(told))


def _back(changes: Sequence[Change], seen: Shown) -> list[Change]:
    """The same changes by their places in the original."""
    places = [(change, seen.origin(change.start, change.end)) for change in changes]
    return [replace(change, start=place.start, end=place.end) for change, place in places if place]
