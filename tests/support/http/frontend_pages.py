"""Fields of the responses that the pages of the frontends read, with their use.

The tables document the requirements of legacy clients. `draw` checks a response as strictly as a page does:
a field that is missing, null or of another type causes a client-side exception.

| version | additional fields |
|---|---|
| September 2025 | `market_tier`, `analysis_summary`, `structure_feedback`, `appeal_feedback` of the result; only the names of the last two are known, and they are text because React renders text anywhere but throws on an object |
| October 2025 | `issues`, `recommendations`, `priority_improvements`, `missing_sections`; their place is unknown, so they are in the result and in the structure feedback |
| newest | the fields of `detailed_scores`, and string methods on `industry` |
"""  # noqa: E501 - a table

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final, Literal
from uuid import UUID

Kind = Literal["text", "texts", "number", "flag", "time", "id", "object", "objects"]
# Conditions for null: the analysis is unfinished, the legacy backend's column may be NULL, or the page
# checks for it.
UNFINISHED: Final = "unfinished"
HISTORY: Final = "history"
OPTIONAL: Final = "optional"


@dataclass(frozen=True, slots=True)
class Field:
    """A field at `path`, in which `[]` stands for each item. `null` lists the conditions for null."""

    path: str
    kind: Kind
    use: str
    null: tuple[str, ...] = ()


def _each(prefix: str, fields: Sequence[Field]) -> tuple[Field, ...]:
    return tuple(Field(f"{prefix}.{each.path}", each.kind, each.use, each.null) for each in fields)


def _fields(prefix: str, names: str, kind: Kind, use: str, *null: str) -> tuple[Field, ...]:
    return tuple(Field(f"{prefix}{name}", kind, use, null) for name in names.split())


_REMARK: Final = (
    Field("category", "text", "looks up the label"),
    Field("target_text", "text", "quotes it, if there is one", (OPTIONAL,)),
    Field("issue", "text", "draws it"),
    Field("suggestion", "text", "draws it"),
)
_STRUCTURE: Final = "detailed_scores.structure_analysis"
_APPEAL: Final = "detailed_scores.appeal_analysis"
_OLDER_LISTS: Final = "issues recommendations missing_sections priority_improvements"

RESULT: Final = (
    Field("analysis_id", "id", "compares it with the id in its address"),
    *_fields("", "overall_score ats_score content_score formatting_score", "number", "draws a bar", HISTORY),
    Field("industry", "text", "splits it at _ and looks up the label"),
    Field("executive_summary", "text", "draws it"),
    Field("ai_model_used", "text", "draws it"),
    Field("processing_time_ms", "number", "draws it in seconds", (HISTORY,)),
    Field("completed_at", "time", "formats it as a date"),
    Field("detailed_scores", "object", "reads the two views of it"),
    *_fields(
        f"{_STRUCTURE}.scores.", "format organization tone completeness", "number", "draws a bar", HISTORY
    ),
    *_fields(
        f"{_STRUCTURE}.feedback.", f"strengths improvement_areas {_OLDER_LISTS}", "texts", "draws a list"
    ),
    Field(f"{_STRUCTURE}.feedback.specific_feedback", "objects", "draws a card each"),
    *_each(f"{_STRUCTURE}.feedback.specific_feedback[]", _REMARK),
    *_fields(
        f"{_STRUCTURE}.metadata.", "total_sections word_count reading_time", "number", "draws it", HISTORY
    ),
    *_fields(
        f"{_APPEAL}.scores.",
        "achievement_relevance skills_alignment experience_fit competitive_positioning",
        "number",
        "draws a bar",
        HISTORY,
    ),
    *_fields(
        f"{_APPEAL}.feedback.",
        "strengths improvement_areas relevant_achievements missing_skills competitive_advantages"
        " transferable_experience",
        "texts",
        "draws a list",
    ),
    Field(f"{_APPEAL}.feedback.specific_feedback", "objects", "draws a card each"),
    *_each(f"{_APPEAL}.feedback.specific_feedback[]", _REMARK),
    Field("detailed_scores.market_tier", "text", "looks up the label and the colour", (HISTORY,)),
    Field("detailed_scores.ai_analysis_id", "text", "draws it"),
    Field("detailed_scores.conversion_timestamp", "time", "formats it as a date"),
)
RESULT_OF: Final = {
    "september": (
        *RESULT,
        Field("market_tier", "text", "looks up the label", (HISTORY,)),
        *_fields("", "analysis_summary structure_feedback appeal_feedback", "text", "draws it"),
    ),
    "october": (*RESULT, *_fields("", _OLDER_LISTS, "texts", "draws a list, or that there are none")),
    "newest": RESULT,
}
STATUS: Final = (
    Field("analysis_id", "id", "compares it with what it polls for"),
    Field("status", "text", "polls on, draws the result, or draws `currently {status}`"),
    Field("requested_at", "time", "formats it as a date"),
    Field("completed_at", "time", "formats it as a date, if there is one", (UNFINISHED,)),
    *_fields("", "detail message", "text", "draws the reason, where it is not empty"),
)
LISTED: Final = (
    Field("id", "id", "links to the result"),
    *_fields("", "file_name candidate_name", "text", "draws it"),
    Field("candidate_id", "id", "narrows the list by it"),
    Field("industry", "text", "splits it at _ and looks up the label"),
    Field("overall_score", "number", "draws a bar, if there is one", (UNFINISHED, HISTORY)),
    Field("market_tier", "text", "draws a badge, if there is one", (UNFINISHED, HISTORY)),
    Field("status", "text", "looks up the label and the colour"),
    Field("created_at", "time", "formats it as a date"),
)
PAGE: Final = _fields("", "total_count page page_size", "number", "draws the pages")
ACCEPTED: Final = (
    Field("analysis_id", "id", "polls for it"),
    *_fields("", "status message", "text", "draws it"),
)
STATISTICS: Final = (
    *_fields("", "total_analyses completed_analyses failed_analyses average_score", "number", "draws it"),
    *_fields("", "industry_breakdown tier_breakdown", "object", "draws a chart of its entries"),
)
LIMITS: Final = (
    *_fields("", "max_file_size_mb max_analyses_per_day", "number", "draws it"),
    *_fields("", "supported_file_types supported_industries", "texts", "offers each"),
    Field("rate_limits", "object", "draws its entries"),
)
CANDIDATE: Final = (
    Field("id", "id", "links to it"),
    *_fields("", "first_name last_name", "text", "draws it and its first letter"),
    *_fields("", "email phone current_company current_position", "text", "draws it, if given", OPTIONAL),
    Field("years_experience", "number", "draws it, if given", (OPTIONAL,)),
    Field("status", "text", "looks up the label"),
    Field("created_at", "time", "formats it as a date"),
    *_fields("", "total_resumes latest_resume_version", "number", "draws it; 0 is none"),
)
CANDIDATES: Final = _fields("", "total_count limit offset", "number", "draws the pages")
CREATED: Final = (
    Field("success", "flag", "goes on, or shows the message"),
    Field("message", "text", "draws it"),
    *_each("candidate", CANDIDATE),
)
UPLOADED: Final = (
    *_fields("", "id candidate_id", "id", "asks for the analysis with it"),
    *_fields("", "filename status extracted_text", "text", "draws it"),
    Field("progress", "number", "draws a bar"),
    *_fields("file.", "name type", "text", "draws it"),
    *_fields("file.", "size lastModified", "number", "formats it"),
)
LISTED_UPLOAD: Final = (
    Field("id", "id", "links to it"),
    *_fields("", "original_filename status", "text", "draws it"),
    Field("file_size", "number", "formats it in kB"),
    Field("uploaded_at", "time", "formats it as a date"),
)
UPLOAD: Final = (*LISTED_UPLOAD, Field("extracted_text", "text", "draws it and its length"))
PROBLEM: Final = (Field("detail", "text", "draws it"),)


class PageError(AssertionError):
    """The page would fail with a client-side exception."""


def draw(response: object, fields: Sequence[Field], *, null: Sequence[str] = (OPTIONAL,)) -> None:
    """Check every field of a response as a page does. `null` lists the accepted conditions for null.

    Raises:
        PageError: names every field that is missing, null or of another type.
    """
    wrong = [
        f"{field.path} is {found}"
        for field in fields
        for found in dict.fromkeys(_faults(response, field, null))
    ]
    if wrong:
        raise PageError("; ".join(wrong))


def _faults(response: object, field: Field, null: Sequence[str]) -> Iterator[str]:
    for value in _values(response, field.path.split(".")):
        if value is _MISSING:
            yield "missing"
        elif value is None:
            if not set(field.null) & set(null):
                yield "null"
        elif not _is_a(value, field.kind):
            yield f"no {field.kind}, but {value!r:.80}"


_MISSING: Final = object()


def _values(value: Any, path: Sequence[str]) -> Iterator[object]:
    """Yield every value at a path. Items of a missing list are reported with the list."""
    if not path:
        yield value
        return
    name, is_list = path[0].removesuffix("[]"), path[0].endswith("[]")
    found = value[name] if isinstance(value, dict) and name in value else _MISSING
    if is_list:
        for item in found if isinstance(found, list) else ():
            yield from _values(item, path[1:])
    else:
        yield from _values(found, path[1:])


def _is_a(value: Any, kind: Kind) -> bool:
    match kind:
        case "text":
            return isinstance(value, str)
        case "texts":
            return isinstance(value, list) and all(isinstance(each, str) for each in value)
        case "number":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "flag":
            return isinstance(value, bool)
        case "time":
            return isinstance(value, str) and _is_valid(datetime.fromisoformat, value)
        case "id":
            return isinstance(value, str) and _is_valid(UUID, value)
        case "object":
            return isinstance(value, dict)
        case "objects":
            return isinstance(value, list) and all(isinstance(each, dict) for each in value)


def _is_valid(reader: Any, text: str) -> bool:
    try:
        reader(text)
    except ValueError:
        return False
    return True
