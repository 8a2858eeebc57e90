"""The report of an analysis. The frontend renders `detailed_scores`: fields may be added, never removed."""

from typing import Annotated, Final, Literal
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from contracts.plain_text import MAX_MODEL_NAME, ModelName
from contracts.vocabulary import Count, MarketTier, OpenFindingCode, Ordinal, Score, Timestamp

# A report that uses all of these limits in full, with every character escaped, is a record of under 2 MB; a
# test computes it. Writers of reports truncate to these limits.
MAX_SENTENCE_CHARACTERS: Final = 400
MAX_SENTENCES: Final = 20
MAX_QUOTE_CHARACTERS: Final = 300
MAX_QUOTES: Final = 5
MAX_CRITERIA: Final = 32
MAX_REMARKS: Final = 20
MAX_FINDINGS: Final = 5
MAX_SCRAMBLED: Final = 3
MAX_ADVICE: Final = 10
# Per raw model answer.
MAX_RAW_CHARACTERS: Final = 13_000
MAX_RAW_ANSWERS: Final = 4

Sentence = Annotated[str, Field(max_length=MAX_SENTENCE_CHARACTERS)]
RawAnswer = Annotated[str, Field(max_length=MAX_RAW_CHARACTERS)]
Sentences = Annotated[tuple[Sentence, ...], Field(max_length=MAX_SENTENCES)]


class _FrozenModel(BaseModel):
    # Readers ignore fields added by a newer writer.
    model_config = ConfigDict(frozen=True, extra="ignore", allow_inf_nan=False)


class Evidence(_FrozenModel):
    """A verbatim quote: `text[start:end]` of the visible text. `page` counts from 1; None without pages."""

    quote: Annotated[str, Field(min_length=1, max_length=MAX_QUOTE_CHARACTERS)]
    start: Count
    end: Count
    page: Ordinal | None = None


class Criterion(_FrozenModel):
    """One assessed criterion: its points, the reason for them, and a fix that would raise them.

    `points` and `max` are points out of the area's 100. `potential_gain` is in points of the overall score.
    `points` is None for a criterion that could not be assessed; the area's other criteria then carry its
    weight.
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
    # Distance between the points of several model answers, in halves of `max`, rounded up. In reports before
    # prompts `v2`, the distance between answers of 0, 1 and 2.
    spread: Annotated[int, Field(ge=0, le=2)] | None = None


class Finding(_FrozenModel):
    """An observation about the file or the analysis that a reader of the scores must know.

    `code` is a `FindingCode` (`hidden_text`, `suspected_instruction`, `unverified_quotes`) or one added
    later. `count` counts characters (hidden text), sentences or quotes. `excerpt` is the beginning of the
    hidden text. Evidence cannot refer to it, because it is not part of the visible text.
    """

    code: OpenFindingCode
    detail: Sentence
    count: Ordinal
    evidence: Annotated[tuple[Evidence, ...], Field(max_length=MAX_QUOTES)] = ()
    excerpt: Annotated[str, Field(max_length=MAX_QUOTE_CHARACTERS)] | None = None


class ScrambledPassage(_FrozenModel):
    """A passage as the page says it, and the words that a simple parser reads in its place."""

    passage: Evidence
    read_as: Annotated[str, Field(max_length=200)]


class SectionFeedback(_FrozenModel):
    """A model's comment on one section in a deep analysis. `section` is a `SectionType` or a later one."""

    section: Annotated[str, Field(max_length=20)]
    comment: Sentence
    suggestion: Sentence | None = None


class Rewrite(_FrozenModel):
    """A passage with a suggested rewrite. Placeholders such as `[X %]` stand for missing numbers."""

    original: Evidence
    rewrite: Annotated[str, Field(min_length=1, max_length=MAX_SENTENCE_CHARACTERS)]
    reason: Sentence


class SpecificFeedback(_FrozenModel):
    """A remark that the frontend shows next to its target text."""

    category: Literal["grammar", "structure", "scr_framework", "quantitative_impact", "appeal_point"]
    target_text: Annotated[str, Field(max_length=MAX_QUOTE_CHARACTERS)] | None
    issue: Sentence
    suggestion: Sentence


class StructureScores(_FrozenModel):
    """Scores from 0 to 100."""

    format: Score
    organization: Score
    tone: Score
    completeness: Score


class StructureFeedback(_FrozenModel):
    """Comments on the structure of the resume."""

    strengths: Sentences = ()
    improvement_areas: Sentences = ()
    specific_feedback: Annotated[tuple[SpecificFeedback, ...], Field(max_length=MAX_REMARKS)] = ()
    issues: Sentences = ()
    recommendations: Sentences = ()
    missing_sections: Sentences = ()
    # The same sentences as `next_steps`, for older frontends.
    priority_improvements: Sentences = ()


class StructureMetadata(_FrozenModel):
    """Counts of the document. `reading_time` is in minutes."""

    total_sections: Count
    word_count: Count
    reading_time: Count


class StructureAnalysis(_FrozenModel):
    """Assessment of the structure of the resume."""

    scores: StructureScores
    feedback: StructureFeedback
    metadata: StructureMetadata


class AppealScores(_FrozenModel):
    """Scores from 0 to 100."""

    achievement_relevance: Score
    skills_alignment: Score
    experience_fit: Score
    competitive_positioning: Score


class AppealFeedback(_FrozenModel):
    """Comments on the appeal of the resume to the target industry."""

    strengths: Sentences = ()
    improvement_areas: Sentences = ()
    specific_feedback: Annotated[tuple[SpecificFeedback, ...], Field(max_length=MAX_REMARKS)] = ()
    relevant_achievements: Sentences = ()
    missing_skills: Sentences = ()
    competitive_advantages: Sentences = ()
    transferable_experience: Sentences = ()


class AppealAnalysis(_FrozenModel):
    """Assessment of the appeal of the resume to the target industry."""

    scores: AppealScores
    feedback: AppealFeedback


class Contributions(_FrozenModel):
    """Points that each area contributes to the overall score. They add up to it before rounding and caps."""

    ats: float
    content: float
    formatting: float
    industry_fit: float


class ModelRun(_FrozenModel):
    """Usage of the language model for a report, including failed attempts.

    `requests` includes retries. Tokens and cost cover all requests, as reported by the provider. `cost_usd`
    is None if no prices are configured. With `is_cached`, a cached response was used; requests, tokens and
    cost are those of this analysis, so they are zero.
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
    """Content of `review_results.detailed_scores`, which the frontend renders."""

    structure_analysis: StructureAnalysis
    appeal_analysis: AppealAnalysis
    market_tier: MarketTier
    ai_analysis_id: UUID
    conversion_timestamp: Timestamp
    criteria: Annotated[tuple[Criterion, ...], Field(max_length=MAX_CRITERIA)]
    contributions: Contributions
    # Reason for a cap on the overall score, if one applied.
    cap_reason: Sentence | None = None
    next_steps: Sentences = ()
    not_assessable: Sentences = ()
    notices: Sentences = ()
    rubric_version: Annotated[str, Field(max_length=40)]
    # None if no model was called.
    model_run: ModelRun | None = None
    findings: Annotated[tuple[Finding, ...], Field(max_length=MAX_FINDINGS)] = ()
    # What a parser sees that reads straight across the page: a few of the passages that it tears apart.
    scrambled: Annotated[tuple[ScrambledPassage, ...], Field(max_length=MAX_SCRAMBLED)] = ()
    # Deep analyses only.
    section_feedback: Annotated[tuple[SectionFeedback, ...], Field(max_length=MAX_ADVICE)] = ()
    rewrites: Annotated[tuple[Rewrite, ...], Field(max_length=MAX_ADVICE)] = ()


class RawAnswers(_FrozenModel):
    """Verbatim model answers for `review_results.raw_ai_response`.

    `is_cut` is set if an answer exceeded the limit for storage.
    """

    model: Annotated[ModelName, Field(max_length=MAX_MODEL_NAME)]
    answers: Annotated[tuple[RawAnswer, ...], Field(max_length=MAX_RAW_ANSWERS)]
    is_cut: bool = False


class Report(_FrozenModel):
    """The complete result of an analysis."""

    overall_score: Score
    ats_score: Score
    content_score: Score
    formatting_score: Score
    executive_summary: Annotated[str, Field(max_length=4_000)]
    detailed_scores: DetailedScores
    ai_model_used: Annotated[ModelName, Field(max_length=MAX_MODEL_NAME)]
    processing_time_ms: Count
    # None if no model answer was used.
    raw_ai_response: RawAnswers | None = None
