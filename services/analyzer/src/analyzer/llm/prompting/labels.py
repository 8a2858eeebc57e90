"""The JSON schema and the parser for labels of bullets."""

import re
from dataclasses import dataclass, replace
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict
from scoring.language.text import count_japanese, fold
from scoring.resume.amounts import holds_number

from analyzer.llm.prompting.controls import KINDS, Control, ControlsFailed, check_kinds
from analyzer.llm.prompting.numbered_output import (
    NumberedOutput,
    numbered_schema,
    object_schema,
    read_entries,
)
from analyzer.llm.prompting.numbering import NumberedBullets

# What an entry copies from the start of its bullet, so that it is certainly about it.
_START_WORDS: Final = 4
_START_CHARACTERS: Final = 8
# Room for four long words.
_MAX_COPIED: Final = 60
# A copy of fewer letters and figures fits too many bullets.
_FEWEST_COPIED: Final = 4
_NO_NUMBER: Final = "none"
_NOT_COMPARED: Final = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenLabels:
    """The labels that a model gave one bullet.

    `amount` is true if the model copied a number of the bullet, and None if a missing number proves nothing.
    """

    kind: str
    amount: bool | None


LabelsResponse = tuple[GivenLabels | None, ...]
"""The labels of the resume's own bullets, in their order; None where an entry is not about its bullet."""


def _plain_kind(value: object) -> object:
    return value.strip().lower() if isinstance(value, str) else value


class _Entry(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    starts: str
    number: str | None
    kind: Annotated[Literal["duty", "action", "result"], BeforeValidator(_plain_kind)]


class _Output(NumberedOutput[_Entry]):
    pass


def schema(numbered: NumberedBullets) -> dict[str, Any]:
    """Build the JSON Schema of a response. What the model judges comes after what it copies."""
    entry = object_schema(
        starts={"type": "string", "maxLength": _MAX_COPIED},
        number={"type": "string", "maxLength": _MAX_COPIED},
        kind={"type": "string", "enum": [*KINDS]},
    )
    return numbered_schema(numbered, entry)


def start_of(text: str) -> str:
    """Return what an entry about a bullet is asked to copy."""
    return text[:_START_CHARACTERS] if count_japanese(text) else " ".join(text.split()[:_START_WORDS])


def parse(content: str, numbered: NumberedBullets, boundary: str = "") -> LabelsResponse:
    """Return the labels of the resume's own bullets, if the controls among them are labelled rightly.

    Raises:
        MalformedOutput: The content does not match the schema, or labels only some of the bullets.
        ControlsFailed: The content labels controls wrongly, names unknown numbers or repeats the prompt.
    """
    if boundary and boundary in content:
        raise ControlsFailed("it repeats the question")
    labels, controls = read_labels(content, numbered)
    check_kinds([(control, given.kind if given else None) for control, given in controls])
    return labels


def read_labels(
    content: str, numbered: NumberedBullets
) -> tuple[LabelsResponse, list[tuple[Control, GivenLabels | None]]]:
    """Return the labels of the resume's own bullets, and those of the controls among them.

    Raises:
        MalformedOutput: The content does not match the schema, or labels only some of the bullets.
        ControlsFailed: The content names unknown numbers.
    """
    own: dict[int, GivenLabels | None] = {}
    controls: list[tuple[Control, GivenLabels | None]] = []
    for bullet, text, entry in read_entries(content, _Output, numbered):
        given = GivenLabels(kind=entry.kind, amount=_stands_in(text, entry.number or _NO_NUMBER))
        about = given if _is_start(text, entry.starts) else None
        if isinstance(bullet, Control):
            controls.append((bullet, about))
        else:
            own[bullet] = about
    labels = tuple(own[index] for index in range(len(own)))
    if any(control.has_amount and not (given and given.amount) for control, given in controls):
        # A copied number is verified, but only a model that overlooks none can say that there is none.
        labels = tuple(given and replace(given, amount=given.amount or None) for given in labels)
    return labels, controls


def _is_start(text: str, copied: str) -> bool:
    """Tell whether a bullet starts with words, whatever signs are between them."""
    whole, start = _compared(text), _compared(copied)
    return len(start) >= min(_FEWEST_COPIED, len(whole)) and whole.startswith(start)


def _stands_in(text: str, number: str) -> bool:
    """Tell whether a number was copied from a bullet."""
    return holds_number(number) and _compared(number) in _compared(text)


def _compared(text: str) -> str:
    return _NOT_COMPARED.sub("", fold(text))
