"""The labels of a bullet: the unit in which both the rules and a language model say what it shows."""

import re
from dataclasses import dataclass
from typing import Final

from scoring.resume.openings import Opening, Strength

# A proper name, an abbreviation or a quoted title makes a bullet specific.
_NAME: Final = re.compile(
    r"(?<=[\w,;:(] )[A-Z][\w&+#.-]*|(?<![A-Za-z])[A-Z][A-Z0-9&]{1,9}(?![a-z])|[「『\"“]|[ァ-ヺ][ァ-ヺー]{5,}"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class BulletLabels:
    """The labels of one bullet. Every criterion about bullets is computed from these labels alone."""

    action: Strength
    amount: bool
    result: bool
    specific: bool
    skills: frozenset[str]
    appeals: frozenset[str]


def label_by_rules(
    text: str,
    opening: Opening,
    *,
    has_amount: bool,
    has_outcome: bool,
    skills: frozenset[str],
    appeals: frozenset[str],
) -> BulletLabels:
    """Return the labels of the rules. `text` is the bullet without amounts that measure nothing."""
    return BulletLabels(
        action=opening.strength,
        amount=has_amount,
        result=has_outcome,
        specific=is_specific(text, opening.strength, has_amount=has_amount, skills=skills),
        skills=skills,
        appeals=appeals,
    )


def is_specific(text: str, action: Strength, *, has_amount: bool, skills: frozenset[str]) -> bool:
    """Tell whether a bullet names something definite. `text` is as in `label_by_rules`."""
    # "Involved in valuations" names a subject but nothing definite. In a line of capitals no word stands out.
    names_something = not text.isupper() and _NAME.search(text) is not None
    return has_amount or (bool(skills) and action != "weak") or names_something
