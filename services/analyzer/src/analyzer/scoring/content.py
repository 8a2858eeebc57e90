"""Content, 100 points: what the bullets say was done and achieved."""

import re
from collections import Counter
from typing import Final

from analyzer.scoring import text as texts
from analyzer.scoring.answers import Answer, Case, Remark, clamp
from analyzer.scoring.resume import Bullet
from analyzer.scoring.rubric import Measures
from analyzer.scoring.terms import Hit
from analyzer.scoring.text import Span

_DOUBLED = re.compile(r"\b([a-z]{2,20}) \1\b")
_RARELY_DOUBLED_BY_MISTAKE: Final = frozenset({"that", "had", "tech", "data"})
# A proper name, an abbreviation or a quoted title makes a bullet specific.
_NAME = re.compile(
    r"(?<=[\w,;:(] )[A-Z][\w&+#.-]*|(?<![A-Za-z])[A-Z][A-Z0-9&]{1,9}(?![a-z])|[「『\"“]|[ァ-ヺ][ァ-ヺー]{5,}"
)
_REMARKS: Final = 3
# A result that is stated without a number convinces half.
_UNPROVEN_RESULT: Final = 0.5
# "Led 12 engineers": not what came of it, but how much was carried.
_SCALE: Final = 0.4
# An unlisted past tense ("liaised") is an action, of unknown weight.
_PLAIN_VERB: Final = 0.6


def answer(case: Case) -> list[Answer]:
    """One answer for each criterion of the area."""
    return [
        _quantified(case),
        _action_verbs(case),
        _results(case),
        _specificity(case),
        _bullet_length(case),
        _filler(case),
        _tense_spelling(case),
        _summary(case),
    ]


def _share(case: Case, credit: float) -> float:
    """Credit a bullet; few bullets cannot earn it all, however good they are."""
    return credit / max(len(case.resume.bullets), case.rubric.measures.bullets_for_full_confidence)


def _shown(case: Case) -> float:
    """How much there is to find faults in; the absence of faults in three bullets proves little."""
    return min(1.0, len(case.resume.bullets) / case.rubric.measures.bullets_for_full_confidence)


def _unless_few(case: Case, reason: str) -> str:
    if _shown(case) == 1:
        return reason
    few = case.say("content.few_bullets", n=len(case.resume.bullets))
    return case.say("summary.space").join([reason, few])


def _of_none(case: Case, criterion: str, **values: int) -> Answer:
    return Answer(
        id=criterion,
        share=0,
        reason=case.say("content.no_bullets"),
        fix=case.say(f"{criterion}.fix", **values),
    )


def _quantified(case: Case) -> Answer:
    bullets, say = case.resume.bullets, case.say
    if not bullets:
        return _of_none(case, "content.quantified")
    good = [bullet for bullet in bullets if bullet.is_quantified]
    # Achievements first: that is where a number is missed most.
    bare = sorted((b for b in bullets if not b.is_quantified), key=lambda b: b.opening.strength != "strong")
    return Answer(
        id="content.quantified",
        share=_share(case, len(good)) / case.rubric.measures.quantified_full_at,
        reason=say(
            "content.quantified.reason",
            n=len(good),
            total=len(bullets),
            target=round(case.rubric.measures.quantified_full_at * 100),
        ),
        fix=say("content.quantified.fix"),
        quotes=[bullet.span for bullet in good],
        remarks=[
            Remark(
                category="quantitative_impact",
                span=bullet.span,
                issue=say("content.quantified.issue"),
                suggestion=say("content.quantified.suggestion"),
            )
            for bullet in bare[:_REMARKS]
        ],
    )


def _action_verbs(case: Case) -> Answer:
    """Without a ceiling below 100 %: a weakened verb always costs."""
    bullets, say = case.resume.bullets, case.say
    if not bullets:
        return _of_none(case, "content.action_verbs")
    strong = [bullet for bullet in bullets if bullet.opening.strength == "strong"]
    plain = [bullet for bullet in bullets if bullet.opening.strength == "plain"]
    weak = [bullet for bullet in bullets if bullet.opening.strength in ("weak", "none")]
    return Answer(
        id="content.action_verbs",
        share=_share(case, len(strong) + _PLAIN_VERB * len(plain)),
        reason=say("content.action_verbs.reason", n=len(strong), total=len(bullets)),
        fix=say("content.action_verbs.fix"),
        quotes=[bullet.span for bullet in strong],
        remarks=[
            Remark(
                category="structure",
                span=bullet.span,
                issue=say("content.action_verbs.issue", opening=bullet.opening.verb)
                if bullet.opening.verb
                else say("content.action_verbs.issue_none"),
                suggestion=say("content.action_verbs.suggestion"),
            )
            for bullet in sorted(weak, key=lambda bullet: bullet.opening.strength != "weak")[:_REMARKS]
        ],
    )


def _results(case: Case) -> Answer:
    bullets, say = case.resume.bullets, case.say
    if not bullets:
        return _of_none(case, "content.results")
    results = [bullet for bullet in bullets if bullet.is_result]
    proven = [bullet for bullet in results if bullet.is_quantified]
    others = [bullet for bullet in bullets if not bullet.is_result]
    scale = [bullet for bullet in others if bullet.is_quantified and bullet.opening.strength == "strong"]
    duties = [bullet for bullet in others if not bullet.is_quantified]
    credit = len(proven) + _UNPROVEN_RESULT * (len(results) - len(proven)) + _SCALE * len(scale)
    return Answer(
        id="content.results",
        share=_share(case, credit) / case.rubric.measures.results_full_at,
        reason=say(
            "content.results.reason" if results else "content.results.none",
            n=len(results),
            total=len(bullets),
            proven=len(proven),
        ),
        fix=say("content.results.fix"),
        quotes=[bullet.span for bullet in sorted(results, key=lambda each: not each.is_quantified)],
        remarks=[
            Remark(
                category="scr_framework",
                span=bullet.span,
                issue=say("content.results.issue"),
                suggestion=say("content.results.suggestion"),
            )
            for bullet in sorted(duties, key=lambda bullet: bullet.opening.strength != "weak")[:_REMARKS]
        ],
    )


def _specificity(case: Case) -> Answer:
    bullets, say = case.resume.bullets, case.say
    if not bullets:
        return _of_none(case, "content.specificity")
    specific = [bullet for bullet in bullets if _is_specific(bullet)]
    return Answer(
        id="content.specificity",
        share=_share(case, len(specific)) / case.rubric.measures.specific_full_at,
        reason=say("content.specificity.reason", n=len(specific), total=len(bullets)),
        fix=say("content.specificity.fix"),
        quotes=[bullet.span for bullet in specific],
    )


def _is_specific(bullet: Bullet) -> bool:
    if bullet.is_quantified or bullet.skills:
        return True
    # In capitals throughout, nothing is a name.
    return not bullet.text.isupper() and _NAME.search(bullet.text) is not None


def _fits(bullet: Bullet, measures: Measures) -> int:
    """0: the length reads well; -1: too short; 1: too long. The opening counts as one word, and amounts do
    not make a bullet long: so neither a better verb nor a number costs, nor does a weak phrase fill up."""
    japanese = texts.count_japanese(bullet.text) * 3 > len(bullet.text)
    if japanese:
        low, high = measures.bullet_characters
        size = len(bullet.text)
        amounts = sum(span.end - span.start for span in bullet.numbers)
    else:
        low, high = measures.bullet_words
        size = 1 + texts.count_words(bullet.text[bullet.opening.end :])
        after = [span for span in bullet.numbers if span.start >= bullet.opening.end]
        amounts = sum(texts.count_words(bullet.text[span.start : span.end]) for span in after)
    if size < low:
        return -1
    return 1 if size - amounts > high else 0


def _bullet_length(case: Case) -> Answer:
    bullets, say, measures = case.resume.bullets, case.say, case.rubric.measures
    low, high = measures.bullet_characters if case.resume.japanese else measures.bullet_words
    if not bullets:
        return _of_none(case, "content.bullet_length", low=low, high=high)
    good = [bullet for bullet in bullets if _fits(bullet, measures) == 0]
    long = [bullet for bullet in bullets if _fits(bullet, measures) > 0]
    return Answer(
        id="content.bullet_length",
        share=_share(case, len(good)),
        reason=say("content.bullet_length.reason", n=len(good), total=len(bullets), low=low, high=high),
        fix=say("content.bullet_length.fix", low=low, high=high),
        quotes=[bullet.span for bullet in good[:2]],
        remarks=[
            Remark(
                category="structure",
                span=bullet.span,
                issue=say("content.bullet_length.long"),
                suggestion=say("content.bullet_length.fix", low=low, high=high),
            )
            for bullet in long[:2]
        ],
    )


def _filler(case: Case) -> Answer:
    """Each empty phrase, first-person pronoun, weak or worn opening costs a tenth, a stuffed term half."""
    resume, say, rubric = case.resume, case.say, case.rubric
    body = resume.body
    fillers = rubric.word_index("fillers").find_apart(resume.text, resume.folded, body.start, body.end)
    pronouns = rubric.word_index("pronouns").find(resume.text, resume.folded, body.start, body.end)
    pronouns = [hit for hit in pronouns if not _is_part_of_name(resume.text, hit)]
    openings = Counter(
        bullet.opening.verb for bullet in resume.bullets if bullet.opening.strength == "strong"
    )
    weak = sum(bullet.opening.strength == "weak" for bullet in resume.bullets)
    # In Japanese the same verb ends many bullets; that is grammar, not monotony.
    worn = 0 if resume.japanese else sum(max(0, count - 2) for count in openings.values())
    hits = rubric.skill_index.find(resume.text, resume.folded, body.start, body.end)
    counts = Counter(hit.term for hit in hits)
    stuffed = sorted(term for term, count in counts.items() if count > rubric.measures.term_repeats_at_most)
    faults = len(fillers) + len(pronouns) + worn + weak + 5 * len(stuffed)
    shown = _shown(case)
    spans = [Span(hit.start, hit.end) for hit in [*fillers, *pronouns]]
    return Answer(
        id="content.filler",
        share=shown * (1 - clamp(faults / 10)),
        reason=_unless_few(
            case,
            say("content.filler.stuffed", terms=say.join(stuffed[:3]))
            if stuffed
            else say("content.filler.reason", n=len(fillers), pronouns=len(pronouns), repeats=worn + weak),
        ),
        fix=say("content.filler.fix"),
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
    """ "US" and "I" in "Phase I" or "Type I-beam" are no pronouns."""
    word = text[hit.start : hit.end]
    if word == "US":
        return True
    before = text[max(0, hit.start - 12) : hit.start].rstrip().rpartition(" ")[2]
    return word == "I" and (
        (before[:1].isupper() and before.isalpha()) or text[hit.end : hit.end + 1] in ("/", "-", "I")
    )


def _tense_spelling(case: Case) -> Answer:
    """Half for one tense (Japanese: one style of ending) within each position, half for spelling. Tense is
    judged by the bullets among themselves, not by the dates: so a date taken away changes nothing."""
    resume, say = case.resume, case.say
    mixed = _mixed_tenses(resume.bullets)
    wrong = _misspellings(case)
    shown = _shown(case)
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
    return Answer(
        id="content.tense_spelling",
        share=shown * (tense + spelling) / 2,
        reason=_unless_few(case, say("content.tense_spelling.reason", spelling=len(wrong), tense=len(mixed))),
        fix=say("content.tense_spelling.fix"),
        quotes=[*(span for span, _ in wrong), *(bullet.span for bullet in mixed)],
        remarks=remarks,
    )


def _mixed_tenses(bullets: tuple[Bullet, ...]) -> list[Bullet]:
    """The bullets whose tense is not that of most in their position."""
    by_entry: dict[int, list[Bullet]] = {}
    for bullet in bullets:
        if bullet.opening.tense:
            by_entry.setdefault(bullet.entry, []).append(bullet)
    mixed: list[Bullet] = []
    for together in by_entry.values():
        counts = Counter(bullet.opening.tense for bullet in together)
        usual = max(counts, key=lambda tense: (counts[tense], tense == "past"))
        mixed += [bullet for bullet in together if bullet.opening.tense != usual]
    return mixed


def _misspellings(case: Case) -> list[tuple[Span, str]]:
    """Places in the body, with the right word; a doubled word is its own right word."""
    resume = case.resume
    body = resume.body
    hits = case.rubric.misspelling_index.find_apart(resume.text, resume.folded, body.start, body.end)
    found = [(Span(hit.start, hit.end), hit.group) for hit in hits]
    found += [
        (Span(match.start(), match.end()), match[1])
        for match in _DOUBLED.finditer(resume.folded, body.start, body.end)
        if match[1] not in _RARELY_DOUBLED_BY_MISTAKE
    ]
    return found


def _summary(case: Case) -> Answer:
    resume, say, measures = case.resume, case.say, case.rubric.measures
    span = resume.summary
    if span is None:
        return Answer(
            id="content.summary", share=0, reason=say("content.summary.none"), fix=say("content.summary.fix")
        )
    content = resume.text[span.start : span.end]
    low, high = measures.summary_characters if resume.japanese else measures.summary_words
    size = texts.length(content, japanese=resume.japanese)
    fits = low <= size <= high
    skills = rubric_groups(case, span)
    has_number = re.search(r"\d", content) is not None
    return Answer(
        id="content.summary",
        share=0.4 + 0.3 * fits + 0.15 * bool(skills) + 0.15 * has_number,
        reason=say("content.summary.reason", n=size, low=low, high=high),
        fix=say("content.summary.fix"),
        quotes=[span],
    )


def rubric_groups(case: Case, span: Span) -> set[str]:
    """The skill groups that a stretch of the text names."""
    hits = case.rubric.skill_index.find(case.resume.text, case.resume.folded, span.start, span.end)
    return {hit.group for hit in hits}
