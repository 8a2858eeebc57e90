"""Hide what says who a person is, so that it meets no requirement: Jack London need not live in London."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from scoring.blinding.contacts import EMAIL, LINK, find_contacts
from scoring.blinding.names import find_names
from scoring.blinding.own_names import find_own_names
from scoring.blinding.personal import LABELLED_NAME, PERSONAL, find_personal
from scoring.language.edits import Edit
from scoring.language.text import Span
from scoring.resume.resume import Resume

_TOP_LINES: Final = 3
# Elsewhere a label is about work: "Photo: Lightroom" is a skill, and 「写真管理」 a task.
# The kind of a resume without headings is "unknown".
_PERSONAL_KINDS: Final = ("head", "contact", "other", "unknown")


def hide_identity(resume: Resume, *, names: Sequence[str] = ()) -> str:
    """Return the text of a resume with spaces in the place of names, accounts and personal details.

    An address stays, because it may meet a location. Below the head, a name may be a skill of its person:
    Ruby Tanaka may write Ruby. So it is hidden there only beside a label, and outside of work and skills.
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
    personal = [each for each in find_personal(resume.text) if each.replacement in (PERSONAL, LABELLED_NAME)]
    edits = [
        *find_names(top, names),
        *(each for each in find_contacts(top, head) if each.replacement in (EMAIL, LINK)),
        *_outside_work(resume, personal, head),
    ]
    yield from (Span(each.start, each.end) for each in edits)


def _outside_work(resume: Resume, edits: Iterable[Edit], head: int) -> Iterator[Edit]:
    """Yield the edits in the head and in sections that may hold personal details."""
    sections = resume.sections_of_kind(*_PERSONAL_KINDS)
    work = list(resume.work.listings)
    for entry in resume.work.entries:
        work += [*entry.header, *(bullet.span for bullet in entry.bullets)]
    for edit in edits:
        is_personal = any(each.start <= edit.start < each.end for each in sections)
        is_work = any(each.start < edit.end and edit.start < each.end for each in work)
        if edit.start < head or (is_personal and not is_work):
            yield edit
