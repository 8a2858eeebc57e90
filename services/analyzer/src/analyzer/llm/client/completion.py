"""The fields of a completion that are read. Servers differ in the others, and send odd values in these."""

import json
from typing import Any, Final

from pydantic import BaseModel, ConfigDict, Field, field_validator

# More than any model accepts, and small enough that the sum of an analysis fits into its report.
_MAX_TOKENS: Final = 10_000_000


class _Model(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)


class _Message(_Model):
    content: str = ""
    refusal: str = ""
    # Where servers put the output instead of `content`, if they take all of it for reasoning or for a call.
    reasoning_content: str = ""
    reasoning: str = ""
    tool_calls: str = ""

    @field_validator("content", mode="before")
    @classmethod
    def _join_parts(cls, value: object) -> str:
        """Join the text of content parts, without the parts that hold reasoning."""
        if isinstance(value, dict) and "text" not in value:
            return json.dumps(value, ensure_ascii=False)
        parts = value if isinstance(value, list) else [value]
        texts = [part.get("text") if isinstance(part, dict) else part for part in parts]
        return "".join(text for text in texts if isinstance(text, str))

    @field_validator("refusal", "reasoning_content", "reasoning", mode="before")
    @classmethod
    def _text_or_nothing(cls, value: object) -> str:
        return value if isinstance(value, str) else ""

    @field_validator("tool_calls", mode="before")
    @classmethod
    def _arguments(cls, value: object) -> str:
        """Return the arguments of the first call: some servers turn a schema into a function."""
        first = value[0] if isinstance(value, list) and value else None
        function = first.get("function") if isinstance(first, dict) else None
        arguments = function.get("arguments") if isinstance(function, dict) else None
        return arguments if isinstance(arguments, str) else ""

    @property
    def output(self) -> str:
        """Return the content, or else the text that stands elsewhere."""
        places = (self.content, self.tool_calls, self.reasoning_content, self.reasoning)
        return next((text for text in places if text.strip()), "")


class _Choice(_Model):
    message: _Message
    finish_reason: str | None = None
    error: Any = None

    @field_validator("finish_reason", mode="before")
    @classmethod
    def _text_or_none(cls, value: object) -> str | None:
        return value if isinstance(value, str) else None


class Usage(_Model):
    """The reported token usage; None where a server reports nothing or something impossible."""

    prompt_tokens: int | None = None
    completion_tokens: int | None = None

    @field_validator("*", mode="before")
    @classmethod
    def _drop_impossible(cls, value: object) -> int | None:
        is_number = isinstance(value, int | float) and not isinstance(value, bool)
        return int(value) if is_number and 0 <= value <= _MAX_TOKENS else None  # type: ignore[operator,call-overload]


class Completion(_Model):
    """A completion, or the error that some servers send with the status 200."""

    model: str | None = None
    choices: tuple[_Choice, ...] = Field(min_length=1)
    usage: Usage = Usage()

    @field_validator("model", mode="before")
    @classmethod
    def _text_or_none(cls, value: object) -> str | None:
        return value if isinstance(value, str) else None

    @field_validator("usage", mode="before")
    @classmethod
    def _fields_or_nothing(cls, value: object) -> object:
        return value if isinstance(value, dict | Usage) else {}


def error_in(body: bytes) -> object | None:
    """Return the error in a response that has no choices or whose first choice is an error."""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return None
    if not isinstance(value, dict):
        return None
    choices = value.get("choices")
    first = choices[0] if isinstance(choices, list) and choices else None
    if isinstance(first, dict) and first.get("error"):
        found: object = first["error"]
        return found
    return None if first else value.get("error")
