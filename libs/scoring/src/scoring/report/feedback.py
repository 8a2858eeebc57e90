"""Build the two analyses in `detailed_scores` that the frontend shows, from the criteria alone."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import islice
from math import ceil
from typing import Final

from contracts.report import (
    MAX_REMARKS,
    MAX_SENTENCES,
    AppealAnalysis,
    AppealFeedback,
    AppealScores,
    Criterion,
    Finding,
    SpecificFeedback,
    StructureAnalysis,
    StructureFeedback,
    StructureMetadata,
    StructureScores,
)

from scoring.criteria.assessments import Remark
from scoring.criteria.context import ScoringContext
from scoring.criteria.relevance import find_appeal_bullets, find_skill_coverage
from scoring.language.text import capitalize, count_words, shorten, text_length
from scoring.report.scores import round_half_up
from scoring.resume.bullet import Bullet

# A criterion with this share of its points is a strength. Below the second value it is an improvement area.
_STRONG: Final = 0.85
_LACKING: Final = 0.6
_QUOTED: Final = 5
_QUOTE_CHARACTERS: Final = 200
_WORDS_PER_MINUTE: Final = 220
_CHARACTERS_PER_MINUTE: Final = 550
_MUST_HAVE: Final = ("contact", "summary", "experience", "education", "skills")
# Categories of remarks on the structure. All others concern the appeal.
_STRUCTURE_CATEGORIES: Final = ("grammar", "structure")


def build_structure_analysis(
    context: ScoringContext,
    criteria: Sequence[Criterion],
    remarks: Sequence[Remark],
    findings: Sequence[Finding],
    next_steps: Sequence[str],
) -> StructureAnalysis:
    """Build the analysis of the structure from the areas ATS, content and formatting."""
    own = [criterion for criterion in criteria if criterion.area != "industry_fit"]
    return StructureAnalysis(
        scores=StructureScores(
            format=_view(context, criteria, "format"),
            organization=_view(context, criteria, "organization"),
            tone=_view(context, criteria, "tone"),
            completeness=_view(context, criteria, "completeness"),
        ),
        feedback=StructureFeedback(
            strengths=_strengths(own),
            improvement_areas=_improvements(own),
            specific_feedback=_specific_feedback(
                context, [remark for remark in remarks if remark.category in _STRUCTURE_CATEGORIES]
            ),
            issues=_issues(criteria, own, remarks, findings),
            recommendations=_fixes(own) or _fixes(criteria),
            missing_sections=_missing_sections(context),
            priority_improvements=tuple(next_steps),
        ),
        metadata=_metadata(context),
    )


def build_appeal_analysis(
    context: ScoringContext, criteria: Sequence[Criterion], remarks: Sequence[Remark]
) -> AppealAnalysis:
    """Build the analysis of the appeal to the target from the industry fit."""
    own = [criterion for criterion in criteria if criterion.area == "industry_fit"]
    language, rubric, resume = context.say.language, context.rubric, context.resume
    coverage, appeals = find_skill_coverage(context), find_appeal_bullets(context)
    missing = [
        group
        for group in (context.industry.skills if context.judges_work else ())
        if group not in coverage.demonstrated and group not in coverage.listed
    ]
    return AppealAnalysis(
        scores=AppealScores(
            achievement_relevance=_view(context, criteria, "achievement_relevance"),
            skills_alignment=_view(context, criteria, "skills_alignment"),
            experience_fit=_view(context, criteria, "experience_fit"),
            competitive_positioning=_view(context, criteria, "competitive_positioning"),
        ),
        feedback=AppealFeedback(
            strengths=_strengths(own),
            improvement_areas=_improvements(own),
            specific_feedback=_specific_feedback(
                context, [remark for remark in remarks if remark.category not in _STRUCTURE_CATEGORIES]
            ),
            relevant_achievements=tuple(
                quote.quote
                for bullet in find_relevant_bullets(context)
                if (quote := resume.quote(bullet.span))
            )[:_QUOTED],
            missing_skills=tuple(capitalize(rubric.skills[group].name.of(language)) for group in missing),
            competitive_advantages=_by_bullet(
                context,
                "appeal.advantage",
                {
                    rubric.skills[group].name.of(language): bullets[0]
                    for group, bullets in coverage.demonstrated.items()
                    if bullets[0].is_proven
                },
            ),
            transferable_experience=_by_bullet(
                context,
                "appeal.transferable",
                {
                    rubric.appeals[point].name.of(language): bullet
                    for point, bullet in appeals.items()
                    if bullet.labels.action in ("strong", "plain")
                    and not bullet.skills & context.industry.skills.keys()
                },
            ),
        ),
    )


def _by_bullet(context: ScoringContext, key: str, shown: Mapping[str, Bullet]) -> tuple[str, ...]:
    """Return one sentence per bullet that names all it demonstrates."""
    names: dict[int, list[str]] = {}
    for name, bullet in shown.items():
        names.setdefault(bullet.start, []).append(name)
    texts = {bullet.start: shorten(bullet.text, _QUOTE_CHARACTERS) for bullet in shown.values()}
    return tuple(
        context.say(key, shown=capitalize(context.say.join(its)), quote=texts[start])
        for start, its in names.items()
    )[:_QUOTED]


def _earned_share(criterion: Criterion) -> float:
    """Return the share of the points that a criterion earned, or 1 if it could not be assessed."""
    return 1.0 if criterion.points is None else criterion.points / criterion.max


def _view(context: ScoringContext, criteria: Sequence[Criterion], view: str) -> int:
    """Return the points of a view's criteria, out of 100.

    If less than half of them (by points) could be assessed, all criteria of the same areas count.
    """
    names = context.rubric.views[view]
    assessed = [each for each in criteria if each.points is not None]
    wanted = [each for each in criteria if each.id in names]
    within = [each for each in assessed if each.id in names]
    if 2 * sum(each.max for each in within) < sum(each.max for each in wanted):
        areas = {each.area for each in wanted}
        within = [each for each in assessed if each.area in areas] or assessed
    return int(
        round_half_up(100 * sum(each.points or 0 for each in within) / sum(each.max for each in within))
    )


def _strengths(criteria: Sequence[Criterion]) -> tuple[str, ...]:
    strong = [each for each in criteria if each.points is not None and _earned_share(each) >= _STRONG]
    return _once(each.reason for each in sorted(strong, key=lambda each: -each.max))


def _once(sentences: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sentences))[:_QUOTED]


def _by_gain(criteria: Iterable[Criterion]) -> list[Criterion]:
    """Sort by potential gain. Under a cap, where nothing gains, sort by missing points."""
    return sorted(criteria, key=lambda each: (-each.potential_gain, (each.points or 0) - each.max, each.id))


def fixable_by_gain(criteria: Iterable[Criterion]) -> list[Criterion]:
    """Return the criteria with a fix, by potential gain."""
    return _by_gain(each for each in criteria if each.fix and each.points is not None)


def _below(share: float, criteria: Sequence[Criterion]) -> tuple[str, ...]:
    return _once(each.reason for each in _by_gain(criteria) if _earned_share(each) < share)


def _improvements(criteria: Sequence[Criterion]) -> tuple[str, ...]:
    return _below(_LACKING, criteria)


def _fixes(criteria: Sequence[Criterion]) -> tuple[str, ...]:
    return _once(each.fix for each in fixable_by_gain(criteria) if each.fix)


def _issues(
    criteria: Sequence[Criterion],
    own: Sequence[Criterion],
    remarks: Sequence[Remark],
    findings: Sequence[Finding],
) -> tuple[str, ...]:
    """Return the findings, then the criteria that are not strengths.

    If all criteria of the structure are strengths, remarks or other possible improvements follow instead,
    because an older frontend reports "no issues" for an empty list.
    """
    found = tuple(finding.detail for finding in findings)
    lacking = _below(_STRONG, own) or _once(remark.issue for remark in remarks)
    lacking = lacking or _once(each.reason for each in fixable_by_gain(criteria))
    return tuple(dict.fromkeys((*found, *lacking)))[:MAX_SENTENCES]


def _missing_sections(context: ScoringContext) -> tuple[str, ...]:
    names, resume = context.rubric.headings.names, context.resume
    if not context.judges_work:
        return ()
    present = {section.kind for section in resume.sections} | resume.headings.keys()
    if any(mark in resume.text for mark in "@＠"):
        present.add("contact")
    return tuple(names[kind].of(context.say.language) for kind in _MUST_HAVE if kind not in present)


def find_relevant_bullets(context: ScoringContext) -> list[Bullet]:
    """Return the bullets that demonstrate a skill or appeal point of the target with an amount."""
    wanted, appeals = context.industry.skills.keys(), set(context.industry.appeals)
    relevant = [
        bullet
        for bullet in context.resume.bullets
        if bullet.is_quantified and (bullet.skills & wanted or bullet.appeals & appeals)
    ]
    relevant.sort(key=lambda bullet: (not bullet.is_result, not bullet.skills & wanted, bullet.start))
    return relevant


def _metadata(context: ScoringContext) -> StructureMetadata:
    resume = context.resume
    size = text_length(resume.text, japanese=resume.is_japanese)
    per_minute = _CHARACTERS_PER_MINUTE if resume.is_japanese else _WORDS_PER_MINUTE
    words = resume.signals.word_count if resume.signals else 0
    return StructureMetadata(
        total_sections=len([section for section in resume.sections if section.title]),
        word_count=words or (size if resume.is_japanese else count_words(resume.text)),
        reading_time=max(1, ceil(size / per_minute)),
    )


def _specific_feedback(context: ScoringContext, remarks: Iterable[Remark]) -> tuple[SpecificFeedback, ...]:
    """Return remarks with the verbatim text that they refer to, as many as a report may hold."""
    feedback = []
    for remark in islice(remarks, MAX_REMARKS):
        quote = context.resume.quote(remark.span) if remark.span else None
        feedback.append(
            SpecificFeedback(
                category=remark.category,
                target_text=quote.quote if quote else None,
                issue=remark.issue,
                suggestion=remark.suggestion,
            )
        )
    return tuple(feedback)
