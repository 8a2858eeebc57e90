"""Recognise what must not decide about a person: age, gender, nationality, health and family."""

from typing import Final

from contracts.matching import Ground

from matching.patterns import load_patterns

_PATTERNS: Final = load_patterns("protected")
_GROUNDS: Final[tuple[Ground, ...]] = ("age", "gender", "nationality", "health", "family")


def find_ground(folded: str) -> Ground | None:
    """Return the ground on which a part of a folded text must be left out, if it has one."""
    if is_promise(folded):
        return None
    for ground in _GROUNDS:
        is_of_clients = ground != "family" and _PATTERNS["of_clients"].search(folded)
        if _PATTERNS[ground].search(folded) and not is_of_clients:
            return ground
    return None


def is_promise(folded: str) -> bool:
    """Return whether a folded text says that a ground does not matter."""
    return _PATTERNS["promise"].search(folded) is not None
