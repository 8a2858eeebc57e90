"""The two views of `detailed_scores` that the frontend draws, made from the criteria and nothing else."""

from collections.abc import Iterable, Sequence
from math import ceil
from typing import Final

from contracts.report import (
    MAX_SENTENCES,
    AppealAnalysis,
    AppealFeedback,
    AppealScores,
    Criterion,
    Finding,
    StructureAnalysis,
    StructureFeedback,
    StructureMetadata,
    StructureScores,
)

from analyzer.scoring.answers import Case, Remark, half_up, to_feedback
from analyzer.scoring.industry_fit import appeals_shown, skills_shown
from analyzer.scoring.text import count_words, length

# From here on a criterion is a strength; under the second it is to be improved; under the third an issue.
_STRONG: Final = 0.8
_LACKING: Final = 0.6
_POOR: Final = 0.4
_QUOTED: Final = 5
_WORDS_A_MINUTE: Final = 220
_CHARACTERS_A_MINUTE: Final = 550
_MUST_HAVE: Final = ("contact", "summary", "experience", "education", "skills")


def structure_analysis(
    case: Case, criteria: Sequence[Criterion], remarks: Sequence[Remark], findings: Sequence[Finding]
) -> StructureAnalysis:
    """How the resume is built: ATS, formatting and content; what was found in the file is an issue, too."""
    own = [criterion for criterion in criteria if criterion.area != "industry_fit"]
    poor = (each.reason for each in own if _part(each) < _POOR)
    issues = dict.fromkeys([*(finding.detail for finding in findings), *poor])
    return StructureAnalysis(
        scores=StructureScores(
            format=_view(case, criteria, "format"),
            organization=_view(case, criteria, "organization"),
            tone=_view(case, criteria, "tone"),
            completeness=_view(case, criteria, "completeness"),
        ),
        feedback=StructureFeedback(
            strengths=_strengths(own),
            improvement_areas=_improvements(own),
            specific_feedback=tuple(
                to_feedback(case, [remark for remark in remarks if remark.category != "appeal_point"])
            ),
            issues=tuple(issues)[:MAX_SENTENCES],
            recommendations=_once(each.fix for each in _weakest_first(own) if each.fix),
            missing_sections=_missing_sections(case),
        ),
        metadata=_metadata(case),
    )


def appeal_analysis(case: Case, criteria: Sequence[Criterion], remarks: Sequence[Remark]) -> AppealAnalysis:
    """How the resume speaks to the target: industry fit."""
    own = [criterion for criterion in criteria if criterion.area == "industry_fit"]
    language, rubric = case.say.language, case.rubric
    shown, appeals = skills_shown(case), appeals_shown(case)
    missing = [
        group for group in case.industry.skills if group not in shown.at_work and group not in shown.named
    ]
    return AppealAnalysis(
        scores=AppealScores(
            achievement_relevance=_view(case, criteria, "achievement_relevance"),
            skills_alignment=_view(case, criteria, "skills_alignment"),
            experience_fit=_view(case, criteria, "experience_fit"),
            competitive_positioning=_view(case, criteria, "competitive_positioning"),
        ),
        feedback=AppealFeedback(
            strengths=_strengths(own),
            improvement_areas=_improvements(own),
            specific_feedback=tuple(
                to_feedback(case, [remark for remark in remarks if remark.category == "appeal_point"])
            ),
            relevant_achievements=_relevant_achievements(case),
            missing_skills=tuple(rubric.skills[group].name.of(language) for group in missing),
            competitive_advantages=tuple(
                case.say(
                    "appeal.advantage", skill=rubric.skills[group].name.of(language), quote=bullet.text[:200]
                )
                for group, bullet in shown.at_work.items()
                if bullet.is_quantified and bullet.is_result
            )[:_QUOTED],
            transferable_experience=tuple(
                case.say(
                    "appeal.transferable",
                    point=rubric.appeals[point].name.of(language),
                    quote=bullet.text[:200],
                )
                for point, bullet in appeals.items()
                if not bullet.skills & case.industry.skills.keys()
            )[:_QUOTED],
        ),
    )


def _part(criterion: Criterion) -> float:
    """The share of its points that a criterion earned; what could not be assessed is no fault."""
    return 1.0 if criterion.points is None else criterion.points / criterion.max


def _view(case: Case, criteria: Sequence[Criterion], view: str) -> int:
    """Points over maxima of the criteria that the rubric names for a view, of 100; where none of them could
    be assessed, those of the view's areas."""
    names = case.rubric.views[view]
    assessed = [each for each in criteria if each.points is not None]
    areas = {each.area for each in criteria if each.id in names}
    within = [each for each in assessed if each.id in names] or [e for e in assessed if e.area in areas]
    return int(half_up(100 * sum(each.points or 0 for each in within) / sum(each.max for each in within)))


def _strengths(criteria: Sequence[Criterion]) -> tuple[str, ...]:
    strong = [each for each in criteria if each.points is not None and _part(each) >= _STRONG]
    return _once(each.reason for each in sorted(strong, key=lambda each: -each.max))


def _once(sentences: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sentences))[:_QUOTED]


def _weakest_first(criteria: Sequence[Criterion]) -> list[Criterion]:
    lacking = [each for each in criteria if _part(each) < _LACKING]
    return sorted(lacking, key=lambda each: (-each.potential_gain, (each.points or 0) - each.max, each.id))


def _improvements(criteria: Sequence[Criterion]) -> tuple[str, ...]:
    return _once(each.reason for each in _weakest_first(criteria))


def _missing_sections(case: Case) -> tuple[str, ...]:
    names, resume = case.rubric.headings.names, case.resume
    present = {section.kind for section in resume.sections} | resume.headed.keys()
    if any(mark in resume.text for mark in "@＠"):
        present.add("contact")
    return tuple(names[kind].of(case.say.language) for kind in _MUST_HAVE if kind not in present)


def _relevant_achievements(case: Case) -> tuple[str, ...]:
    """Bullets, verbatim, that show with an amount what the target asks for."""
    wanted, appeals = case.industry.skills.keys(), set(case.industry.appeals)
    relevant = [
        bullet
        for bullet in case.resume.bullets
        if bullet.is_quantified and (bullet.skills & wanted or bullet.appeals & appeals)
    ]
    relevant.sort(key=lambda bullet: (not bullet.is_result, not bullet.skills & wanted, bullet.start))
    quotes = [case.resume.quote(bullet.span) for bullet in relevant]
    return tuple(quote.quote for quote in quotes if quote)[:_QUOTED]


def _metadata(case: Case) -> StructureMetadata:
    resume = case.resume
    size = length(resume.text, japanese=resume.japanese)
    a_minute = _CHARACTERS_A_MINUTE if resume.japanese else _WORDS_A_MINUTE
    words = resume.signals.word_count if resume.signals else 0
    return StructureMetadata(
        total_sections=len([section for section in resume.sections if section.title]),
        word_count=words or (size if resume.japanese else count_words(resume.text)),
        reading_time=max(1, ceil(size / a_minute)),
    )
