"""The JSON schema and the parser for responses about the writing, which only deep analyses ask for."""

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from analyzer.llm.prompting.json_output import parse_output


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class SectionComment(_Model):
    """An unverified comment on one section of the resume."""

    section: str
    comment: str
    suggestion: str | None = None


class SuggestedRewrite(_Model):
    """An unverified rewrite of one passage of the resume."""

    original: str
    rewrite: str
    reason: str


class WritingResponse(_Model):
    """An unverified response about the writing of a resume."""

    sections: Annotated[tuple[SectionComment, ...], Field(max_length=50)]
    rewrites: Annotated[tuple[SuggestedRewrite, ...], Field(max_length=50)]


def schema(sections: Sequence[str]) -> dict[str, Any]:
    """Build the JSON Schema of a response, limited to the keywords that strict servers accept."""
    comment = {
        "section": {"type": "string", "enum": list(sections)},
        "comment": {"type": "string"},
        "suggestion": {"type": ["string", "null"]},
    }
    rewrite = {name: {"type": "string"} for name in ("original", "rewrite", "reason")}
    return _object(sections=_array(comment), rewrites=_array(rewrite))


def _array(properties: dict[str, Any]) -> dict[str, Any]:
    return {"type": "array", "items": _object(**properties)}


def _object(**properties: Any) -> dict[str, Any]:  # noqa: ANN401 - parts of a schema are any JSON
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


def parse(content: str) -> WritingResponse:
    """Parse a response.

    Raises:
        MalformedOutput: The content does not match the schema.
    """
    return parse_output(content, WritingResponse)
