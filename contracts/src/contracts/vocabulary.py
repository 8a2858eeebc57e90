"""Enumerations and constrained types shared by the services, the frontend and the database."""

import re
from datetime import datetime
from enum import StrEnum
from typing import Annotated, Final

from pydantic import AfterValidator, AwareDatetime, BeforeValidator, Field

# Characters of visible text. Uploads with more are rejected.
MAX_TEXT_CHARACTERS: Final = 100_000

# Names used by the current frontend, names used by its successor, and industries beyond consulting. The
# service stores the name that the client sent.
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


# Events carry a string instead of an enumeration, so that a new industry does not break readers. The pattern
# allows one word only, because the public topic must not contain free text.
INDUSTRY_PATTERN: Final = re.compile(r"^[a-z][a-z0-9_]*$")
Industry = Annotated[str, Field(max_length=100, pattern=INDUSTRY_PATTERN.pattern)]
KnownIndustry = Annotated[
    str, Field(max_length=100, json_schema_extra={"enum": list(INDUSTRIES)}), AfterValidator(_known_industry)
]

Score = Annotated[int, Field(ge=0, le=100)]

# The largest value of an integer column. A larger value could never be stored, however often it is retried.
MAX_INTEGER: Final = 2**31 - 1
Count = Annotated[int, Field(ge=0, le=MAX_INTEGER)]
Ordinal = Annotated[int, Field(ge=1, le=MAX_INTEGER)]


def _storable_timestamp(value: datetime) -> datetime:
    # Outside of these years, a change of the UTC offset may leave the range of Python or PostgreSQL.
    if not 1900 <= value.year <= 2999:
        raise ValueError("the year is not between 1900 and 2999")
    return value


Timestamp = Annotated[AwareDatetime, AfterValidator(_storable_timestamp)]


class Depth(StrEnum):
    """Thoroughness of an analysis: rules only, one model call, or three model calls."""

    QUICK = "quick"
    STANDARD = "standard"
    DEEP = "deep"


class ReportLanguage(StrEnum):
    """Language of the sentences in a report. Quotes stay in the language of the resume."""

    RESUME = "resume"
    ENGLISH = "en"
    JAPANESE = "ja"


_LANGUAGE_WORD: Final = re.compile(r"[a-z][a-z0-9_]{0,49}")


def _resume_if_unknown(value: object) -> object:
    is_word = isinstance(value, str) and _LANGUAGE_WORD.fullmatch(value)
    return ReportLanguage.RESUME if is_word and value not in list(ReportLanguage) else value


# Readers accept any word and treat an unknown language as `resume`, so that languages can be added.
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
    """Allowed values of `review_requests.review_type`."""

    COMPREHENSIVE = "comprehensive"
    QUICK_SCAN = "quick_scan"
    ATS_CHECK = "ats_check"


class AnalysisStatus(StrEnum):
    """Status of an analysis. It only moves forward."""

    PENDING = "pending"
    PROCESSING = "processing"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELLED = "cancelled"
    ERASED = "erased"


class FailureCode(StrEnum):
    """Reason for a failed analysis. Each comes with a sentence that tells a person what to do."""

    NO_TEXT = "no_text"
    INTERNAL_ERROR = "internal_error"
    DEADLINE_EXCEEDED = "deadline_exceeded"


# Readers accept any such word, so that codes can be added.
OpenFailureCode = Annotated[str, Field(max_length=50, pattern=r"^[a-z][a-z0-9_]*$")]


class FindingCode(StrEnum):
    """Kind of a finding in a report."""

    HIDDEN_TEXT = "hidden_text"
    SUSPECTED_INSTRUCTION = "suspected_instruction"
    UNVERIFIED_QUOTES = "unverified_quotes"
    RIREKISHO = "rirekisho"
    COVER_LETTER = "cover_letter"
    NOT_A_RESUME = "not_a_resume"


# Readers accept any such word, so that codes can be added.
OpenFindingCode = Annotated[str, Field(max_length=50, pattern=r"^[a-z][a-z0-9_]*$")]


class SectionType(StrEnum):
    """Allowed values of `resume_sections.section_type`."""

    CONTACT = "contact"
    SUMMARY = "summary"
    EXPERIENCE = "experience"
    EDUCATION = "education"
    SKILLS = "skills"
    CERTIFICATIONS = "certifications"
    OTHER = "other"


class MarketTier(StrEnum):
    """Seniority shown by the frontend."""

    ENTRY = "entry"
    MID = "mid"
    SENIOR = "senior"
    EXECUTIVE = "executive"
