"""What a model is to say of the writing in a deep analysis, and the reading of what it did say."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from analyzer.llm.prompting.answer import read_answer


class _Said(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class SectionSaid(_Said):
    """Of one section."""

    section: str
    comment: str
    suggestion: str | None = None


class RewriteSaid(_Said):
    """Of one passage."""

    original: str
    rewrite: str
    reason: str


class Writing(_Said):
    """Everything, as it was said and not yet verified."""

    sections: Annotated[tuple[SectionSaid, ...], Field(max_length=50)]
    rewrites: Annotated[tuple[RewriteSaid, ...], Field(max_length=50)]


def schema(sections: Sequence[str]) -> dict[str, Any]:
    """The JSON schema of an answer, in the part of the language that strict servers take."""
    said = {
        "section": {"type": "string", "enum": list(sections)},
        "comment": {"type": "string"},
        "suggestion": {"type": ["string", "null"]},
    }
    rewritten = {name: {"type": "string"} for name in ("original", "rewrite", "reason")}
    return _object(sections=_array(said), rewrites=_array(rewritten))


def _array(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": _object(**properties)}


def _object(**properties: Any) -> dict[str, Any]:  # noqa: ANN401 - parts of a schema are any JSON
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


def parse(content: str) -> Writing:
    """Raises `Malformed` for what is no JSON or of another shape."""
    return read_answer(content, Writing)
