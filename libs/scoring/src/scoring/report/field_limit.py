"""Keep a resume of another field of work below the scores that are due to the field's own."""

from collections.abc import Sequence
from dataclasses import replace
from math import floor
from typing import Final

from scoring.criteria.assessments import Assessment, clamp
from scoring.criteria.context import ScoringContext
from scoring.report.scores import award_points, compute_scores

# The shares of the skills' points between which a resume turns from another field's into one of the field.
_OTHER_SKILLS: Final = 0.7
_OWN_SKILLS: Final = 0.8
# The share of the domain's points that a position in the field earns without dates.
_IN_FIELD: Final = 0.4


def limit_other_field(context: ScoringContext, assessments: Sequence[Assessment]) -> Sequence[Assessment]:
    """Scale the industry fit down where the rest alone would lift a resume of another field too high.

    A resume is of the field if a position is and if its bullets show most of the skills.
    """
    if not context.industry.skills:
        return assessments
    rubric, by_id = context.rubric, {each.id: each for each in assessments}
    skills, domain = by_id["industry.skills"].share or 0, by_id["industry.domain"].share or 0
    own = min(clamp((skills - _OTHER_SKILLS) / (_OWN_SKILLS - _OTHER_SKILLS)), clamp(domain / _IN_FIELD))
    at_most = rubric.thresholds.other_field_at_most
    limit = at_most + (100 - at_most) * own
    scores = compute_scores(rubric, award_points(rubric, assessments), cap=None)
    if scores.overall <= limit:
        return assessments
    parts = scores.contributions
    allowed = floor((limit - parts.ats - parts.content - parts.formatting) / rubric.overall["industry_fit"])
    factor = max(0, allowed) / scores.areas["industry_fit"]
    note = context.say(
        "industry.other_field", industry=context.industry.name.of(context.say.language), n=max(0, allowed)
    )
    return [
        replace(
            each,
            share=clamp(each.share) * factor,
            reason=context.say.join_sentences(each.reason, note if each.id == "industry.skills" else ""),
        )
        if each.id.startswith("industry.") and each.share is not None
        else each
        for each in assessments
    ]
