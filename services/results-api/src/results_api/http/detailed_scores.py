"""Completion of stored `detailed_scores`, so that frontends find every field that they read.

A missing field breaks the frontends' pages. The legacy backend stored the raw output of its model, so any
field may be missing or have another type. A value of another type counts as missing.
"""

import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any, Final
from uuid import UUID

Json = Any
Object = dict[str, Json]

_STRUCTURE_SCORES: Final = ("format", "organization", "tone", "completeness")
_STRUCTURE_TEXTS: Final = (
    "strengths",
    "improvement_areas",
    "issues",
    "recommendations",
    "missing_sections",
    "priority_improvements",
)
_METADATA: Final = ("total_sections", "word_count", "reading_time")
_APPEAL_SCORES: Final = (
    "achievement_relevance",
    "skills_alignment",
    "experience_fit",
    "competitive_positioning",
)
_APPEAL_TEXTS: Final = (
    "strengths",
    "improvement_areas",
    "relevant_achievements",
    "missing_skills",
    "competitive_advantages",
    "transferable_experience",
)
# The JSON serializer fails at 255 levels. Reports have 7.
_MAX_DEPTH: Final = 50
# A tuple, because isinstance takes twice as long with `dict | list`, and every value of a report is checked.
_CONTAINERS: Final = (dict, list)
# The analyzer uses the same number of sentences and the same share of points for these lists.
_MAX_SENTENCES: Final = 5
_STRONG: Final = 0.85


def complete_detailed_scores(stored: Json, *, analysis_id: UUID, completed_at: datetime) -> Object:
    """Return a copy with every object, list and text that a page reads.

    Missing numbers and a missing market tier become None. Other fields are unchanged.
    """
    details = _object(stored) if _is_shallow(stored) else {}
    structure, appeal = _object(details.get("structure_analysis")), _object(details.get("appeal_analysis"))
    return {
        **details,
        "structure_analysis": {
            **structure,
            "scores": _numbers(structure.get("scores"), _STRUCTURE_SCORES),
            "feedback": _fill_lists(
                details, _feedback(structure.get("feedback"), _STRUCTURE_TEXTS, category="structure")
            ),
            "metadata": _numbers(structure.get("metadata"), _METADATA),
        },
        "appeal_analysis": {
            **appeal,
            "scores": _numbers(appeal.get("scores"), _APPEAL_SCORES),
            "feedback": _feedback(appeal.get("feedback"), _APPEAL_TEXTS, category="appeal_point"),
        },
        "market_tier": _text(details.get("market_tier")) or None,
        "ai_analysis_id": _text(details.get("ai_analysis_id")) or str(analysis_id),
        "conversion_timestamp": _timestamp(details.get("conversion_timestamp")) or completed_at.isoformat(),
    }


def structure_text(details: Object) -> str:
    """Return the structure feedback as text, one sentence per line. `details` must be complete."""
    feedback = details["structure_analysis"]["feedback"]
    return _lines(feedback["strengths"], feedback["improvement_areas"] or feedback["issues"])


def appeal_text(details: Object) -> str:
    """Return the appeal feedback as text, one sentence per line. `details` must be complete."""
    feedback = details["appeal_analysis"]["feedback"]
    return _lines(feedback["strengths"] or feedback["competitive_advantages"], feedback["improvement_areas"])


def _lines(*texts: Iterable[str]) -> str:
    return "\n".join(line for lines in texts for line in lines)


def _is_shallow(value: Json) -> bool:
    """Return True if the value is shallow enough to be serialized to JSON."""
    level = [value] if isinstance(value, _CONTAINERS) else []
    for _ in range(_MAX_DEPTH):
        level = [
            part
            for each in level
            for part in (each.values() if isinstance(each, dict) else each)
            if isinstance(part, _CONTAINERS)
        ]
        if not level:
            return True
    return False


def _object(value: Json) -> Object:
    return value if isinstance(value, dict) else {}


def _list(value: Json) -> list[Json]:
    return value if isinstance(value, list) else []


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _number(value: Json) -> int | float | None:
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    # JSONB allows integers of any size, and math.isfinite raises for those beyond the range of a float.
    return value if is_number and abs(value) <= sys.float_info.max else None


def _numbers(value: Json, names: Sequence[str]) -> Object:
    given = _object(value)
    return {**given, **{name: _number(given.get(name)) for name in names}}


def _texts(value: Json) -> list[str]:
    return [each for each in _list(value) if isinstance(each, str)]


def _timestamp(value: Json) -> str:
    """Return the text if it is a valid time, else an empty one."""
    try:
        datetime.fromisoformat(_text(value))
    except ValueError:
        return ""
    return _text(value)


def _feedback(value: Json, names: Sequence[str], *, category: str) -> Object:
    given = _object(value)
    remarks = [each for each in _list(given.get("specific_feedback")) if isinstance(each, dict)]
    return {
        **given,
        **{name: _texts(given.get(name)) for name in names},
        "specific_feedback": [_remark(each, category) for each in remarks],
    }


def _remark(given: Object, category: str) -> Object:
    return {
        **given,
        "category": _text(given.get("category")) or category,
        "target_text": _text(given.get("target_text")) or None,
        "issue": _text(given.get("issue")),
        "suggestion": _text(given.get("suggestion")),
    }


def _fill_lists(details: Object, feedback: Object) -> Object:
    """Fill the lists that older frontends show. Earlier analyzers left them empty despite their advice."""
    if feedback["issues"] and feedback["recommendations"] and feedback["priority_improvements"]:
        return feedback
    criteria = [each for each in map(_object, _list(details.get("criteria"))) if _is_improvable(each)]
    criteria.sort(key=lambda each: -each["potential_gain"])
    weak = [each for each in criteria if each["points"] < _STRONG * each["max"]]
    return {
        **feedback,
        "issues": feedback["issues"] or _first_unique(each["reason"] for each in weak or criteria),
        "recommendations": feedback["recommendations"] or _first_unique(each["fix"] for each in criteria),
        "priority_improvements": feedback["priority_improvements"] or _texts(details.get("next_steps")),
    }


def _is_improvable(criterion: Object) -> bool:
    """Return True if this is a criterion of the analyzer with a suggested fix."""
    texts = (criterion.get(name) for name in ("reason", "fix"))
    numbers = (criterion.get(name) for name in ("points", "max", "potential_gain"))
    return all(map(_text, texts)) and None not in map(_number, numbers)


def _first_unique(sentences: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(sentences))[:_MAX_SENTENCES]
