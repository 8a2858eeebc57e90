"""Find phrases that state an outcome by their form: comparisons, changes, prizes, and use by others."""

from scoring.language.text import Span
from scoring.resume.outcomes import patterns


def find_phrase(folded: str) -> Span | None:
    """Return the first phrase of a folded bullet that states an outcome, or None."""
    if patterns.LABEL.match(folded):
        return Span(0, len(folded))
    for family in patterns.FAMILIES:
        if match := family.search(folded):
            return Span(*match.span())
    by = patterns.BY.search(folded)
    if by and not patterns.PURPOSE.search(folded, 0, by.start()):
        return Span(*by.span())
    change = patterns.CHANGE.search(folded)
    if change and patterns.CHANGING.search(folded, 0, change.start()):
        return Span(*change.span())
    return None


def is_routine(rest: str) -> bool:
    """Return whether the words after a verb name routine output: "generated weekly reports"."""
    return patterns.ROUTINE.match(rest) is not None


def is_study(rest: str) -> bool:
    """Return whether the words after "leading to" name the end of a course."""
    return patterns.STUDY.match(rest) is not None
