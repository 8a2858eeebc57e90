"""What a model is to answer, and the reading of what it did answer."""

import json
import re
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError

_FENCED = re.compile(r"```(?:json)?\s*(.*?)```", re.DOTALL | re.IGNORECASE)
# No answer is as long; what is longer is not worth the time to parse.
_ANSWER_MOST: Final = 200_000


class Judgement(BaseModel):
    """One line of the checklist: 0, 1 or 2, on the strength of quotes; never a score."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    quotes: Annotated[tuple[str, ...], Field(max_length=50)]
    reason: str
    fix: str | None = None
    level: Literal[0, 1, 2]


class _Checklist(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    answers: tuple[Judgement, ...]


class Malformed(Exception):
    """Not an answer to the checklist; `fault` says why in words of ours, fit for asking again."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


def schema(ids: tuple[str, ...]) -> dict[str, Any]:
    """The JSON schema of an answer, in the part of the language that strict servers take."""
    judgement = {
        "type": "object",
        "additionalProperties": False,
        # Evidence before the verdict: a model that decides first finds reasons for anything.
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
        "properties": {"answers": {"type": "array", "items": judgement}},
    }


def parse(content: str, ids: tuple[str, ...]) -> dict[str, Judgement]:
    """Each criterion's judgement. Text around the JSON is let pass; unknown criteria are left out.

    Raises:
        Malformed: it is no JSON, of another shape, or does not answer each criterion once.
    """
    try:
        answers = _Checklist.model_validate(_json_in(content)).answers
    except ValidationError as error:
        first = error.errors(include_input=False, include_url=False)[0]
        known = [str(part) for part in first["loc"] if isinstance(part, int) or part in _FIELDS]
        raise Malformed(f"at {'.'.join(known) or 'the top'}: {first['type']}") from None
    judged = {answer.id: answer for answer in answers if answer.id in ids}
    if missing := [name for name in ids if name not in judged]:
        raise Malformed(f"without an answer: {', '.join(missing)}")
    if len([answer for answer in answers if answer.id in judged]) > len(judged):
        raise Malformed("a criterion is answered twice")
    return judged


_FIELDS: Final = {"answers", *Judgement.model_fields}


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
