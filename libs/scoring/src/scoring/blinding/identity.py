"""Find what identifies a person, so that placeholders can replace it.

Scores must not depend on identity, and neither the provider of a model nor a client who reads a blind CV need
know it.
"""

from collections.abc import Sequence
from typing import Final

from scoring.blinding.contacts import find_contacts
from scoring.blinding.names import NAME, find_names, parts_of
from scoring.blinding.own_names import find_own_names
from scoring.blinding.personal import find_ages, find_personal, find_pronouns
from scoring.language.edits import Edit

# Contact details are at the top.
_HEAD_LINES: Final = 12
# The parts of a name. A longer value is something else.
_MOST_PARTS: Final = 5


def find_identity(text: str, *, names: Sequence[str] = ()) -> list[Edit]:
    """Return the edits that replace identifying parts of a text by placeholders.

    Args:
        text: The text that the offsets of the edits refer to.
        names: Known names of the person.
    """
    head = _end_of_head(text)
    edits = [*find_contacts(text, head), *find_personal(text)]
    labelled = _labelled_names(text, edits, head)
    own = find_own_names(text, head, known=[*names, *labelled])
    edits += [Edit(start=each.start, end=each.end, replacement=NAME) for each in own.places]
    edits += find_names(text, [*names, *labelled, *own.names])
    ages = find_ages(text, [each for each in edits if each.replacement == NAME])
    # They come first, because a part of them is also found without the name.
    return [*ages, *edits, *find_pronouns(text)]


def find_known_names(text: str, *, names: Sequence[str] = ()) -> list[str]:
    """Return the names that a text gives its person, the most certain first."""
    head = _end_of_head(text)
    labelled = _labelled_names(text, find_personal(text), head)
    return list(dict.fromkeys([*labelled, *find_own_names(text, head, known=[*names, *labelled]).names]))


def _labelled_names(text: str, edits: Sequence[Edit], head: int) -> list[str]:
    """Return what stands beside the label of a name. Further down, "Name:" may introduce a project."""
    values = [
        text[each.start : each.end].strip()
        for each in edits
        if each.replacement == NAME and (each.start < head or not text[each.start : each.end].isascii())
    ]
    return list(dict.fromkeys(value for value in values if len(parts_of(value)) <= _MOST_PARTS))


def _end_of_head(text: str) -> int:
    end = -1
    for _ in range(_HEAD_LINES):
        end = text.find("\n", end + 1)
        if end < 0:
            return len(text)
    return end
