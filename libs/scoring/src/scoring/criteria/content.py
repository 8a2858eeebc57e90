"""Content, 100 points: what the bullets say was done and achieved. How they say it is in `wording`."""

import re
from collections.abc import Sequence
from typing import Final

from scoring.criteria import wording
from scoring.criteria.answers import (
    Answer,
    Case,
    Remark,
    bullets_fix,
    counted,
    no_bullets,
    share_of_bullets,
)
from scoring.language import text as texts
from scoring.language.text import Span
from scoring.resume.resume import Bullet

# A proper name, an abbreviation or a quoted title makes a bullet specific.
_NAME = re.compile(
    r"(?<=[\w,;:(] )[A-Z][\w&+#.-]*|(?<![A-Za-z])[A-Z][A-Z0-9&]{1,9}(?![a-z])|[「『\"“]|[ァ-ヺ][ァ-ヺー]{5,}"
)
# What word lists of English and Japanese cannot judge in another language.
_OF_WORDS: Final = frozenset({"content.action_verbs", "content.results", "content.tense_spelling"})
_REMARKS: Final = 3
# What a bullet without a result tells instead, by how it opens.
_NO_RESULT: Final = {
    "strong": "content.results.issue_action",
    "plain": "content.results.issue_action",
    "weak": "content.results.issue",
    "none": "content.results.issue_none",
}
# A result that is stated without a number convinces half.
_UNPROVEN_RESULT: Final = 0.5
# "Led 12 engineers": not what came of it, but how much was carried.
_SCALE: Final = 0.4
# An unlisted past tense ("liaised") is an action, of unknown weight.
_PLAIN_VERB: Final = 0.6


def answer(case: Case) -> list[Answer]:
    """One answer for each criterion of the area."""
    answers = [
        _quantified(case),
        _action_verbs(case),
        _results(case),
        _specificity(case),
        *wording.answer(case),
        _summary(case),
    ]
    if not case.resume.foreign:
        return answers
    unread = case.say("content.foreign")
    return [
        Answer(id=each.id, share=None, reason=unread) if each.id in _OF_WORDS else each for each in answers
    ]


def _quantified(case: Case) -> Answer:
    bullets, say = case.resume.bullets, case.say
    if not bullets:
        return no_bullets(case, "content.quantified")
    good = [bullet for bullet in bullets if bullet.is_quantified]
    # Achievements first: that is where a number is missed most.
    bare = sorted((b for b in bullets if not b.is_quantified), key=lambda b: b.opening.strength != "strong")
    return Answer(
        id="content.quantified",
        share=share_of_bullets(case, len(good)) / case.rubric.measures.quantified_full_at,
        reason=counted(
            case,
            "content.quantified",
            len(good),
            len(bullets),
            target=round(case.rubric.measures.quantified_full_at * 100),
        ),
        fix=bullets_fix(
            case,
            len(good),
            say("content.quantified.fix"),
            full_at=case.rubric.measures.quantified_full_at,
        ),
        quotes=[bullet.span for bullet in good],
        remarks=[
            Remark(
                category="quantitative_impact",
                span=bullet.span,
                issue=say(
                    "content.quantified.loose" if bullet.has_loose_amount else "content.quantified.issue"
                ),
                suggestion=say("content.quantified.suggestion"),
            )
            for bullet in bare[:_REMARKS]
        ],
    )


def _action_verbs(case: Case) -> Answer:
    """Without a ceiling below 100 %: a weakened verb always costs."""
    bullets, say = case.resume.bullets, case.say
    if not bullets:
        return no_bullets(case, "content.action_verbs")
    strong = [bullet for bullet in bullets if bullet.opening.strength == "strong"]
    plain = [bullet for bullet in bullets if bullet.opening.strength == "plain"]
    weak = [bullet for bullet in bullets if bullet.opening.strength in ("weak", "none")]
    return Answer(
        id="content.action_verbs",
        share=share_of_bullets(case, len(strong) + _PLAIN_VERB * len(plain)),
        reason=counted(case, "content.action_verbs", len(strong), len(bullets)),
        fix=bullets_fix(case, len(strong) + _PLAIN_VERB * len(plain), _verbs_fix(case, weak)),
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


def _verbs_fix(case: Case, weak: Sequence[Bullet]) -> str:
    """With the openings that are to go, if there are any."""
    named = dict.fromkeys(bullet.opening.verb for bullet in weak if bullet.opening.verb)
    if not named:
        return case.say("content.action_verbs.fix")
    quoted = [case.say("quote", text=texts.capital(verb)) for verb in list(named)[:_REMARKS]]
    # In Japanese quotes stand side by side.
    openings = case.say.join(quoted).replace("」、「", "」「")
    return case.say("content.action_verbs.fix_found", openings=openings)


def _results(case: Case) -> Answer:
    bullets, say = case.resume.bullets, case.say
    if not bullets:
        return no_bullets(case, "content.results")
    results = [bullet for bullet in bullets if bullet.is_result]
    proven = [bullet for bullet in results if bullet.is_quantified]
    others = [bullet for bullet in bullets if not bullet.is_result]
    scale = [bullet for bullet in others if bullet.is_quantified and bullet.opening.strength == "strong"]
    duties = [bullet for bullet in others if not bullet.is_quantified]
    credit = len(proven) + _UNPROVEN_RESULT * (len(results) - len(proven)) + _SCALE * len(scale)
    return Answer(
        id="content.results",
        share=share_of_bullets(case, credit) / case.rubric.measures.results_full_at,
        reason=_results_reason(case, len(results), len(proven)),
        fix=bullets_fix(
            case, credit, say("content.results.fix"), full_at=case.rubric.measures.results_full_at
        ),
        quotes=[bullet.span for bullet in sorted(results, key=lambda each: not each.is_quantified)],
        remarks=[
            Remark(
                category="scr_framework",
                span=bullet.span,
                issue=say(_NO_RESULT[bullet.opening.strength]),
                suggestion=say("content.results.suggestion"),
            )
            for bullet in sorted(duties, key=lambda bullet: bullet.opening.strength != "weak")[:_REMARKS]
        ],
    )


def _results_reason(case: Case, results: int, proven: int) -> str:
    if not results:
        return case.say("content.results.none")
    told = "proven" if proven == results else "partly" if proven else "unproven"
    stated = counted(case, "content.results", results, len(case.resume.bullets))
    return stated + case.say(f"content.results.{told}", proven=proven)


def _specificity(case: Case) -> Answer:
    bullets = case.resume.bullets
    if not bullets:
        return no_bullets(case, "content.specificity")
    specific = [bullet for bullet in bullets if _is_specific(bullet)]
    return Answer(
        id="content.specificity",
        share=share_of_bullets(case, len(specific)) / case.rubric.measures.specific_full_at,
        reason=counted(case, "content.specificity", len(specific), len(bullets)),
        fix=bullets_fix(
            case,
            len(specific),
            case.say("content.specificity.fix"),
            full_at=case.rubric.measures.specific_full_at,
        ),
        quotes=[bullet.span for bullet in specific],
    )


def _is_specific(bullet: Bullet) -> bool:
    # "Involved in valuations" names a subject, and nothing definite.
    if bullet.is_quantified or (bullet.skills and bullet.opening.strength != "weak"):
        return True
    # In capitals throughout, nothing is a name.
    return not bullet.said.isupper() and _NAME.search(bullet.said) is not None


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
    lacking = [
        say(f"content.summary.{what}")
        for what, is_there in (("no_skill", skills), ("no_number", has_number))
        if not is_there
    ]
    return Answer(
        id="content.summary",
        share=0.4 + 0.3 * fits + 0.15 * bool(skills) + 0.15 * has_number,
        reason=say(
            "content.summary.lacks" if lacking else "content.summary.reason",
            n=size,
            low=low,
            high=high,
            lacking=say.join(lacking),
        ),
        fix=say("content.summary.fix"),
        quotes=[span],
    )


def rubric_groups(case: Case, span: Span) -> set[str]:
    """The skill groups that a stretch of the text names."""
    hits = case.rubric.skill_index.find(case.resume.text, case.resume.folded, span.start, span.end)
    return {hit.group for hit in hits}
