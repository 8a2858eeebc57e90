"""Parse model output as the JSON object that the prompt asked for."""

import json
import re
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError

Output = TypeVar("Output", bound=BaseModel)

_FENCED = re.compile(r"```(?:json)?\s*(.*?)```", re.DOTALL | re.IGNORECASE)
# Valid output is far shorter; parsing more would only cost time.
_MAX_CHARACTERS: Final = 200_000
# PostgreSQL's JSON type rejects NUL and lone surrogates.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class MalformedOutput(Exception):
    """Model output that does not answer the question.

    `fault` describes the problem without quoting the output, so it can be sent back to the model.
    """

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


def storable(content: str) -> str:
    """Remove characters that the database cannot store, so a cached response parses like a fresh one."""
    return _UNSTORABLE.sub("", content).strip()


def parse_output(content: str, model: type[Output]) -> Output:
    """Parse and validate model output, ignoring any text around the JSON object.

    Raises:
        MalformedOutput: The content holds no JSON object, or the object fails validation.
    """
    try:
        return model.model_validate(_find_object(content))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        # Only indexes and known field names: an unknown key would quote the output.
        known = [str(part) for part in first["loc"] if isinstance(part, int) or part in _field_names(model)]
        raise MalformedOutput(f"at {'.'.join(known) or 'the top'}: {first['type']}") from None


def _field_names(model: type[BaseModel]) -> set[str]:
    """Collect field names, including those of nested models."""
    names = set(model.model_fields)
    for field in model.model_fields.values():
        for inner in getattr(field.annotation, "__args__", ()):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                names |= _field_names(inner)
    return names


def _find_object(content: str) -> object:
    """Find the JSON object, which a model may have put in a code fence or between sentences."""
    if len(content) > _MAX_CHARACTERS:
        raise MalformedOutput("too long")
    fenced = _FENCED.search(content)
    outermost = content[content.find("{") : content.rfind("}") + 1]
    for candidate in (content, fenced[1] if fenced else "", outermost):
        try:
            value: object = json.loads(candidate)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            return value
    raise MalformedOutput("it is not a JSON object")
