"""The JSON schema and the parser for responses to the checklist."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from analyzer.llm.prompting.json_output import MalformedOutput, parse_output


class ModelAssessment(BaseModel):
    """A model's assessment of one criterion: a level of 0, 1 or 2 backed by quotes, never a score."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    quotes: Annotated[tuple[str, ...], Field(max_length=50)]
    reason: str
    fix: str | None = None
    level: Literal[0, 1, 2]


ChecklistResponse = dict[str, ModelAssessment]
"""Assessments by criterion id."""


class _Checklist(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    answers: tuple[ModelAssessment, ...]


def schema(ids: tuple[str, ...]) -> dict[str, Any]:
    """Build the JSON Schema of a response, limited to the keywords that strict servers accept."""
    assessment = {
        "type": "object",
        "additionalProperties": False,
        # Quotes and reason come before the level: a model that decides first finds reasons for anything.
        "required": ["id", "quotes", "reason", "fix", "level"],
        "properties": {
            "id": {"type": "string", "enum": list(ids)},
            "quotes": {"type": "array", "items": {"type": "string"}},
            "reason": {"type": "string"},
            "fix": {"type": ["string", "null"]},
            "level": {"type": "integer", "enum": [0, 1, 2]},
        },
    }
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["answers"],
        "properties": {"answers": {"type": "array", "items": assessment}},
    }


def parse(content: str, ids: tuple[str, ...]) -> ChecklistResponse:
    """Return the assessment of each criterion in `ids` and drop unknown criteria.

    Raises:
        MalformedOutput: The content does not match the schema, or does not assess each criterion once.
    """
    answers = parse_output(content, _Checklist).answers
    by_id = {answer.id: answer for answer in answers if answer.id in ids}
    if missing := [name for name in ids if name not in by_id]:
        raise MalformedOutput(f"without an answer: {', '.join(missing)}")
    if len([answer for answer in answers if answer.id in by_id]) > len(by_id):
        raise MalformedOutput("a criterion is answered twice")
    return by_id
