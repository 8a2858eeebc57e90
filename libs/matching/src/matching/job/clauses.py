"""Divide a sentence of a job into clauses that each ask for one kind of thing."""

import re
from collections.abc import Iterator
from typing import Final, Literal, NamedTuple

from scoring.language.terms import Hit
from scoring.language.text import Span, fold

from matching.job.headings import Part
from matching.job.phrases import subject_of
from matching.levels import degree_span, find_years
from matching.patterns import load_patterns
from matching.vocabulary import load_languages, load_vocabulary

ClauseKind = Literal["years", "education", "language", "certificate", "other"]
_CREDENTIALS: Final = load_patterns("credentials")
_CLAUSE = re.compile(r"[,;、；。]\s*|\s(?:and|plus|with|as well as|together with)\s|(?:かつ|および|及び)")

# Only behind "or" may a level stand: "native Japanese, business English or Chinese" needs Japanese.
_BETWEEN_LANGUAGES = re.compile(r"\s*(?:(?:,\s?)?\bor\s+(?:\w{4,14}\s)?|[,、/]|または|もしくは|か|\s)\s*")
_OR = re.compile(r"\bor\b|/|または|もしくは|か")
_EITHER = re.compile(r"\b(?:either|one|any) of\b|いずれか|どちらか")
# Not "both written and spoken English".
_ALL = re.compile(
    r"\b(?:bi|tri)lingual\b|\bboth (?!written|spoken|verbal|oral|reading|writing|speaking)"
    r"|バイリンガル|トリリンガル|両方|双方|両言語|いずれも|どちらも|(?<!と)(?<!心身)ともに"
)


class Clause(NamedTuple):
    """A part of a sentence, and what it asks for."""

    kind: ClauseKind
    span: Span


def divide(text: str, part: Part) -> list[Clause]:
    """Return the clauses of a sentence. A new one starts where another kind of thing is asked for."""
    marks = sorted(_marks(text, fold(text), part))
    if not marks:
        return [Clause("other", Span(0, len(text)))]
    starts = [0, *(match.end() for match in _CLAUSE.finditer(text))]
    found: list[tuple[int, ClauseKind]] = []
    for at, kind in marks:
        start = max(each for each in starts if each <= at)
        last = found[-1] if found else None
        if last and last[0] == start and (last[1] == kind or "years" in (last[1], kind)):
            # "5 years of licensed practice" asks for years.
            continue
        if last and last[1] == kind == "education":
            continue
        found.append((start, kind))
    clauses = []
    start, kind = found[0]
    if kind == "language" and len(subject_of(text[:start]).split()) == 1:
        # "Written and spoken English" has one subject.
        found[0] = (0, kind)
    if subject_of(text[: found[0][0]]):
        clauses.append(Clause("other", Span(0, found[0][0])))
    # Two kinds in one clause share it.
    ends = [min([other for other, _ in found if other > start], default=len(text)) for start, _ in found]
    clauses += [Clause(kind, Span(start, end)) for (start, kind), end in zip(found, ends, strict=True)]
    return clauses


def find_languages(text: str, folded: str) -> list[list[Hit]]:
    """Return the languages that a text names. Those in one list are alternatives."""
    lists: list[list[Hit]] = []
    for hit in load_languages()[0].find_longest(text, folded):
        gap = folded[lists[-1][-1].end : hit.start] if lists else ""
        if _BETWEEN_LANGUAGES.fullmatch(gap):
            lists[-1].append(hit)
        else:
            lists.append([hit])
    found: list[list[Hit]] = []
    for hits in lists:
        # The word between the last two tells how the others are meant.
        last = folded[hits[-2].end : hits[-1].start] if len(hits) > 1 else ""
        if not _ALL.search(folded) and (_OR.search(last) or _EITHER.search(folded)):
            found.append(hits)
        else:
            found += [[hit] for hit in hits]
    return found


def _marks(text: str, folded: str, part: Part) -> Iterator[tuple[int, ClauseKind]]:
    """Yield the places that ask for years, a degree, a language or a certificate."""
    for years in find_years(folded):
        yield years.span.start, "years"
    degree = None if _CREDENTIALS["no_degree"].search(folded) else degree_span(folded)
    if degree:
        yield degree.start, "education"
    if part == "language" or _CREDENTIALS["language"].search(folded):
        for alternatives in find_languages(text, folded):
            yield alternatives[0].start, "language"
    certificates = load_vocabulary().find_certificates(text)
    for hit in certificates:
        yield hit.start, "certificate"
    if certificates or degree or _CREDENTIALS["no_certificate"].search(folded):
        return
    if part == "certificate":
        yield 0, "certificate"
    elif match := _CREDENTIALS["certified"].search(folded):
        yield match.start(), "certificate"
