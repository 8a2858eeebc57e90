"""Find the requirements of a job in its text."""

import re
from collections.abc import Iterator
from dataclasses import replace

from contracts.matching import (
    MAX_JOB_CHARACTERS,
    MAX_LEFT_OUT,
    MAX_REQUIREMENT_QUOTE,
    MAX_REQUIREMENTS,
    MAX_TERM_CHARACTERS,
    Ground,
    Importance,
    JobRequirements,
    LeftOut,
    Requirement,
)
from contracts.plain_text import plain_line
from scoring.language import detection
from scoring.language.text import Span, fold

from matching.job import cues
from matching.job.headings import Part
from matching.job.markup import JobText
from matching.job.phrases import is_name
from matching.job.protected import find_ground, find_promises, is_statement
from matching.job.requirements import Draft, read_requirements
from matching.job.sentences import Sentence, find_sentences

_CLAUSE = re.compile(
    r"[,;、；]\s*|\s(?:and|but)\s(?=(?:must|should|be|have|under|over|aged|male|female|married|single)\b)|[（()）]"
)


def extract_requirements(title: str, text: str) -> JobRequirements:
    """Return the requirements of a job, each with its verbatim quote, and what must not become one.

    English and Japanese are read in every text, because many jobs mix them.
    """
    job = JobText(text[:MAX_JOB_CHARACTERS])
    found: dict[tuple[object, ...], Requirement] = {}
    left_out: dict[str, LeftOut] = {}
    is_foreign = detection.is_foreign(job.text) and not detection.is_japanese(job.text)
    for each in find_sentences(job.text):
        # Headings of other languages are not known, so that every item of a list may be asked for.
        is_unread = is_foreign and each.part == "unknown" and each.is_item
        sentence = replace(each, part="must") if is_unread else each
        if sentence.part == "ignored" and not sentence.label:
            continue
        if any(other.start < sentence.end and sentence.start < other.end for other in job.instructions):
            _leave_out(left_out, job, Span(sentence.start, sentence.end), "instruction")
            continue
        for span, ground in _clauses(job.text, sentence):
            if ground:
                _leave_out(left_out, job, span, ground)
                continue
            for importance, draft in _drafts(job.text, sentence, span, title):
                quote = job.quote(
                    span.start + draft.span.start, span.start + draft.span.end, MAX_REQUIREMENT_QUOTE
                )
                _add(found, draft, importance, quote)
    requirements = [
        each.model_copy(update={"id": f"r{number}"}) for number, each in enumerate(found.values(), start=1)
    ]
    return JobRequirements(
        requirements=tuple(requirements[:MAX_REQUIREMENTS]),
        left_out=tuple(left_out.values())[:MAX_LEFT_OUT],
        is_cut=len(text) > MAX_JOB_CHARACTERS,
        dropped=max(0, len(requirements) - MAX_REQUIREMENTS),
    )


def _clauses(text: str, sentence: Sentence) -> Iterator[tuple[Span, Ground | None]]:
    """Yield the parts of a sentence that may ask for something, each with the ground if it has one."""
    folded = fold(text[sentence.start : sentence.end])
    promises = [
        Span(sentence.start + each.start, sentence.start + each.end) for each in find_promises(folded)
    ]
    is_about_person = sentence.label != "" and find_ground(sentence.label) is not None
    ground = find_ground(f"{sentence.label}: {folded}" if sentence.label else folded)
    if ground and is_about_person:
        yield Span(sentence.start, sentence.end), ground
        return
    if is_about_person:
        # "Age: all ages are welcome"
        return
    cuts = [*promises]
    if ground or is_statement(folded):
        cuts += (
            Span(*match.span())
            for match in _CLAUSE.finditer(text, sentence.start, sentence.end)
            if not any(each.start < match.end() and match.start() < each.end for each in promises)
        )
    pieces = [(piece, fold(text[piece.start : piece.end])) for piece in _between(sentence, cuts)]
    grounds = [(piece, find_ground(words)) for piece, words in pieces if not _is_harmless(words)]
    if ground and not any(each for _, each in grounds):
        yield Span(sentence.start, sentence.end), ground
    else:
        yield from grounds


def _is_harmless(folded: str) -> bool:
    return is_statement(folded) and not cues.asks(folded) and find_ground(folded) is None


def _between(sentence: Sentence, cuts: list[Span]) -> Iterator[Span]:
    """Yield the parts of a sentence between some cuts."""
    start = sentence.start
    for cut in [*sorted(cuts), Span(sentence.end, sentence.end)]:
        if cut.start > start:
            yield Span(start, cut.start)
        start = max(start, cut.end)


def _drafts(text: str, sentence: Sentence, span: Span, title: str) -> Iterator[tuple[Importance, Draft]]:
    content = text[span.start : span.end]
    folded = fold(content)
    part: Part | None = _part_of(sentence, folded)
    if part is None:
        return
    # "Acme is looking for a kind person to join us" asks for nothing that a resume could show.
    only_names = sentence.part == "unknown" and part == "must" and not cues.asks(folded)
    for draft in read_requirements(content, part, title):
        if only_names and draft.kind == "skill" and not all(is_name(term) for term in draft.terms):
            continue
        clause = folded[draft.span.start : draft.span.end]
        importance: Importance = "nice_to_have" if part == "duties" else cues.importance_of(clause, part)
        yield importance, draft


def _part_of(sentence: Sentence, folded: str) -> Part | None:
    """Return the part that decides how a sentence is read, or None if it asks for nothing."""
    part = sentence.part
    if part == "ignored" or cues.is_offer(folded):
        return None
    if part == "unknown":
        if cues.is_duty(folded) and not cues.asks(folded):
            return "duties"
        return "must" if cues.asks(folded) or cues.hires(folded) else None
    if part == "duties" and not sentence.is_item and cues.asks(folded) and not cues.is_duty(folded):
        return "must"
    if part in ("must", "nice") and not sentence.is_item and not cues.asks(folded) and cues.is_duty(folded):
        return "duties"
    return part


def _add(
    found: dict[tuple[object, ...], Requirement], draft: Draft, importance: Importance, quote: str
) -> None:
    if not quote:
        return
    # A cell of a table may hold a tab, and a pasted text marks of direction.
    cleaned = (plain_line(term.replace("\t", " "))[:MAX_TERM_CHARACTERS].strip() for term in draft.terms)
    terms = tuple(dict.fromkeys(term for term in cleaned if term))
    if any(find_ground(fold(term)) for term in terms):
        return
    key = (draft.kind, tuple(sorted(map(fold, terms))), draft.minimum, "" if terms else fold(quote))
    known = found.get(key)
    if known is None:
        found[key] = Requirement(
            id="r0", kind=draft.kind, importance=importance, quote=quote, terms=terms, minimum=draft.minimum
        )
    elif importance == "must" and known.importance != "must":
        found[key] = known.model_copy(update={"importance": importance, "quote": quote})


def _leave_out(left_out: dict[str, LeftOut], job: JobText, span: Span, ground: Ground) -> None:
    quote = job.quote(span.start, span.end, MAX_REQUIREMENT_QUOTE)
    if quote:
        left_out.setdefault(quote, LeftOut(quote=quote, ground=ground))
