"""Reading what a model answered as the JSON that it was asked for."""

import json
import re
from typing import Final, TypeVar

from pydantic import BaseModel, ValidationError

Shape = TypeVar("Shape", bound=BaseModel)

_FENCED = re.compile(r"```(?:json)?\s*(.*?)```", re.DOTALL | re.IGNORECASE)
# No answer is as long; what is longer is not worth the time to parse.
_ANSWER_MOST: Final = 200_000
# PostgreSQL's JSON holds no NUL, and no half of a pair of surrogates.
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


class Malformed(Exception):
    """Not an answer to the question; `fault` says why in words of ours, fit for asking again."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


def storable(content: str) -> str:
    """The answer as it can be kept: what is read of it now is then what is read of it later."""
    return _UNSTORABLE.sub("", content).strip()


def read_answer(content: str, shape: type[Shape]) -> Shape:
    """The answer in its shape. Text around the JSON is let pass.

    Raises:
        Malformed: it is no JSON, or of another shape.
    """
    try:
        return shape.model_validate(_json_in(content))
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        # Where it is: places and names of the shape, never of the answer.
        known = [str(part) for part in first["loc"] if isinstance(part, int) or part in _names(shape)]
        raise Malformed(f"at {'.'.join(known) or 'the top'}: {first['type']}") from None


def _names(shape: type[BaseModel]) -> set[str]:
    """Of all fields, those of lists of shapes included."""
    names = set(shape.model_fields)
    for field in shape.model_fields.values():
        for inner in getattr(field.annotation, "__args__", ()):
            if isinstance(inner, type) and issubclass(inner, BaseModel):
                names |= _names(inner)
    return names


def _json_in(content: str) -> object:
    """The object in an answer, which a model may have put in a fence or between sentences."""
    if len(content) > _ANSWER_MOST:
        raise Malformed("too long")
    fenced = _FENCED.search(content)
    outermost = content[content.find("{") : content.rfind("}") + 1]
    for candidate in (content, fenced[1] if fenced else "", outermost):
        try:
            value: object = json.loads(candidate)
        except (ValueError, RecursionError):
            continue
        if isinstance(value, dict):
            return value
    raise Malformed("it is not a JSON object")
