"""The schema of a rubric's data files, and the indexes that are built from them once."""

from collections import Counter
from collections.abc import Callable
from functools import cached_property
from typing import Annotated, Any, Final, Literal, Self, TypeVar, cast

from contracts.vocabulary import INDUSTRIES
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from scoring.language.terms import TermIndex

Area = Literal["ats", "content", "formatting", "industry_fit"]
Language = Literal["en", "ja"]
AREAS: Final[tuple[Area, ...]] = ("ats", "content", "formatting", "industry_fit")
Share = Annotated[float, Field(gt=0, le=1)]
Words = tuple[str, ...]
_T = TypeVar("_T")


def _check_distinct(words: Words) -> Words:
    if repeated := [word for word, count in Counter(words).items() if count > 1]:
        raise ValueError(f"listed twice: {repeated}")
    return words


DistinctWords = Annotated[Words, AfterValidator(_check_distinct)]


class _Data(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class LocalizedName(_Data):
    """A name in both languages."""

    en: str
    ja: str

    def of(self, language: Language) -> str:
        return self.ja if language == "ja" else self.en


class CriterionWeight(_Data):
    """A criterion: its points of the area's 100, and the reliability of the rule that assesses it."""

    id: str
    max: Annotated[float, Field(gt=0, le=100)]
    confidence: Share


class TermGroup(_Data):
    """A skill group or an appeal point with its terms."""

    name: LocalizedName
    terms: Annotated[Words, Field(min_length=3)]


class Industry(_Data):
    """A target industry: weights of skill groups, appeal points, and terms of its field."""

    name: LocalizedName
    skills: dict[str, Annotated[float, Field(gt=0)]]
    appeals: tuple[str, ...]
    domain: Words


class Headings(_Data):
    """The names of sections in the report. `contracts.headings` knows the headings of resumes."""

    names: dict[str, LocalizedName]


class Vocabulary(_Data):
    """The word lists of one language. A list that only the other language needs is empty."""

    strong_verbs: DistinctWords
    weak_openings: DistinctWords = ()
    weak_endings: DistinctWords = ()
    result_verbs: DistinctWords
    outcome_verbs: DistinctWords = ()
    consequence_verbs: DistinctWords = ()
    counted_verbs: DistinctWords = ()
    result_phrases: DistinctWords
    fillers: DistinctWords
    pronouns: DistinctWords
    misspellings: dict[str, str]
    list_labels: DistinctWords
    degrees: DistinctWords
    roles: DistinctWords
    senior_titles: DistinctWords
    executive_titles: DistinctWords


class Thresholds(_Data):
    """The thresholds of the rules. The data file gives a reason for each."""

    quantified_full_at: Share
    results_full_at: Share
    specific_full_at: Share
    bullets_for_full_confidence: Annotated[int, Field(ge=1)]
    bullet_words: tuple[int, int]
    bullet_characters: tuple[int, int]
    summary_words: tuple[int, int]
    summary_characters: tuple[int, int]
    body_words_at_least: int
    body_characters_at_least: int
    words_a_page: int
    characters_a_page: int
    skills_full_at: Share
    listed_credit: Share
    duty_credit: Share
    unproven_credit: Share
    skills_a_bullet: Annotated[int, Field(ge=1)]
    skill_weight_a_bullet: Annotated[float, Field(gt=0)]
    appeals_full_at: Share
    appeals_a_bullet: Annotated[int, Field(ge=1)]
    domain_years_full_at: Annotated[float, Field(gt=0)]
    term_repeats_at_most: Annotated[int, Field(ge=1)]
    words_a_term_repeat: Annotated[int, Field(ge=1)]
    characters_a_term_repeat: Annotated[int, Field(ge=1)]
    other_field_at_most: Annotated[int, Field(ge=0, le=100)]


class Rubric(_Data):
    """One version of the checklist. It is immutable: load it once and share it."""

    version: Annotated[str, Field(pattern=r"^\d{4}\.\d{1,2}\.\d+$")]
    overall: dict[Area, Share]
    cap_without_background: Annotated[int, Field(ge=0, le=100)]
    cap_without_content: Annotated[int, Field(ge=0, le=100)]
    criteria: dict[Area, tuple[CriterionWeight, ...]]
    views: dict[str, tuple[str, ...]]
    thresholds: Thresholds
    headings: Headings
    words: dict[Language, Vocabulary]
    skills: dict[str, TermGroup]
    appeals: dict[str, TermGroup]
    industries: dict[str, Industry]

    @model_validator(mode="before")
    @classmethod
    def _resolve_same_as(cls, data: dict[str, Any]) -> dict[str, Any]:
        industries = data["industries"]
        resolved = {name: industries[entry.get("same_as", name)] for name, entry in industries.items()}
        return {**data, "industries": resolved}

    @model_validator(mode="after")
    def _check_consistency(self) -> Self:
        if set(self.overall) != set(AREAS) or abs(sum(self.overall.values()) - 1) > 1e-9:
            raise ValueError("the weights of the areas must add up to 1")
        for area in AREAS:
            if sum(criterion.max for criterion in self.criteria[area]) != 100:
                raise ValueError(f"the points of {area} must add up to 100")
        known = {criterion.id for area in AREAS for criterion in self.criteria[area]}
        if unknown := {name for view in self.views.values() for name in view} - known:
            raise ValueError(f"views name unknown criteria: {sorted(unknown)}")
        if missing := set(INDUSTRIES) - set(self.industries):
            raise ValueError(f"industries without data: {sorted(missing)}")
        for name, industry in self.industries.items():
            unknown = (set(industry.skills) - set(self.skills)) | (set(industry.appeals) - set(self.appeals))
            if unknown:
                raise ValueError(f"{name} names unknown groups: {sorted(unknown)}")
        return self

    @cached_property
    def skill_index(self) -> TermIndex:
        """An index of the terms of every skill group."""
        return TermIndex({group: topic.terms for group, topic in self.skills.items()})

    @cached_property
    def appeal_index(self) -> TermIndex:
        """An index of the terms of every appeal point."""
        return TermIndex({point: topic.terms for point, topic in self.appeals.items()})

    @cached_property
    def misspelling_index(self) -> TermIndex:
        """An index of misspelt words. The group of a hit is the correct spelling."""
        pairs = [pair for words in self.words.values() for pair in words.misspellings.items()]
        return TermIndex(
            {right: [wrong for wrong, other in pairs if other == right] for _, right in pairs},
            plurals=False,
        )

    def word_index(self, kind: str) -> TermIndex:
        """Return an index of a word list in both languages. `kind` is a field of `Vocabulary`."""
        index = self._word_indexes.get(kind)
        if index is None:
            lists: dict[str, Words] = {
                language: getattr(words, kind) for language, words in self.words.items()
            }
            index = self._word_indexes[kind] = TermIndex(lists)
        return index

    def domain_index(self, industry: str) -> TermIndex:
        """Return an index of the terms of an industry's field."""
        index = self._domain_indexes.get(industry)
        if index is None:
            index = self._domain_indexes[industry] = TermIndex({industry: self.industries[industry].domain})
        return index

    @cached_property
    def lines_of_work(self) -> TermIndex:
        """An index of roles and fields of work in the titles of positions."""
        roles = {role: [role] for words in self.words.values() for role in words.roles}
        fields = {name: each.domain for name, each in self.industries.items() if each.domain}
        return TermIndex({**roles, **fields})

    @cached_property
    def titles(self) -> TermIndex:
        """An index of titles. The group of a hit is "senior" or "executive"."""
        words = self.words.values()
        return TermIndex(
            {
                "senior": [title for each in words for title in each.senior_titles],
                "executive": [title for each in words for title in each.executive_titles],
            }
        )

    def derived(self, build: Callable[["Rubric"], _T]) -> _T:
        """Return what `build` makes of the rubric. It is built once."""
        if build not in self._derived:
            self._derived[build] = build(self)
        return cast("_T", self._derived[build])

    @cached_property
    def _derived(self) -> dict[Callable[["Rubric"], object], object]:
        return {}

    @cached_property
    def _domain_indexes(self) -> dict[str, TermIndex]:
        return {}

    @cached_property
    def _word_indexes(self) -> dict[str, TermIndex]:
        return {}
