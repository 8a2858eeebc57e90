"""Read output with one entry for each numbered bullet, in whatever form it can be understood."""

from collections.abc import Sequence
from typing import Any, Final, Generic, TypeVar

from pydantic import BaseModel, ConfigDict, model_validator

from analyzer.llm.prompting.controls import Control, ControlsFailed
from analyzer.llm.prompting.json_output import MalformedOutput, parse_output
from analyzer.llm.prompting.numbering import NumberedBullets

Entry = TypeVar("Entry")
# Names of the number where a model sends a list of entries instead of an object.
_NUMBER_NAMES: Final = ("id", "n", "bullet")


class NumberedOutput(BaseModel, Generic[Entry]):
    """Output with entries by the number of their bullet."""

    model_config = ConfigDict(extra="ignore", frozen=True)

    bullets: dict[int, Entry]

    @model_validator(mode="before")
    @classmethod
    def _unwrap(cls, value: object) -> object:
        """Accept an object without its outer key, and a list of entries in order or with their numbers."""
        is_bare = isinstance(value, list) or (
            isinstance(value, dict) and value and all(map(_is_number, value))
        )
        bullets = value if is_bare else value.get("bullets") if isinstance(value, dict) else None
        return {"bullets": _by_number(bullets) if isinstance(bullets, list) else bullets}


def _is_number(key: object) -> bool:
    return str(key).isdecimal()


def _by_number(entries: list[object]) -> dict[str, object]:
    numbers = [_number_of(entry) for entry in entries]
    if not any(numbers):
        return {str(number): entry for number, entry in enumerate(entries, start=1)}
    found: dict[str, object] = {}
    for number, entry in zip(numbers, entries, strict=True):
        if number is None or found.get(number, entry) != entry:
            raise ValueError("a number is missing or contradicts another entry")
        found[number] = entry
    return found


def _number_of(entry: object) -> str | None:
    names = [name for name in _NUMBER_NAMES if name in entry] if isinstance(entry, dict) else []
    return str(entry[names[0]]) if isinstance(entry, dict) and names else None


def numbered_schema(numbered: NumberedBullets, entry: dict[str, Any]) -> dict[str, Any]:
    """Build the JSON Schema of output with one `entry` for each bullet.

    It is limited to the keywords that strict servers accept. Every number is required, and one definition
    of an entry serves them all.
    """
    numbers = range(1, len(numbered.order) + 1)
    bullets = object_schema(**{str(number): {"$ref": "#/$defs/entry"} for number in numbers})
    return {**object_schema(bullets=bullets), "$defs": {"entry": entry}}


def object_schema(**properties: Any) -> dict[str, Any]:  # noqa: ANN401 - parts of a schema are any JSON
    """Build the JSON Schema of an object with these properties and no others."""
    return {
        "type": "object",
        "additionalProperties": False,
        "required": list(properties),
        "properties": properties,
    }


def read_entries(
    content: str, model: type[NumberedOutput[Entry]], numbered: NumberedBullets
) -> Sequence[tuple[int | Control, str, Entry]]:
    """Return each bullet (the index of one of the resume, or a control) with its text and its entry.

    Raises:
        MalformedOutput: The content does not match the schema, or leaves out a bullet.
        ControlsFailed: The content names unknown numbers.
    """
    entries = parse_output(content, model).bullets
    count = len(numbered.order)
    if missing := [number for number in range(1, count + 1) if number not in entries]:
        raise MalformedOutput(f"without an entry: {', '.join(map(str, missing))}")
    if len(entries) > count:
        raise ControlsFailed(f"there are only {count} bullets")
    bullets = zip(numbered.order, numbered.texts, strict=True)
    return [(bullet, text, entries[number]) for number, (bullet, text) in enumerate(bullets, start=1)]
