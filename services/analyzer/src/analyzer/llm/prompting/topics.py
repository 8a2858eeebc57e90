"""The JSON schema and the parser for the skills and appeal points that bullets show."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field

from analyzer.llm.prompting.controls import Control, ControlsFailed, check_topics
from analyzer.llm.prompting.numbered_output import NumberedOutput, numbered_schema, read_entries
from analyzer.llm.prompting.numbering import NumberedBullets

_MAX_TOPICS: Final = 5


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownTopics:
    """The skill groups and appeal points that a bullet shows."""

    skills: frozenset[str]
    appeals: frozenset[str]


TopicsResponse = tuple[ShownTopics, ...]
"""The topics of the resume's own bullets, in their order."""


def _list_within(value: object) -> object:
    """Accept an object that holds the list."""
    lists = [each for each in value.values() if isinstance(each, list)] if isinstance(value, Mapping) else []
    return lists[0] if len(lists) == 1 else value


_Numbers = Annotated[tuple[int, ...], Field(max_length=50), BeforeValidator(_list_within)]


class _Output(NumberedOutput[_Numbers]):
    pass


def schema(numbered: NumberedBullets) -> dict[str, Any]:
    """Build the JSON Schema of a response."""
    return numbered_schema(numbered, {"type": "array", "items": {"type": "integer"}, "maxItems": _MAX_TOPICS})


def parse(content: str, numbered: NumberedBullets, boundary: str = "") -> TopicsResponse:
    """Return the topics of the resume's own bullets, if those of the controls among them are right.

    Raises:
        MalformedOutput: The content does not match the schema, or leaves out a bullet.
        ControlsFailed: Controls have wrong topics, or the content names unknown numbers, or it repeats the
            prompt.
    """
    if boundary and boundary in content:
        raise ControlsFailed("it repeats the question")
    topics = numbered.topics
    own: dict[int, frozenset[str]] = {}
    controls: list[tuple[Control, frozenset[str]]] = []
    for bullet, _, numbers in read_entries(content, _Output, numbered):
        if any(not 0 < number <= len(topics) for number in numbers):
            raise ControlsFailed(f"there are only {len(topics)} topics")
        shown = frozenset(topics[number - 1] for number in numbers[:_MAX_TOPICS])
        if isinstance(bullet, Control):
            controls.append((bullet, shown))
        else:
            own[bullet] = shown
    check_topics(controls)
    skills, appeals = set(numbered.skills), set(numbered.appeals)
    return tuple(
        ShownTopics(skills=own[index] & skills, appeals=own[index] & appeals) for index in range(len(own))
    )
