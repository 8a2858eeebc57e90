"""The report of an analysis. The frontend draws `detailed_scores`: fields may be added, none may go."""

from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.plain_text import MAX_MODEL_NAME, ModelName
from contracts.vocabulary import Count, MarketTier, OpenFindingCode, Ordinal, Score, Timestamp

# A report that uses all of these in full, each character escaped, is a record of under 2 MB; a test adds
# them up. Whoever writes a report cuts to them.
MAX_SENTENCE_CHARACTERS: Final = 400
MAX_SENTENCES: Final = 20
MAX_QUOTE_CHARACTERS: Final = 300
MAX_QUOTES: Final = 5
MAX_CRITERIA: Final = 32
MAX_REMARKS: Final = 20
MAX_FINDINGS: Final = 5
MAX_ADVICE: Final = 10
# Each raw answer of a model.
MAX_RAW_CHARACTERS: Final = 13_000
MAX_RAW_ANSWERS: Final = 4

Sentence = Annotated[str, Field(max_length=MAX_SENTENCE_CHARACTERS)]
RawAnswer = Annotated[str, Field(max_length=MAX_RAW_CHARACTERS)]
Sentences = Annotated[tuple[Sentence, ...], Field(max_length=MAX_SENTENCES)]


class _FrozenModel(BaseModel):
    # Readers ignore fields that a newer writer added.
    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class Evidence(_FrozenModel):
    """A verbatim quote: `text[start:end]` of the visible text; `page` from 1, None without pages."""

    quote: Annotated[str, Field(min_length=1, max_length=MAX_QUOTE_CHARACTERS)]
    start: Count
    end: Count
    page: Ordinal | None = None


class Criterion(_FrozenModel):
    """One line of the checklist: what was given of what could be had, why, and what would raise it.

    `points` and `max` are points of the area's 100; `potential_gain` is in points of the overall score;
    `points` is None for what could not be assessed, whose weight the area's other criteria then carry.
    """

    id: Annotated[str, Field(max_length=80)]
    area: Literal["ats", "content", "formatting", "industry_fit"]
    points: Annotated[float, Field(ge=0, le=100)] | None
    max: Annotated[float, Field(ge=0, le=100)]
    method: Literal["rule", "model"]
    evidence: Annotated[tuple[Evidence, ...], Field(max_length=MAX_QUOTES)] = ()
    reason: Sentence
    fix: Sentence | None = None
    potential_gain: Annotated[float, Field(ge=0, le=100)] = 0
    confidence: Annotated[float, Field(ge=0, le=1)] = 1
    # How far several answers of a model lay apart, in steps of its scale of 0, 1 and 2.
    spread: Annotated[int, Field(ge=0, le=2)] | None = None


class Finding(_FrozenModel):
    """Something about the file or the analysis that whoever reads the scores has to know.

    `code` is a `FindingCode`, or a later one: `hidden_text`, `suspected_instruction`, `unverified_quotes`.
    `count` is of characters (hidden text), sentences or quotes. `excerpt` is the beginning of what is hidden:
    it is no part of the visible text, so that no evidence can point at it.
    """

    code: OpenFindingCode
    detail: Sentence
    count: Ordinal
    evidence: Annotated[tuple[Evidence, ...], Field(max_length=MAX_QUOTES)] = ()
    excerpt: Annotated[str, Field(max_length=MAX_QUOTE_CHARACTERS)] | None = None


class SectionFeedback(_FrozenModel):
    """What a model says of one section in a deep analysis; `section` is a `SectionType`, or a later one."""

    section: Annotated[str, Field(max_length=20)]
    comment: Sentence
    suggestion: Sentence | None = None


class Rewrite(_FrozenModel):
    """A passage and how it could read: numbers that the resume lacks are placeholders such as `[X %]`."""

    original: Evidence
    rewrite: Annotated[str, Field(min_length=1, max_length=MAX_SENTENCE_CHARACTERS)]
    reason: Sentence


class SpecificFeedback(_FrozenModel):
    """One remark that the frontend draws beside the text it is about."""

    category: Literal["grammar", "structure", "scr_framework", "quantitative_impact", "appeal_point"]
    target_text: Annotated[str, Field(max_length=MAX_QUOTE_CHARACTERS)] | None
    issue: Sentence
    suggestion: Sentence


class StructureScores(_FrozenModel):
    """Each 0 to 100."""

    format: Score
    organization: Score
    tone: Score
    completeness: Score


class StructureFeedback(_FrozenModel):
    """Comments on how the resume is built."""

    strengths: Sentences = ()
    improvement_areas: Sentences = ()
    specific_feedback: Annotated[tuple[SpecificFeedback, ...], Field(max_length=MAX_REMARKS)] = ()
    issues: Sentences = ()
    recommendations: Sentences = ()
    missing_sections: Sentences = ()
    # The same sentences as `next_steps`, where an older frontend looks for them.
    priority_improvements: Sentences = ()


class StructureMetadata(_FrozenModel):
    """Plain counts; `reading_time` is in minutes."""

    total_sections: Count
    word_count: Count
    reading_time: Count


class StructureAnalysis(_FrozenModel):
    """How the resume is built."""

    scores: StructureScores
    feedback: StructureFeedback
    metadata: StructureMetadata


class AppealScores(_FrozenModel):
    """Each 0 to 100."""

    achievement_relevance: Score
    skills_alignment: Score
    experience_fit: Score
    competitive_positioning: Score


class AppealFeedback(_FrozenModel):
    """Comments on how the resume speaks to the target industry."""

    strengths: Sentences = ()
    improvement_areas: Sentences = ()
    specific_feedback: Annotated[tuple[SpecificFeedback, ...], Field(max_length=MAX_REMARKS)] = ()
    relevant_achievements: Sentences = ()
    missing_skills: Sentences = ()
    competitive_advantages: Sentences = ()
    transferable_experience: Sentences = ()


class AppealAnalysis(_FrozenModel):
    """How the resume speaks to the target industry."""

    scores: AppealScores
    feedback: AppealFeedback


class Contributions(_FrozenModel):
    """Points of the overall score that each area gave; they add up to it before rounding and caps."""

    ats: float
    content: float
    formatting: float
    industry_fit: float


class ModelRun(_FrozenModel):
    """What a language model had to do with a report, whether it answered in the end or not.

    `requests` counts repeats as well as `answers`; tokens and cost are of all of them, as far as the provider
    told; `cost_usd` is None where no prices are configured. `is_cached`: the same was asked before, and that
    answer was taken; requests, tokens and cost are then those of this analysis, none.
    """

    prompt_version: Annotated[str, Field(max_length=40)]
    prompt_sha256: Annotated[str, Field(max_length=64)]
    requests: Count
    answers: Count
    input_tokens: Count
    output_tokens: Count
    cost_usd: Annotated[float, Field(ge=0)] | None = None
    unverified_quotes: Count = 0
    suspected_instructions: Count = 0
    is_cached: bool = False


class DetailedScores(_FrozenModel):
    """What `review_results.detailed_scores` holds and the frontend draws."""

    structure_analysis: StructureAnalysis
    appeal_analysis: AppealAnalysis
    market_tier: MarketTier
    ai_analysis_id: UUID
    conversion_timestamp: Timestamp
    criteria: Annotated[tuple[Criterion, ...], Field(max_length=MAX_CRITERIA)]
    contributions: Contributions
    # Why the overall score was held down, if it was.
    cap_reason: Sentence | None = None
    next_steps: Sentences = ()
    not_assessable: Sentences = ()
    notices: Sentences = ()
    rubric_version: Annotated[str, Field(max_length=40)]
    # None where no model was asked.
    model_run: ModelRun | None = None
    findings: Annotated[tuple[Finding, ...], Field(max_length=MAX_FINDINGS)] = ()
    # Of a deep analysis.
    section_feedback: Annotated[tuple[SectionFeedback, ...], Field(max_length=MAX_ADVICE)] = ()
    rewrites: Annotated[tuple[Rewrite, ...], Field(max_length=MAX_ADVICE)] = ()


class RawAnswers(_FrozenModel):
    """What a model answered, word for word, for `review_results.raw_ai_response`.

    `is_cut`: an answer was longer than may be stored.
    """

    model: Annotated[ModelName, Field(max_length=MAX_MODEL_NAME)]
    answers: Annotated[tuple[RawAnswer, ...], Field(max_length=MAX_RAW_ANSWERS)]
    is_cut: bool = False


class Report(_FrozenModel):
    """All that an analysis found."""

    overall_score: Score
    ats_score: Score
    content_score: Score
    formatting_score: Score
    executive_summary: Annotated[str, Field(max_length=4_000)]
    detailed_scores: DetailedScores
    ai_model_used: Annotated[ModelName, Field(max_length=MAX_MODEL_NAME)]
    processing_time_ms: Count
    # None where no answer of a model counted.
    raw_ai_response: RawAnswers | None = None
