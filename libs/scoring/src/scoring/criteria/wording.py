"""How the bullets are worded: length, empty phrases, tense and spelling. Part of the content area."""

import re
from collections import Counter
from typing import Final

from scoring.criteria.assessments import (
    Assessment,
    Remark,
    assess_without_bullets,
    bullet_share,
    choose_bullet_fix,
    clamp,
    count_sentence,
)
from scoring.criteria.context import ScoringContext
from scoring.language import text as texts
from scoring.language.terms import Hit
from scoring.language.text import Span
from scoring.resume.resume import Bullet, Resume
from scoring.rubric import Measures

_DOUBLED = re.compile(r"\b([a-z]{2,20}) \1\b")
# "Had had" is grammar, and "ed tech tech lead" one word next to another.
_RARELY_DOUBLED_BY_MISTAKE: Final = frozenset({"had", "tech"})
_REMARKS: Final = 3
# A verb that opens more bullets than this is worn.
_WORN: Final = 2


def assess(context: ScoringContext) -> list[Assessment]:
    """Length, filler, tense and spelling."""
    return [_bullet_length(context), _filler(context), _tense_spelling(context)]


# A fault with its value for the catalogue: "content.filler.weak", n=2, example="Helped".
Fault = tuple[str, dict[str, object]]


def _said_of(context: ScoringContext, criterion: str, faults: list[Fault]) -> str:
    """What was found, each fault with its count; of a faultless resume, that."""
    if not faults:
        return context.say(f"{criterion}.none")
    return context.say(
        f"{criterion}.some",
        faults=context.say.join([context.say(f"{criterion}.{name}", **values) for name, values in faults]),
    )


def _fix_of(context: ScoringContext, criterion: str, faults: list[Fault]) -> str:
    """What to do about each fault; of a faultless resume there is too little."""
    if not faults:
        return context.say("content.few_bullets.fix")
    return context.say.join_sentences(
        *(context.say(f"{criterion}.fix_{name}", **values) for name, values in faults)
    )


def _shown(context: ScoringContext) -> float:
    """How much there is to find faults in; the absence of faults in three bullets proves little."""
    return min(1.0, len(context.resume.bullets) / context.rubric.measures.bullets_for_full_confidence)


def _unless_few(context: ScoringContext, reason: str) -> str:
    if _shown(context) == 1:
        return reason
    return context.say.join_sentences(
        reason, context.say("content.few_bullets", n=len(context.resume.bullets))
    )


def _fits(bullet: Bullet, measures: Measures) -> int:
    """0: the length reads well; -1: too short; 1: too long. The opening counts as one word, and amounts do
    not make a bullet long: so neither a better verb nor a number costs, nor does a weak phrase fill up."""
    said = bullet.said.rstrip()
    words = texts.remove_bare_numbers(said)
    if texts.count_japanese(words) * 3 > len(words.strip()):
        low, high = measures.bullet_characters
        size = len(said)
        amounts = sum(span.end - span.start for span in bullet.numbers)
        # Bare numbers fill no bullet up.
        filled_up = len(said) - len(words.rstrip())
    else:
        low, high = measures.bullet_words
        size = 1 + texts.count_words(said[bullet.opening.end :])
        after = [span for span in bullet.numbers if span.start >= bullet.opening.end]
        amounts = sum(texts.count_words(said[span.start : span.end]) for span in after)
        filled_up = texts.count_words(said) - texts.count_words(words)
    if size - filled_up < low:
        return -1
    return 1 if size - amounts > high else 0


def _bullet_length(context: ScoringContext) -> Assessment:
    bullets, say, measures = context.resume.bullets, context.say, context.rubric.measures
    low, high = measures.bullet_characters if context.resume.is_japanese else measures.bullet_words
    if not bullets:
        return assess_without_bullets(context, "content.bullet_length")
    good = [bullet for bullet in bullets if _fits(bullet, measures) == 0]
    long = [bullet for bullet in bullets if _fits(bullet, measures) > 0]
    short = len(bullets) - len(good) - len(long)
    others = [
        say(f"content.bullet_length.{name}", n=n)
        for name, n in (("shorter", short), ("longer", len(long)))
        if n
    ]
    fix = "fix_long" if len(long) > short else "fix_short"
    return Assessment(
        id="content.bullet_length",
        share=bullet_share(context, len(good)),
        reason=count_sentence(
            context,
            "content.bullet_length",
            len(good),
            len(bullets),
            low=low,
            high=high,
            others=say.join(others),
        ),
        fix=choose_bullet_fix(context, len(good), say(f"content.bullet_length.{fix}", low=low, high=high)),
        quotes=[bullet.span for bullet in good[:2]],
        remarks=[
            Remark(
                category="structure",
                span=bullet.span,
                issue=say("content.bullet_length.long"),
                suggestion=say("content.bullet_length.fix_long", low=low, high=high),
            )
            for bullet in long[:2]
        ],
    )


def _filler(context: ScoringContext) -> Assessment:
    """Each empty phrase, first-person pronoun, weak or worn opening costs a tenth, a stuffed term half."""
    resume, say, rubric = context.resume, context.say, context.rubric
    body = resume.body
    fillers = rubric.word_index("fillers").find_longest(resume.text, resume.folded, body.start, body.end)
    pronouns = rubric.word_index("pronouns").find(resume.text, resume.folded, body.start, body.end)
    pronouns = [hit for hit in pronouns if not (resume.is_foreign or _is_part_of_name(resume.text, hit))]
    openings = Counter(
        bullet.opening.verb for bullet in resume.bullets if bullet.opening.strength == "strong"
    )
    weak = [bullet.opening.verb for bullet in resume.bullets if bullet.opening.strength == "weak"]
    # In Japanese the same verb ends many bullets; that is grammar, not monotony.
    worn = {} if resume.is_japanese else {verb: n for verb, n in openings.most_common() if n > _WORN}
    counts = Counter(hit.term for hit in resume.skill_hits)
    stuffed = sorted(term for term, count in counts.items() if count > rubric.measures.term_repeats_at_most)
    count = len(fillers) + len(pronouns) + len(weak) + sum(worn.values()) - _WORN * len(worn)
    faults: list[Fault] = []
    if fillers:
        first = resume.text[fillers[0].start : fillers[0].end]
        faults.append(("phrases", {"n": len(fillers), "example": first}))
    if pronouns:
        faults.append(("pronouns", {"n": len(pronouns)}))
    if weak:
        faults.append(("weak", {"n": len(weak), "example": weak[0]}))
    faults += [("worn", {"n": n, "example": verb}) for verb, n in list(worn.items())[:1]]
    if stuffed:
        faults.append(("stuffed", {"terms": say.join(stuffed[:3])}))
    spans = [Span(hit.start, hit.end) for hit in [*fillers, *pronouns]]
    return Assessment(
        id="content.filler",
        share=_shown(context) * (1 - clamp((count + 5 * len(stuffed)) / 10)),
        reason=_unless_few(context, _said_of(context, "content.filler", faults)),
        fix=_fix_of(context, "content.filler", faults),
        quotes=spans,
        remarks=[
            Remark(
                category="grammar",
                span=Span(hit.start, hit.end),
                issue=say("content.filler.issue", phrase=resume.text[hit.start : hit.end]),
                suggestion=say("content.filler.suggestion"),
            )
            for hit in fillers[:2]
        ],
    )


def _is_part_of_name(text: str, hit: Hit) -> bool:
    """ "US", Maine and "I" in "Phase I" or "Type I-beam" are no pronouns."""
    word = text[hit.start : hit.end]
    if word in ("US", "ME"):
        return True
    before = text[max(0, hit.start - 12) : hit.start].rstrip().rpartition(" ")[2]
    return word == "I" and (
        (before[:1].isupper() and before.isalpha()) or text[hit.end : hit.end + 1] in ("/", "-", "I")
    )


def _tense_spelling(context: ScoringContext) -> Assessment:
    """Half for one tense (Japanese: one style of ending) within each position, half for spelling. Tense is
    judged by the bullets among themselves; of a position that goes on, both tenses are right."""
    resume, say = context.resume, context.say
    mixed = _mixed_tenses(resume)
    wrong = _misspellings(context)
    faults: list[Fault] = [
        (name, {"n": n}) for name, n in (("misspellings", len(wrong)), ("tenses", len(mixed))) if n
    ]
    tense = 1 - clamp(len(mixed) / max(1, len(resume.bullets)))
    spelling = 1 - clamp(len(wrong) / 5)
    remarks = [
        Remark(
            category="grammar",
            span=span,
            issue=say("content.tense_spelling.misspelt", word=resume.text[span.start : span.end]),
            suggestion=say("content.tense_spelling.correct", word=correct),
        )
        for span, correct in wrong[:_REMARKS]
    ]
    remarks += [
        Remark(
            category="grammar",
            span=bullet.span,
            issue=say("content.tense_spelling.mixed"),
            suggestion=say("content.tense_spelling.one_tense"),
        )
        for bullet in mixed[:2]
    ]
    return Assessment(
        id="content.tense_spelling",
        share=_shown(context) * (tense + spelling) / 2,
        reason=_unless_few(context, _said_of(context, "content.tense_spelling", faults)),
        fix=_fix_of(context, "content.tense_spelling", faults),
        quotes=[*(span for span, _ in wrong), *(bullet.span for bullet in mixed)],
        remarks=remarks,
    )


def _mixed_tenses(resume: Resume) -> list[Bullet]:
    """The bullets whose tense is not that of most of their language in their position."""
    entries = resume.work.entries
    running = {i for i, entry in enumerate(entries) if any(each.is_open for each in resume.ranges_in(entry))}
    by_entry: dict[tuple[int, bool], list[Bullet]] = {}
    for bullet in resume.bullets:
        english = bullet.opening.tense in ("past", "base")
        if bullet.opening.tense and not (english and bullet.entry in running):
            by_entry.setdefault((bullet.entry, english), []).append(bullet)
    mixed: list[Bullet] = []
    for together in by_entry.values():
        counts = Counter(bullet.opening.tense for bullet in together)
        usual = max(counts, key=lambda tense: (counts[tense], tense == "past"))
        mixed += [bullet for bullet in together if bullet.opening.tense != usual]
    return mixed


def _misspellings(context: ScoringContext) -> list[tuple[Span, str]]:
    """Places in the body, with the right word; a doubled word is its own right word."""
    resume = context.resume
    body = resume.body
    hits = context.rubric.misspelling_index.find_longest(resume.text, resume.folded, body.start, body.end)
    found = [(Span(hit.start, hit.end), hit.group) for hit in hits]
    found += [
        (Span(match.start(), match.end()), match[1])
        for match in _DOUBLED.finditer(resume.folded, body.start, body.end)
        if match[1] not in _RARELY_DOUBLED_BY_MISTAKE
        # Bora Bora is a name, and cells of a table stand side by side.
        and resume.text[match.start() + len(match[1]) : match.end()] == " " + match[1]
    ]
    return found
