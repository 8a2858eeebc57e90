"""The words that the services, the frontend and the database share, with their limits."""

import re
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

# Characters of visible text; more is refused at upload.
MAX_TEXT_CHARACTERS: Final = 100_000

# The names of the frontend of today, those of the later one, and fields of work beyond consulting; what was
# sent is kept as sent.
INDUSTRIES: Final = (
    "strategy_tech",
    "ma_financial",
    "consulting",
    "system_integrator",
    "general",
    "strategy_consulting",
    "ma_finance",
    "tech_consulting",
    "full_service_consulting",
    "software_engineering",
    "data_ai",
    "finance",
)


def _known_industry(value: str) -> str:
    if value not in INDUSTRIES:
        raise ValueError(f"unknown industry; accepted are {', '.join(INDUSTRIES)}")
    return value


# A string rather than an enumeration on the wire: a new industry must not break a reader. It is a word and
# no more: it stands on the public topic, which holds no free text.
INDUSTRY_PATTERN: Final = re.compile(r"^[a-z][a-z0-9_]*$")
Industry = Annotated[str, Field(max_length=100, pattern=INDUSTRY_PATTERN.pattern)]
KnownIndustry = Annotated[
    str, Field(max_length=100, json_schema_extra={"enum": list(INDUSTRIES)}), AfterValidator(_known_industry)
]

Score = Annotated[int, Field(ge=0, le=100)]

# The largest value of an integer column. Whatever is larger could not be stored, however often it is tried.
MAX_INTEGER: Final = 2**31 - 1
Count = Annotated[int, Field(ge=0, le=MAX_INTEGER)]
Ordinal = Annotated[int, Field(ge=1, le=MAX_INTEGER)]


def _storable_timestamp(value: datetime) -> datetime:
    # Outside of these years a change of offset may leave the calendar of Python or of PostgreSQL.
    if not 1900 <= value.year <= 2999:
        raise ValueError("the year is not between 1900 and 2999")
    return value


Timestamp = Annotated[AwareDatetime, AfterValidator(_storable_timestamp)]


class Depth(StrEnum):
    """How thorough an analysis is: rules only, with one model call, with three."""

    QUICK = "quick"
    STANDARD = "standard"
    DEEP = "deep"


class ReportLanguage(StrEnum):
    """The language of the sentences in a report; quotes stay in the resume's own language."""

    RESUME = "resume"
    ENGLISH = "en"
    JAPANESE = "ja"


_LANGUAGE_WORD: Final = re.compile(r"[a-z][a-z0-9_]{0,49}")


def _resume_if_unknown(value: object) -> object:
    is_word = isinstance(value, str) and _LANGUAGE_WORD.fullmatch(value)
    return ReportLanguage.RESUME if is_word and value not in list(ReportLanguage) else value


# On the wire any word: a reader of today takes a language of tomorrow for `resume`.
OpenReportLanguage = Annotated[
    ReportLanguage,
    BeforeValidator(
        _resume_if_unknown,
        json_schema_input_type=Annotated[
            str, Field(max_length=50, pattern=r"^[a-z][a-z0-9_]*$", examples=list(ReportLanguage))
        ],
    ),
]


class ReviewType(StrEnum):
    """What `review_requests.review_type` may hold."""

    COMPREHENSIVE = "comprehensive"
    QUICK_SCAN = "quick_scan"
    ATS_CHECK = "ats_check"


class AnalysisStatus(StrEnum):
    """Where an analysis stands; it moves forward only."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    ERASED = "erased"


class FailureCode(StrEnum):
    """Why an analysis failed; each comes with a sentence that a person can act on."""

    NO_TEXT = "no_text"
    INTERNAL_ERROR = "internal_error"
    DEADLINE_EXCEEDED = "deadline_exceeded"


# On the wire any such word: a reader of today must be able to read a code of tomorrow.
OpenFailureCode = Annotated[str, Field(max_length=50, pattern=r"^[a-z][a-z0-9_]*$")]


class FindingCode(StrEnum):
    """What a report points out beside its criteria."""

    HIDDEN_TEXT = "hidden_text"
    SUSPECTED_INSTRUCTION = "suspected_instruction"
    UNVERIFIED_QUOTES = "unverified_quotes"


# On the wire any such word, as with failures.
OpenFindingCode = Annotated[str, Field(max_length=50, pattern=r"^[a-z][a-z0-9_]*$")]


class SectionType(StrEnum):
    """What `resume_sections.section_type` may hold."""

    CONTACT = "contact"
    SUMMARY = "summary"
    EXPERIENCE = "experience"
    EDUCATION = "education"
    SKILLS = "skills"
    CERTIFICATIONS = "certifications"
    OTHER = "other"


class MarketTier(StrEnum):
    """The seniority that the frontend draws."""

    ENTRY = "entry"
    MID = "mid"
    SENIOR = "senior"
    EXECUTIVE = "executive"
