"""Find the words of a bullet that say what came of the work."""

from collections.abc import Sequence

from scoring.language.text import Span
from scoring.resume.openings import Opening, reads_as_japanese
from scoring.resume.outcomes import english, japanese
from scoring.rubric import Rubric


def find_outcome(
    text: str, folded: str, opening: Opening, amounts: Sequence[Span], rubric: Rubric
) -> Span | None:
    """Return the words that state an outcome, or None. `folded` is `fold(text)`."""
    if reads_as_japanese(text):
        return japanese.find_outcome(folded, opening, amounts, rubric)
    return english.find_outcome(text, folded, opening, amounts, rubric)
