"""Names of dead letters: `analysis-requests/analyzer:12` is the twelfth of that topic and consumer."""

import re
from dataclasses import dataclass

from contracts.topics import CONSUMERS, dead_letter_topic

from request_api.ops.command import Refused

_TOPIC = re.compile(r"resume-review\.(?P<short>[a-z-]+)\.v\d+")
_NAME = re.compile(r"(?P<box>[a-z-]+/[a-z-]+):(?P<offset>\d{1,18})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """The dead letters of one consumer of one topic."""

    topic: str
    consumer: str

    @property
    def dead_letter_topic(self) -> str:
        """Where they are."""
        return dead_letter_topic(self.topic, self.consumer)

    @property
    def name(self) -> str:
        """Short, as a part of the letters' names."""
        return f"{short(self.topic)}/{self.consumer}"


def short(topic: str) -> str:
    """The topic without what all have in common."""
    found = _TOPIC.fullmatch(topic)
    return found["short"] if found else topic


BOXES = tuple(
    Box(topic=topic, consumer=consumer) for topic, consumers in CONSUMERS.items() for consumer in consumers
)


def boxes(topic: str | None) -> list[Box]:
    """Those of a topic by its short or its whole name, or all. Raises Refused."""
    found = [box for box in BOXES if topic in (None, box.topic, short(box.topic))]
    if not found:
        known = ", ".join(dict.fromkeys(short(box.topic) for box in BOXES))
        raise Refused(f"There is no topic {topic}; there are {known}.")
    return found


def place(name: str) -> tuple[Box, int]:
    """The box and the offset that a name means. Raises Refused."""
    found = _NAME.fullmatch(name)
    named = {box.name: box for box in BOXES}
    if found is None or found["box"] not in named:
        raise Refused(f"{name} names no dead letter; names look like {BOXES[0].name}:12.")
    return named[found["box"]], int(found["offset"])
