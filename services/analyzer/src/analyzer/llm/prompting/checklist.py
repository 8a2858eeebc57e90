"""What a model is to answer to the checklist, and the reading of what it did answer."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from analyzer.llm.prompting.answer import Malformed, read_answer


class Judgement(BaseModel):
    """One line of the checklist: 0, 1 or 2, on the strength of quotes; never a score."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    id: str
    quotes: Annotated[tuple[str, ...], Field(max_length=50)]
    reason: str
    fix: str | None = None
    level: Literal[0, 1, 2]


Judgements = dict[str, Judgement]


class _Checklist(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    answers: tuple[Judgement, ...]


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


def parse(content: str, ids: tuple[str, ...]) -> Judgements:
    """Each criterion's judgement; unknown criteria are left out.

    Raises:
        Malformed: it is no JSON, of another shape, or does not answer each criterion once.
    """
    answers = read_answer(content, _Checklist).answers
    judged = {answer.id: answer for answer in answers if answer.id in ids}
    if missing := [name for name in ids if name not in judged]:
        raise Malformed(f"without an answer: {', '.join(missing)}")
    if len([answer for answer in answers if answer.id in judged]) > len(judged):
        raise Malformed("a criterion is answered twice")
    return judged
