"""Redact a text before a model sees it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from scoring.blinding import find_identity
from scoring.language.edits import Edit, EditedText
from scoring.resume import injection


@dataclass(frozen=True, slots=True, kw_only=True)
class RedactedText:
    """A text as a model may see it, and the number of sentences removed because they read as instructions."""

    shown: EditedText
    suspected: int


def redact(
    text: str, *, names: Sequence[str] = (), screened: injection.ScreenedText | None = None
) -> RedactedText:
    """Remove hidden text, instructions to the model and everything that identifies the person.

    Args:
        text: The original text.
        names: Known names of the person.
        screened: The text as the rules screened it for instructions; screened here if absent.
    """
    screened = screened or injection.screen_text(text)
    visible = screened.visible
    edits = [
        *screened.instructions,
        *injection.find_role_markers(visible.text),
        *find_identity(visible.text, names=names),
    ]
    shown = EditedText(text, _to_original(edits, visible), screened.invisible)
    return RedactedText(shown=shown, suspected=len(screened.instructions))


def _to_original(edits: Sequence[Edit], visible: EditedText) -> list[Edit]:
    """Map edits of the visible text to offsets in the original."""
    places = [(edit, visible.origin(edit.start, edit.end)) for edit in edits]
    return [replace(edit, start=place.start, end=place.end) for edit, place in places if place]
