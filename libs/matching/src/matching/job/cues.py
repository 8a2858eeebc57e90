"""Words in a sentence of a job that tell what it is: a must, a wish, a duty, or an offer."""

import re
from typing import Final

from contracts.matching import Importance

from matching.job.headings import Part
from matching.patterns import load_patterns

_CUES: Final = load_patterns("cues")

_IMPORTANCE: Final[dict[Part, Importance]] = {"nice": "nice_to_have", "persona": "nice_to_have"}


def importance_of(folded: str, part: Part) -> Importance:
    """Return the importance that a sentence names, else that of its heading."""
    if _CUES["nice"].search(folded):
        return "nice_to_have"
    if part == "nice" and re.search(r"必須|\bmust have\b|\bis (?:required|mandatory|essential)\b", folded):
        return "must"
    return _IMPORTANCE.get(part, "must")


def is_offer(folded: str) -> bool:
    """Return whether a sentence tells what the employer gives, or that something is not needed."""
    return (_CUES["offer"].search(folded) is not None and not _CUES["must"].search(folded)) or _CUES[
        "no_requirement"
    ].search(folded) is not None


def is_duty(folded: str) -> bool:
    """Return whether a sentence without a heading tells what the person will do."""
    return _CUES["duty"].search(folded) is not None


def asks(folded: str) -> bool:
    """Return whether a sentence without a heading asks for something."""
    return any(_CUES[name].search(folded) for name in ("asks", "must", "nice"))


def hires(folded: str) -> bool:
    """Return whether a sentence names whom the employer looks for."""
    return _CUES["hires"].search(folded) is not None
