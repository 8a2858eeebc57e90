"""Hide what says who a person is, so that it meets no requirement: Jack London need not live in London."""

from collections.abc import Iterator, Sequence
from typing import Final

from scoring.blinding.contacts import EMAIL, LINK, find_contacts
from scoring.blinding.names import find_names
from scoring.blinding.own_names import find_own_names
from scoring.blinding.personal import LABELLED_NAME, PERSONAL, find_personal
from scoring.language.text import Span
from scoring.resume.resume import Resume

_TOP_LINES: Final = 3


def hide_identity(resume: Resume, *, names: Sequence[str] = ()) -> str:
    """Return the text of a resume with spaces in the place of names, accounts and personal details.

    An address stays, because it may meet a location. Below the head, a name may be a skill of its person:
    Ruby Tanaka may write Ruby. So it is hidden there only beside a label.
    """
    characters = list(resume.text)
    for span in _find(resume, names):
        characters[span.start : span.end] = " " * (span.end - span.start)
    return "".join(characters)


def _end_of_top(resume: Resume) -> int:
    return resume.lines[:_TOP_LINES][-1].end


def _find(resume: Resume, names: Sequence[str]) -> Iterator[Span]:
    # Without any heading there is no head, but the name is at the top all the same.
    head = max((each.end for each in resume.sections_of_kind("head")), default=_end_of_top(resume))
    top = resume.text[:head]
    yield from find_own_names(top, head, known=names).places
    edits = [
        *find_names(top, names),
        *(each for each in find_contacts(top, head) if each.replacement in (EMAIL, LINK)),
        *(each for each in find_personal(resume.text) if each.replacement in (PERSONAL, LABELLED_NAME)),
    ]
    yield from (Span(each.start, each.end) for each in edits)
