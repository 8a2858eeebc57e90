"""The JSON schema and the parser for labels of bullets."""

from itertools import product
from typing import Annotated, Any, Final

from pydantic import BaseModel, ConfigDict, Field, field_validator, model_validator
from scoring import Claim

from analyzer.llm.prompting.controls import LABELS, Control, ControlsFailed, GivenLabels, check_controls
from analyzer.llm.prompting.json_output import MalformedOutput, parse_output
from analyzer.llm.prompting.numbering import NumberedBullets

# The order in which the prompt names the labels.
_ORDER: Final = ("action", "amount", "result", "specific")
_NONE: Final = "none"
_MAX_TOPICS: Final = 5
# Names of the number where a model sends a list of entries instead of an object.
_NUMBER_NAMES: Final = ("id", "number", "n", "bullet")

LabelsResponse = tuple[Claim, ...]
"""The claims about the resume's own bullets, in their order."""


class _Entry(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True, populate_by_name=True)

    labels: Annotated[frozenset[str], Field(alias="is")]
    shows: Annotated[tuple[int, ...], Field(max_length=50)]

    @field_validator("labels", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        words = value.replace(",", " ").split() if isinstance(value, str) else value
        if not isinstance(words, list) or not all(isinstance(each, str) for each in words):
            raise ValueError("expected words")
        named = {each.lower() for each in words} - {_NONE}
        if named - set(LABELS):
            raise ValueError("unknown label")
        return named


class _Output(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    bullets: dict[int, _Entry]

    @model_validator(mode="before")
    @classmethod
    def _unwrap(cls, value: object) -> object:
        """Accept an object without its outer key, and a list of entries that hold their number."""
        is_bare = isinstance(value, list) or (
            isinstance(value, dict) and value and all(map(_is_number, value))
        )
        bullets = value if is_bare else value.get("bullets") if isinstance(value, dict) else None
        return {"bullets": _by_number(bullets) if isinstance(bullets, list) else bullets}


def _is_number(key: object) -> bool:
    return str(key).isdecimal()


def _by_number(entries: list[object]) -> dict[str, object]:
    found: dict[str, object] = {}
    for entry in entries:
        if not isinstance(entry, dict):
            raise ValueError("expected an object")  # noqa: TRY004 - pydantic reports a ValueError
        number = next((str(entry[name]) for name in _NUMBER_NAMES if name in entry), None)
        if number is None or found.get(number, entry) != entry:
            raise ValueError("a number is missing or contradicts another entry")
        found[number] = entry
    return found


def schema(numbered: NumberedBullets) -> dict[str, Any]:
    """Build the JSON Schema of a response, limited to the keywords that strict servers accept.

    Every number is required, and one definition of an entry serves them all.
    """
    combinations = product((False, True), repeat=len(_ORDER))
    named = (" ".join(name for name, has in zip(_ORDER, each, strict=True) if has) for each in combinations)
    entry = _object(
        **{
            "is": {"type": "string", "enum": [each or _NONE for each in named]},
            "shows": {"type": "array", "items": {"type": "integer"}, "maxItems": _MAX_TOPICS},
        }
    )
    numbers = range(1, len(numbered.order) + 1)
    bullets = _object(**{str(number): {"$ref": "#/$defs/entry"} for number in numbers})
    return {**_object(bullets=bullets), "$defs": {"entry": entry}}


def _object(**properties: Any) -> dict[str, Any]:  # noqa: ANN401 - parts of a schema are any JSON
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


def parse(content: str, numbered: NumberedBullets, boundary: str = "") -> LabelsResponse:
    """Return the claims about the resume's own bullets, if the controls among them are labelled rightly.

    Raises:
        MalformedOutput: The content does not match the schema, or labels only some of the bullets.
        ControlsFailed: The content labels controls wrongly, names unknown numbers or repeats the prompt.
    """
    if boundary and boundary in content:
        raise ControlsFailed("it repeats the question")
    claims, controls = read_labels(content, numbered)
    check_controls(controls)
    return claims


def read_labels(
    content: str, numbered: NumberedBullets
) -> tuple[LabelsResponse, list[tuple[Control, GivenLabels]]]:
    """Return the claims about the resume's own bullets, and the labels of the controls among them.

    Raises:
        MalformedOutput: The content does not match the schema, or labels only some of the bullets.
        ControlsFailed: The content names unknown numbers.
    """
    entries = parse_output(content, _Output).bullets
    count, topics = len(numbered.order), numbered.topics
    if missing := [number for number in range(1, count + 1) if number not in entries]:
        raise MalformedOutput(f"without labels: {', '.join(map(str, missing))}")
    if len(entries) > count:
        raise ControlsFailed(f"there are only {count} bullets")
    if any(not 0 < topic <= len(topics) for entry in entries.values() for topic in entry.shows):
        raise ControlsFailed(f"there are only {len(topics)} topics")
    own: dict[int, GivenLabels] = {}
    controls: list[tuple[Control, GivenLabels]] = []
    for number, bullet in enumerate(numbered.order, start=1):
        entry = entries[number]
        given = GivenLabels(entry.labels, frozenset(topics[topic - 1] for topic in entry.shows[:_MAX_TOPICS]))
        if isinstance(bullet, Control):
            controls.append((bullet, given))
        else:
            own[bullet] = given
    return tuple(_claim(own[index], numbered) for index in range(len(own))), controls


def _claim(given: GivenLabels, numbered: NumberedBullets) -> Claim:
    return Claim(
        action="action" in given.labels,
        amount="amount" in given.labels,
        result="result" in given.labels,
        specific="specific" in given.labels,
        skills=given.shows & set(numbered.skills),
        appeals=given.shows & set(numbered.appeals),
    )
