"""Answers of a played model to the question about the labels of bullets."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from analyzer.llm.prompting.controls import Control
from analyzer.llm.prompting.prompt import load_prompt
from scoring import load_rubric
from scoring.language.text import fold
from scoring.resume.bullet import read_bullet
from scoring.resume.labels import BulletLabels
from scoring.resume.work_history import BulletSpan

from tests.support.fakes.model import FakeReply, Json, completion

PROMPT: Final = load_prompt()
RUBRIC: Final = load_rubric()
CONTROLS: Final[Mapping[str, Control]] = {
    each.text: each for pool in PROMPT.controls.values() for each in pool
}
ALL: Final = ("action", "amount", "result", "specific")
_LINE: Final = re.compile(r"^(\d+)\. (.+)$", re.MULTILINE)
_TOPICS: Final = {**RUBRIC.skills, **RUBRIC.appeals}


@dataclass(frozen=True, slots=True)
class PlayedLabels:
    """The labels of one bullet, and the keys of the topics that it shows."""

    labels: frozenset[str]
    shows: frozenset[str] = frozenset()


Label = Callable[[str], PlayedLabels]


@dataclass(frozen=True, slots=True)
class AskedBullets:
    """The numbered bullets and topics of a question."""

    bullets: Mapping[int, str]
    topics: Mapping[int, str]

    @property
    def own(self) -> list[str]:
        """Return the bullets of the resume."""
        return [text for text in self.bullets.values() if text not in CONTROLS]


def read_question(request: Json) -> AskedBullets:
    """Read the question of a request as a model reads it."""
    content = request["messages"][1]["content"]
    before, _, after = content.partition(" bullets:\n\n")
    boundary, _, rest = after.partition("\n")
    names = {name: key for key, topic in _TOPICS.items() for name in (topic.name.en, topic.name.ja)}
    return AskedBullets(
        bullets={int(match[1]): match[2] for match in _LINE.finditer(rest.partition(f"\n{boundary}")[0])},
        topics={int(match[1]): names[match[2]] for match in _LINE.finditer(before)},
    )


def rule_labels(text: str) -> BulletLabels:
    """Return the rules' labels of a bullet that stands alone."""
    place = BulletSpan(start=0, end=len(text), glyph="-", entry=0)
    return read_bullet(text, fold(text), place, RUBRIC).labels


# Many requests of a fake server ask about the same bullets.
@lru_cache(maxsize=10_000)
def honest(text: str) -> PlayedLabels:
    """Label a control as it is known, and any other bullet as the rules do."""
    labels = rule_labels(text)
    found = {
        "action": labels.action in ("strong", "plain"),
        "amount": labels.amount,
        "result": labels.result,
        "specific": labels.specific,
    }
    shows = labels.skills | labels.appeals
    if control := CONTROLS.get(text):
        letters = dict(zip("avrs", ("amount", "action", "result", "specific"), strict=True))
        known = {letters[letter] for letter in control.labels if letter in letters}
        found = {label: label in known for label in ALL}
        shows = frozenset({control.topic} - {"none", "?"})
    return PlayedLabels(frozenset(label for label, has in found.items() if has), shows)


def everything(_: str) -> PlayedLabels:
    """Give a bullet every label and topic."""
    return PlayedLabels(frozenset(ALL), frozenset(_TOPICS))


def nothing(_: str) -> PlayedLabels:
    """Give a bullet no label."""
    return PlayedLabels(frozenset())


def on_own_bullets(label: Label) -> Label:
    """Return a labeller that knows the controls: what no model can."""
    return lambda text: honest(text) if text in CONTROLS else label(text)


def labels_json(request: Json, label: Label = honest) -> Json:
    """Answer the question of a request."""
    asked = read_question(request)
    bullets = {}
    for number, text in asked.bullets.items():
        given = label(text)
        words = " ".join(each for each in ALL if each in given.labels) or "none"
        shown = [topic for topic, key in asked.topics.items() if key in given.shows]
        bullets[str(number)] = {"is": words, "shows": shown[:5]}
    return {"bullets": bullets}


def labelled(label: Label = honest, **reply: Any) -> Callable[[Json], FakeReply]:
    """Return a reply to a question about labels."""
    return lambda request: completion(labels_json(request, label), **reply)
