"""Assess the wording of bullets: length, filler, tense and spelling. Part of the content area."""

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
from scoring.resume.bullet import Bullet
from scoring.resume.resume import Resume
from scoring.rubric import Thresholds

_DOUBLED = re.compile(r"\b([a-z]{2,20}) \1\b")
# "Had had" is correct, and "ed tech tech lead" is two terms.
_RARELY_DOUBLED_BY_MISTAKE: Final = frozenset({"had", "tech"})
_REMARKS: Final = 3
# A verb that opens more bullets than this is overused.
_WORN: Final = 2


def assess(context: ScoringContext) -> list[Assessment]:
    """Assess length, filler, and tense with spelling."""
    return [_bullet_length(context), _filler(context), _tense_spelling(context)]


# The key of a fault with the values of its sentence: "weak", n=2, example="Helped".
Fault = tuple[str, dict[str, object]]


def _faults_reason(context: ScoringContext, criterion: str, faults: list[Fault]) -> str:
    """Return a sentence that lists the faults, or says that there are none."""
    if not faults:
        return context.say(f"{criterion}.none")
    return context.say(
        f"{criterion}.some",
        faults=context.say.join([context.say(f"{criterion}.{name}", **values) for name, values in faults]),
    )


def _faults_fix(context: ScoringContext, criterion: str, faults: list[Fault]) -> str:
    """Return the advice for each fault. Without faults, points are lost only for too few bullets."""
    if not faults:
        return context.say("content.few_bullets.fix")
    return context.say.join_sentences(
        *(context.say(f"{criterion}.fix_{name}", **values) for name, values in faults)
    )


def _sample_share(context: ScoringContext) -> float:
    """Return the share of the bullets needed for full marks. Few bullets without faults prove little."""
    if not context.judges_work:
        return 1.0
    return min(1.0, len(context.resume.bullets) / context.rubric.thresholds.bullets_for_full_confidence)


def _unless_few(context: ScoringContext, reason: str) -> str:
    if _sample_share(context) == 1:
        return reason
    return context.say.join_sentences(
        reason, context.say("content.few_bullets", n=len(context.resume.bullets))
    )


def _fits(bullet: Bullet, thresholds: Thresholds) -> int:
    """Return 0 for a good length, -1 for too short, 1 for too long.

    The opening counts as one word and amounts do not make a bullet long, so that neither a better verb nor an
    amount costs points, and a weak phrase does not fill a bullet up.
    """
    content = bullet.meaningful_text.rstrip()
    words = texts.remove_bare_numbers(content)
    if texts.count_japanese(words) * 3 > len(words.strip()):
        low, high = thresholds.bullet_characters
        size = len(content)
        amounts = sum(span.end - span.start for span in bullet.amounts)
        # Bare numbers do not make a bullet longer.
        padding = len(content) - len(words.rstrip())
    else:
        low, high = thresholds.bullet_words
        size = 1 + texts.count_words(content[bullet.opening.end :])
        after = [span for span in bullet.amounts if span.start >= bullet.opening.end]
        amounts = sum(texts.count_words(content[span.start : span.end]) for span in after)
        padding = texts.count_words(content) - texts.count_words(words) if words != content else 0
    if size - padding < low:
        return -1
    return 1 if size - amounts > high else 0


def _bullet_length(context: ScoringContext) -> Assessment:
    bullets, say, thresholds = context.resume.bullets, context.say, context.rubric.thresholds
    low, high = thresholds.bullet_characters if context.resume.is_japanese else thresholds.bullet_words
    if not bullets:
        return assess_without_bullets(context, "content.bullet_length")
    fits = [(bullet, _fits(bullet, thresholds)) for bullet in bullets]
    good = [bullet for bullet, fit in fits if fit == 0]
    long = [bullet for bullet, fit in fits if fit > 0]
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
    """Take off a tenth for each filler, pronoun, weak or overused opening, and half for a stuffed term."""
    resume, say, rubric = context.resume, context.say, context.rubric
    body = resume.body
    fillers = rubric.word_index("fillers").find_longest(resume.text, resume.folded, body.start, body.end)
    pronouns = rubric.word_index("pronouns").find(resume.text, resume.folded, body.start, body.end)
    pronouns = [hit for hit in pronouns if not (resume.is_foreign or _is_part_of_name(resume.text, hit))]
    openings = Counter(
        bullet.opening.verb for bullet in resume.bullets if bullet.opening.strength == "strong"
    )
    weak = [bullet.opening.verb for bullet in resume.bullets if bullet.opening.strength == "weak"]
    # In Japanese many bullets end with the same verb. That is grammar, not monotony.
    worn = {} if resume.is_japanese else {verb: n for verb, n in openings.most_common() if n > _WORN}
    counts = Counter(hit.term for hit in resume.skill_hits)
    allowed = _repeats_allowed(context)
    stuffed = sorted(term for term, count in counts.items() if count > allowed)
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
        share=_sample_share(context) * (1 - clamp((count + 5 * len(stuffed)) / 10)),
        reason=_unless_few(context, _faults_reason(context, "content.filler", faults)),
        fix=_faults_fix(context, "content.filler", faults),
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


def _repeats_allowed(context: ScoringContext) -> int:
    """Return how often a term may stand in the resume: three pages about the cloud rightly name it often."""
    resume, thresholds = context.resume, context.rubric.thresholds
    each = thresholds.characters_a_term_repeat if resume.is_japanese else thresholds.words_a_term_repeat
    return max(thresholds.term_repeats_at_most, resume.body_length // each)


def _is_part_of_name(text: str, hit: Hit) -> bool:
    """Return whether a pronoun is part of a name: "US", "ME" (Maine), "Phase I", "Type I-beam"."""
    word = text[hit.start : hit.end]
    if word in ("US", "ME"):
        return True
    before = text[max(0, hit.start - 12) : hit.start].rstrip().rpartition(" ")[2]
    return word == "I" and (
        (before[:1].isupper() and before.isalpha()) or text[hit.end : hit.end + 1] in ("/", "-", "I")
    )


def _tense_spelling(context: ScoringContext) -> Assessment:
    """Give half for one tense (in Japanese, one style of ending) in each position and half for spelling.

    The bullets of a position are compared with each other. In a current position both tenses are correct.
    """
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
        share=_sample_share(context) * (tense + spelling) / 2,
        reason=_unless_few(context, _faults_reason(context, "content.tense_spelling", faults)),
        fix=_faults_fix(context, "content.tense_spelling", faults),
        quotes=[*(span for span, _ in wrong), *(bullet.span for bullet in mixed)],
        remarks=remarks,
    )


def _mixed_tenses(resume: Resume) -> list[Bullet]:
    """Return the bullets whose tense differs from most bullets of the same language in their position."""
    entries = resume.work.entries
    current = {i for i, entry in enumerate(entries) if any(each.is_open for each in resume.ranges_in(entry))}
    by_entry: dict[tuple[int, bool], list[Bullet]] = {}
    for bullet in resume.bullets:
        english = bullet.opening.tense in ("past", "base")
        if bullet.opening.tense and not (english and bullet.entry in current):
            by_entry.setdefault((bullet.entry, english), []).append(bullet)
    mixed: list[Bullet] = []
    for together in by_entry.values():
        counts = Counter(bullet.opening.tense for bullet in together)
        usual = max(counts, key=lambda tense: (counts[tense], tense == "past"))
        mixed += [bullet for bullet in together if bullet.opening.tense != usual]
    return mixed


def _misspellings(context: ScoringContext) -> list[tuple[Span, str]]:
    """Return misspelt words in the body with their correction. A doubled word corrects to a single one."""
    resume = context.resume
    body = resume.body
    hits = context.rubric.misspelling_index.find_longest(resume.text, resume.folded, body.start, body.end)
    found = [(Span(hit.start, hit.end), hit.group) for hit in hits]
    found += [
        (Span(match.start(), match.end()), match[1])
        for match in _DOUBLED.finditer(resume.folded, body.start, body.end)
        if match[1] not in _RARELY_DOUBLED_BY_MISTAKE
        # "Bora Bora" is a name. Equal words with more than a space between them are cells of a table.
        and resume.text[match.start() + len(match[1]) : match.end()] == " " + match[1]
    ]
    return found
