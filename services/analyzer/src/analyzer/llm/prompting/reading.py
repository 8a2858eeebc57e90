"""A text as a model may read it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from scoring.language.edits import Edit, EditedText
from scoring.resume import injection

from analyzer.llm.prompting.blinding import identity


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What is shown, and how many sentences were left out because they read as instructions."""

    shown: EditedText
    suspected: int


def read(text: str, *, names: Sequence[str] = (), screened: injection.ScreenedText | None = None) -> Reading:
    """Without what is hidden, what is meant for the model, and who it is about, known by `names`; `screened`
    is the text where the rules have screened it already."""
    screened = screened or injection.screen_text(text)
    seen = screened.visible
    found = [
        *screened.instructions,
        *injection.find_role_markers(seen.text),
        *identity(seen.text, names=names),
    ]
    return Reading(
        shown=EditedText(text, _back(found, seen), screened.invisible), suspected=len(screened.instructions)
    )


def _back(changes: Sequence[Edit], seen: EditedText) -> list[Edit]:
    """The same changes by their places in the original."""
    places = [(change, seen.origin(change.start, change.end)) for change in changes]
    return [replace(change, start=place.start, end=place.end) for change, place in places if place]
