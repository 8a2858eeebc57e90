"""Recognise what must not decide about a person: age, gender, nationality, health and family."""

import re
from typing import Final

from contracts.matching import Ground
from scoring.language.text import Span, blank_out

from matching.patterns import load_sections

_GROUNDS: Final[tuple[Ground, ...]] = ("age", "gender", "nationality", "health", "family")
_SECTIONS: Final = load_sections("patterns/protected")


def _either(*sections: str) -> str:
    return f"(?:{'|'.join(line for section in sections for line in _SECTIONS[section])})"


# What a sign at the end of a line asks of the words behind it.
_FOLLOWED_BY: Final = {
    " >": f"(?={_either('demand')})",
    " <": (
        f"(?!{_either('links')}*+"
        f"(?:{_either('lawful')}|(?!{_either('call')}){_either('lawful_unless_called')}))"
    ),
}


def _run(joins: str) -> str:
    """Return a pattern of words that are joined, of which at least one names a ground."""
    return f"(?={joins}*+{_either('named')})(?:{joins}|{_either('named')})++"


# What a letter in brackets stands for.
_NAMED: Final = {
    "R": _run(_either("joins")),
    "I": _run(_either("joins", "lists")),
    "K": f"{_either('kinds')}(?:{_either('joins')}++{_either('kinds')})*+",
    "J": _either("named_ja"),
}
_ONLY = re.compile(r"\bonly\b|\bexclusively\b|のみ|だけ|限定|限[るり]")


def _compile(section: str) -> re.Pattern[str]:
    lines = []
    for line in _SECTIONS[section]:
        bare = line.removesuffix(" >").removesuffix(" <")
        whole = re.sub(r"\(\?:([RIKJ])\)", lambda match: f"(?:{_NAMED[match[1]]})", bare)
        lines.append(whole + _FOLLOWED_BY.get(line.removeprefix(bare), ""))
    return re.compile("|".join(f"(?:{line})" for line in lines))


_PATTERNS: Final = {
    section: _compile(section) for section in (*_GROUNDS, "promise", "invitation", "statement", "of_clients")
}


def find_ground(folded: str) -> Ground | None:
    """Return the ground on which a part of a folded text must be left out, if it has one.

    A promise is no ground, and neither is a subject such as "disability law". What stands beside them may be.
    """
    about_persons = blank_out(folded, [*find_promises(folded), *_spans("of_clients", folded)])
    return next((ground for ground in _GROUNDS if _PATTERNS[ground].search(about_persons)), None)


def find_promises(folded: str) -> list[Span]:
    """Return the parts of a folded text that say that something does not matter."""
    found = _spans("promise", folded)
    return found if _ONLY.search(folded) else [*found, *_spans("invitation", folded)]


def is_statement(folded: str) -> bool:
    """Return whether a part of a folded text is about the employer, and asks for nothing."""
    return _PATTERNS["statement"].search(folded) is not None


def _spans(section: str, folded: str) -> list[Span]:
    return [Span(*match.span()) for match in _PATTERNS[section].finditer(folded)]
