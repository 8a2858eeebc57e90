"""`detailed_scores` as the frontends read it, whatever is stored.

Pages take its shape for granted, and a field that is not there ends them. The legacy backend stored what its
model said, so anything may be missing, or of another type. What is of another type counts as missing.
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
# The writer of JSON gives up at 255 levels; reports have 7.
_MAX_DEPTH: Final = 50
# As a tuple: every value of a report is compared with it, and with `dict | list` it takes twice as long.
_NESTS: Final = (dict, list)
# As many sentences, and the same share of a criterion's points, as the analyzer takes for these lists.
_SENTENCES: Final = 5
_STRONG: Final = 0.85


def complete(stored: Json, *, analysis_id: UUID, completed_at: datetime) -> Object:
    """Return a copy in which every object, list and text that a page reads is there.

    Numbers that were never given are None, and so is the market tier. Other fields are left as they are.
    """
    details = _object(stored) if _is_shallow(stored) else {}
    structure, appeal = _object(details.get("structure_analysis")), _object(details.get("appeal_analysis"))
    return {
        **details,
        "structure_analysis": {
            **structure,
            "scores": _numbers(structure.get("scores"), _STRUCTURE_SCORES),
            "feedback": _older_lists(
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
        "conversion_timestamp": _moment(details.get("conversion_timestamp")) or completed_at.isoformat(),
    }


def structure_text(details: Object) -> str:
    """Return the feedback on the structure as text, a sentence a line; `details` are complete."""
    feedback = details["structure_analysis"]["feedback"]
    return _lines(feedback["strengths"], feedback["improvement_areas"] or feedback["issues"])


def appeal_text(details: Object) -> str:
    """Return the feedback on the appeal as text, a sentence a line; `details` are complete."""
    feedback = details["appeal_analysis"]["feedback"]
    return _lines(feedback["strengths"] or feedback["competitive_advantages"], feedback["improvement_areas"])


def _lines(*texts: Iterable[str]) -> str:
    return "\n".join(line for lines in texts for line in lines)


def _is_shallow(value: Json) -> bool:
    """Tell whether it can be written as JSON again."""
    level = [value] if isinstance(value, _NESTS) else []
    for _ in range(_MAX_DEPTH):
        level = [
            part
            for each in level
            for part in (each.values() if isinstance(each, dict) else each)
            if isinstance(part, _NESTS)
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
    # JSONB holds integers of any size; math.isfinite raises on those beyond a double.
    return value if is_number and abs(value) <= sys.float_info.max else None


def _numbers(value: Json, names: Sequence[str]) -> Object:
    given = _object(value)
    return {**given, **{name: _number(given.get(name)) for name in names}}


def _texts(value: Json) -> list[str]:
    return [each for each in _list(value) if isinstance(each, str)]


def _moment(value: Json) -> str:
    """Return the text if it is a date that a page can read."""
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


def _older_lists(details: Object, feedback: Object) -> Object:
    """Fill what an older frontend draws: the analyzer once left these lists empty though it had advice."""
    if feedback["issues"] and feedback["recommendations"] and feedback["priority_improvements"]:
        return feedback
    criteria = [each for each in map(_object, _list(details.get("criteria"))) if _is_open(each)]
    criteria.sort(key=lambda each: -each["potential_gain"])
    weak = [each for each in criteria if each["points"] < _STRONG * each["max"]]
    return {
        **feedback,
        "issues": feedback["issues"] or _once(each["reason"] for each in weak or criteria),
        "recommendations": feedback["recommendations"] or _once(each["fix"] for each in criteria),
        "priority_improvements": feedback["priority_improvements"] or _texts(details.get("next_steps")),
    }


def _is_open(criterion: Object) -> bool:
    """Tell whether it is a criterion of ours that something can be done about."""
    texts = (criterion.get(name) for name in ("reason", "fix"))
    numbers = (criterion.get(name) for name in ("points", "max", "potential_gain"))
    return all(map(_text, texts)) and None not in map(_number, numbers)


def _once(sentences: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(sentences))[:_SENTENCES]
