"""The two views of `detailed_scores` that the frontend draws, made from the criteria and nothing else."""

from collections.abc import Iterable, Mapping, Sequence
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

from scoring.criteria.answers import Case, Remark, half_up, to_feedback
from scoring.criteria.shown_work import appeals_shown, skills_shown
from scoring.language.text import capital, count_words, length, shortened
from scoring.resume.resume import Bullet

# From here on a criterion is a strength; under the second it is to be improved.
_STRONG: Final = 0.85
_LACKING: Final = 0.6
_QUOTED: Final = 5
_QUOTE_CHARACTERS: Final = 200
_WORDS_A_MINUTE: Final = 220
_CHARACTERS_A_MINUTE: Final = 550
_MUST_HAVE: Final = ("contact", "summary", "experience", "education", "skills")
# Remarks on how the resume is built. All others are about what it says for its owner.
_OF_STRUCTURE: Final = ("grammar", "structure")


def structure_analysis(
    case: Case,
    criteria: Sequence[Criterion],
    remarks: Sequence[Remark],
    findings: Sequence[Finding],
    next_steps: Sequence[str],
) -> StructureAnalysis:
    """Describe how the resume is built: ATS, formatting and content."""
    own = [criterion for criterion in criteria if criterion.area != "industry_fit"]
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
                to_feedback(case, [remark for remark in remarks if remark.category in _OF_STRUCTURE])
            ),
            issues=_issues(criteria, own, remarks, findings),
            recommendations=_fixes(own) or _fixes(criteria),
            missing_sections=_missing_sections(case),
            priority_improvements=tuple(next_steps),
        ),
        metadata=_metadata(case),
    )


def appeal_analysis(case: Case, criteria: Sequence[Criterion], remarks: Sequence[Remark]) -> AppealAnalysis:
    """How the resume speaks to the target: industry fit."""
    own = [criterion for criterion in criteria if criterion.area == "industry_fit"]
    language, rubric, resume = case.say.language, case.rubric, case.resume
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
                to_feedback(case, [remark for remark in remarks if remark.category not in _OF_STRUCTURE])
            ),
            relevant_achievements=tuple(
                quote.quote for bullet in relevant_bullets(case) if (quote := resume.quote(bullet.span))
            )[:_QUOTED],
            missing_skills=tuple(capital(rubric.skills[group].name.of(language)) for group in missing),
            competitive_advantages=_by_bullet(
                case,
                "appeal.advantage",
                {
                    rubric.skills[group].name.of(language): bullets[0]
                    for group, bullets in shown.at_work.items()
                    if bullets[0].is_proven
                },
            ),
            transferable_experience=_by_bullet(
                case,
                "appeal.transferable",
                {
                    rubric.appeals[point].name.of(language): bullet
                    for point, bullet in appeals.items()
                    if bullet.opening.strength in ("strong", "plain")
                    and not bullet.skills & case.industry.skills.keys()
                },
            ),
        ),
    )


def _by_bullet(case: Case, key: str, shown: Mapping[str, Bullet]) -> tuple[str, ...]:
    """What each bullet shows, a bullet once."""
    names: dict[int, list[str]] = {}
    for name, bullet in shown.items():
        names.setdefault(bullet.start, []).append(name)
    texts = {bullet.start: shortened(bullet.text, _QUOTE_CHARACTERS) for bullet in shown.values()}
    return tuple(
        case.say(key, shown=capital(case.say.join(its)), quote=texts[start]) for start, its in names.items()
    )[:_QUOTED]


def _part(criterion: Criterion) -> float:
    """The share of its points that a criterion earned; what could not be assessed is no fault."""
    return 1.0 if criterion.points is None else criterion.points / criterion.max


def _view(case: Case, criteria: Sequence[Criterion], view: str) -> int:
    """Points over maxima of the criteria that the rubric names for a view, of 100; where less than half of
    them could be assessed, by their maxima, those of the view's areas."""
    names = case.rubric.views[view]
    assessed = [each for each in criteria if each.points is not None]
    wanted = [each for each in criteria if each.id in names]
    within = [each for each in assessed if each.id in names]
    if 2 * sum(each.max for each in within) < sum(each.max for each in wanted):
        areas = {each.area for each in wanted}
        within = [each for each in assessed if each.area in areas]
    return int(half_up(100 * sum(each.points or 0 for each in within) / sum(each.max for each in within)))


def _strengths(criteria: Sequence[Criterion]) -> tuple[str, ...]:
    strong = [each for each in criteria if each.points is not None and _part(each) >= _STRONG]
    return _once(each.reason for each in sorted(strong, key=lambda each: -each.max))


def _once(sentences: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(sentences))[:_QUOTED]


def _by_gain(criteria: Iterable[Criterion]) -> list[Criterion]:
    """Put the most to gain first; under a cap, where nothing gains, order by what is missing."""
    return sorted(criteria, key=lambda each: (-each.potential_gain, (each.points or 0) - each.max, each.id))


def open_by_gain(criteria: Iterable[Criterion]) -> list[Criterion]:
    """Return the criteria that something can be done about, the most to gain first."""
    return _by_gain(each for each in criteria if each.fix and each.points is not None)


def _below(share: float, criteria: Sequence[Criterion]) -> tuple[str, ...]:
    return _once(each.reason for each in _by_gain(criteria) if _part(each) < share)


def _improvements(criteria: Sequence[Criterion]) -> tuple[str, ...]:
    return _below(_LACKING, criteria)


def _fixes(criteria: Sequence[Criterion]) -> tuple[str, ...]:
    return _once(each.fix for each in open_by_gain(criteria) if each.fix)


def _issues(
    criteria: Sequence[Criterion],
    own: Sequence[Criterion],
    remarks: Sequence[Remark],
    findings: Sequence[Finding],
) -> tuple[str, ...]:
    """Return what was found in the file, then what is no strength.

    Where all of the structure is a strength, remarks or what else can be done take its place: an older
    frontend says that there are no issues where this is empty.
    """
    found = tuple(finding.detail for finding in findings)
    lacking = _below(_STRONG, own) or _once(remark.issue for remark in remarks)
    lacking = lacking or _once(each.reason for each in open_by_gain(criteria))
    return tuple(dict.fromkeys((*found, *lacking)))[:MAX_SENTENCES]


def _missing_sections(case: Case) -> tuple[str, ...]:
    names, resume = case.rubric.headings.names, case.resume
    present = {section.kind for section in resume.sections} | resume.headed.keys()
    if any(mark in resume.text for mark in "@＠"):
        present.add("contact")
    return tuple(names[kind].of(case.say.language) for kind in _MUST_HAVE if kind not in present)


def relevant_bullets(case: Case) -> list[Bullet]:
    """Bullets that show with an amount what the target asks for, the most telling first."""
    wanted, appeals = case.industry.skills.keys(), set(case.industry.appeals)
    relevant = [
        bullet
        for bullet in case.resume.bullets
        if bullet.is_quantified and (bullet.skills & wanted or bullet.appeals & appeals)
    ]
    relevant.sort(key=lambda bullet: (not bullet.is_result, not bullet.skills & wanted, bullet.start))
    return relevant


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
