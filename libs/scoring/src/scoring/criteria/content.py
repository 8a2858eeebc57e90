"""Assess content (100 points): work and results in the bullets. `wording` assesses how they are written."""

import re
from collections.abc import Sequence
from typing import Final

from scoring.criteria import wording
from scoring.criteria.assessments import (
    Assessment,
    Remark,
    assess_without_bullets,
    bullet_share,
    choose_bullet_fix,
    count_sentence,
)
from scoring.criteria.context import ScoringContext
from scoring.language import text as texts
from scoring.language.text import Span
from scoring.resume.bullet import Bullet
from scoring.resume.document_kind import DocumentKind

_REMARKS: Final = 3
# The sentence about a bullet without a result, by the strength of its opening.
_NO_RESULT: Final = {
    "strong": "content.results.issue_action",
    "plain": "content.results.issue_action",
    "weak": "content.results.issue",
    "none": "content.results.issue_none",
}
# The field of the form holds five or six lines. Fewer characters give no reason.
_STATEMENT_CHARACTERS: Final = (80, 450)
# The credit of a result without an amount.
_UNPROVEN_RESULT: Final = 0.5
# The credit of a scale without a result: "Led 12 engineers".
_SCALE: Final = 0.4
# The credit of an unlisted verb in the past tense ("liaised").
_PLAIN_VERB: Final = 0.6


def assess(context: ScoringContext) -> list[Assessment]:
    """Assess each criterion of the area."""
    return [
        _quantified(context),
        _action_verbs(context),
        _results(context),
        _specificity(context),
        *wording.assess(context),
        _statement(context) if context.document_kind is DocumentKind.RIREKISHO else _summary(context),
    ]


def _quantified(context: ScoringContext) -> Assessment:
    bullets, say = context.resume.bullets, context.say
    if not bullets:
        return assess_without_bullets(context, "content.quantified")
    good = [bullet for bullet in bullets if bullet.is_quantified]
    # Achievements come first, where an amount is missed most.
    bare = sorted((b for b in bullets if not b.is_quantified), key=lambda b: b.labels.action != "strong")
    return Assessment(
        id="content.quantified",
        share=bullet_share(context, len(good)) / context.rubric.thresholds.quantified_full_at,
        reason=count_sentence(
            context,
            "content.quantified",
            len(good),
            len(bullets),
            target=round(context.rubric.thresholds.quantified_full_at * 100),
        ),
        fix=choose_bullet_fix(
            context,
            len(good),
            say("content.quantified.fix"),
            full_at=context.rubric.thresholds.quantified_full_at,
        ),
        quotes=[bullet.span for bullet in good],
        remarks=[
            Remark(
                category="quantitative_impact",
                span=bullet.span,
                issue=say(
                    "content.quantified.loose" if bullet.has_decorative_amount else "content.quantified.issue"
                ),
                suggestion=say("content.quantified.suggestion"),
            )
            for bullet in bare[:_REMARKS]
        ],
    )


def _action_verbs(context: ScoringContext) -> Assessment:
    """Assess the opening verbs. Full marks need every bullet, so that a weakened verb always costs points."""
    bullets, say = context.resume.bullets, context.say
    if not bullets:
        return assess_without_bullets(context, "content.action_verbs")
    strong = [bullet for bullet in bullets if bullet.labels.action == "strong"]
    plain = [bullet for bullet in bullets if bullet.labels.action == "plain"]
    weak = [bullet for bullet in bullets if bullet.labels.action in ("weak", "none")]
    return Assessment(
        id="content.action_verbs",
        share=bullet_share(context, len(strong) + _PLAIN_VERB * len(plain)),
        reason=count_sentence(context, "content.action_verbs", len(strong), len(bullets)),
        fix=choose_bullet_fix(context, len(strong) + _PLAIN_VERB * len(plain), _verbs_fix(context, weak)),
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
            for bullet in sorted(weak, key=lambda bullet: bullet.labels.action != "weak")[:_REMARKS]
        ],
    )


def _verbs_fix(context: ScoringContext, weak: Sequence[Bullet]) -> str:
    """Return the advice, naming the openings to replace if there are any."""
    named = dict.fromkeys(bullet.opening.verb for bullet in weak if bullet.opening.verb)
    if not named:
        return context.say("content.action_verbs.fix")
    quoted = [context.say("quote", text=texts.capitalize(verb)) for verb in list(named)[:_REMARKS]]
    # Japanese puts no comma between quotes.
    openings = context.say.join(quoted).replace("」、「", "」「")
    return context.say("content.action_verbs.fix_found", openings=openings)


def _results(context: ScoringContext) -> Assessment:
    bullets, say = context.resume.bullets, context.say
    if not bullets:
        return assess_without_bullets(context, "content.results")
    results = [bullet for bullet in bullets if bullet.is_result]
    proven = [bullet for bullet in results if bullet.is_quantified]
    others = [bullet for bullet in bullets if not bullet.is_result]
    scale = [bullet for bullet in others if bullet.is_quantified and bullet.labels.action == "strong"]
    duties = [bullet for bullet in others if not bullet.is_quantified]
    credit = len(proven) + _UNPROVEN_RESULT * (len(results) - len(proven)) + _SCALE * len(scale)
    return Assessment(
        id="content.results",
        share=bullet_share(context, credit) / context.rubric.thresholds.results_full_at,
        reason=_results_reason(context, len(results), len(proven), len(scale)),
        fix=choose_bullet_fix(
            context, credit, say("content.results.fix"), full_at=context.rubric.thresholds.results_full_at
        ),
        quotes=[bullet.span for bullet in sorted(results or scale, key=lambda each: not each.is_quantified)],
        remarks=[
            Remark(
                category="scr_framework",
                span=bullet.span,
                issue=say(_NO_RESULT[bullet.labels.action]),
                suggestion=say("content.results.suggestion"),
            )
            for bullet in sorted(duties, key=lambda bullet: bullet.labels.action != "weak")[:_REMARKS]
        ],
    )


def _results_reason(context: ScoringContext, results: int, proven: int, scale: int) -> str:
    if not results and scale:
        # The scale of the work earns points, so the reason must not say that there is nothing.
        return context.say("content.results.scale", n=scale, total=len(context.resume.bullets))
    if not results:
        return context.say("content.results.none")
    variant = "proven" if proven == results else "partly" if proven else "unproven"
    stated = count_sentence(context, "content.results", results, len(context.resume.bullets))
    return stated + context.say(f"content.results.{variant}", proven=proven)


def _specificity(context: ScoringContext) -> Assessment:
    bullets = context.resume.bullets
    if not bullets:
        return assess_without_bullets(context, "content.specificity")
    specific = [bullet for bullet in bullets if bullet.labels.specific]
    return Assessment(
        id="content.specificity",
        share=bullet_share(context, len(specific)) / context.rubric.thresholds.specific_full_at,
        reason=count_sentence(context, "content.specificity", len(specific), len(bullets)),
        fix=choose_bullet_fix(
            context,
            len(specific),
            context.say("content.specificity.fix"),
            full_at=context.rubric.thresholds.specific_full_at,
        ),
        quotes=[bullet.span for bullet in specific],
    )


def _summary(context: ScoringContext) -> Assessment:
    resume, say, thresholds = context.resume, context.say, context.rubric.thresholds
    span = resume.summary
    if span is None:
        return Assessment(
            id="content.summary", share=0, reason=say("content.summary.none"), fix=say("content.summary.fix")
        )
    content = resume.text[span.start : span.end]
    low, high = thresholds.summary_characters if resume.is_japanese else thresholds.summary_words
    size = texts.text_length(content, japanese=resume.is_japanese)
    fits = low <= size <= high
    skills = find_skill_groups(context, span)
    has_number = re.search(r"\d", content) is not None
    lacking = [
        say(f"content.summary.{what}")
        for what, is_there in (("no_skill", skills), ("no_number", has_number))
        if not is_there
    ]
    return Assessment(
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


def _statement(context: ScoringContext) -> Assessment:
    """Assess the reasons for applying in a rirekisho, which has no summary."""
    resume, say = context.resume, context.say
    span = resume.statement
    low, high = _STATEMENT_CHARACTERS
    if span is None:
        reason, share = say("content.statement.none"), 0.0
    else:
        content = resume.text[span.start : span.end]
        size = texts.text_length(content, japanese=True)
        fits = low <= size <= high
        share = 0.4 + 0.4 * fits + 0.2 * bool(find_skill_groups(context, span))
        reason = say("content.statement.reason", n=size, low=low, high=high)
    return Assessment(
        id="content.summary",
        share=share,
        reason=reason,
        fix=say("content.statement.fix", low=low),
        quotes=[span] if span else [],
    )


def find_skill_groups(context: ScoringContext, span: Span) -> set[str]:
    """Return the skill groups that a part of the text names."""
    hits = context.rubric.skill_index.find(context.resume.text, context.resume.folded, span.start, span.end)
    return {hit.group for hit in hits}
