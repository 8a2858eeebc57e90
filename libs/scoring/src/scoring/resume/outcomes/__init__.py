"""Find the words of a bullet that say what came of the work."""

from collections.abc import Sequence
from typing import Final

from scoring.language.text import Span
from scoring.resume.openings import Opening, reads_as_japanese
from scoring.resume.outcomes import english, japanese
from scoring.rubric import Rubric

# In characters. Each amount is compared with each clause, so the work grows with the square of the length.
_READ: Final = 1_000


def find_outcome(
    text: str, folded: str, opening: Opening, amounts: Sequence[Span], rubric: Rubric
) -> Span | None:
    """Return the words that state an outcome early in a bullet, or None. `folded` is `fold(text)`."""
    text, folded = text[:_READ], folded[:_READ]
    amounts = [amount for amount in amounts if amount.end <= _READ]
    if reads_as_japanese(text):
        return japanese.find_outcome(folded, opening, amounts, rubric)
    return english.find_outcome(text, folded, opening, amounts, rubric)
