"""Answers of a played model to the questions about the bullets of a resume."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, Final

from analyzer.llm.prompting.controls import Control
from analyzer.llm.prompting.labels import start_of
from analyzer.llm.prompting.prompt import load_prompt
from scoring.language.text import fold
from scoring.resume.bullet import Bullet, read_bullet
from scoring.resume.labels import BulletLabels
from scoring.resume.work_history import BulletSpan
from scoring.rubric import load_rubric

from tests.support.fakes.model import FakeReply, Json, completion

PROMPT: Final = load_prompt()
RUBRIC: Final = load_rubric()
CONTROLS: Final[Mapping[str, Control]] = {
    each.text: each for pool in PROMPT.controls.values() for each in pool
}
ALL: Final = ("action", "amount", "result")
_LINE: Final = re.compile(r"^(\d+)\. (.+)$", re.MULTILINE)
_FIGURES: Final = re.compile(r"\d[\d,.]*%?")
_TOPICS: Final = {**RUBRIC.skills, **RUBRIC.appeals}
_MAX_TOPICS: Final = 5


@dataclass(frozen=True, slots=True)
class PlayedLabels:
    """The labels of one bullet, and the keys of the topics that it shows."""

    labels: frozenset[str]
    shows: frozenset[str] = frozenset()

    @property
    def kind(self) -> str:
        """Return the kind of a bullet with these labels."""
        return next((each for each in ("result", "action") if each in self.labels), "duty")


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
    """Read the question of a request as a model reads it, behind the worked examples."""
    said = [each["content"] for each in request["messages"] if each["role"] == "user"]
    asked = [each for each in said if " bullets:\n\n" in each]
    before, _, after = asked[-1].partition(" bullets:\n\n")
    boundary, _, rest = after.partition("\n")
    names = {name: key for key, topic in _TOPICS.items() for name in (topic.name.en, topic.name.ja)}
    return AskedBullets(
        bullets={int(match[1]): match[2] for match in _LINE.finditer(rest.partition(f"\n{boundary}")[0])},
        topics={int(match[1]): names[match[2]] for match in _LINE.finditer(before)},
    )


def is_about_topics(request: Json) -> bool:
    """Tell whether a request is about the topics that bullets show."""
    return "You say which topics" in request["messages"][0]["content"]


def is_about_writing(request: Json) -> bool:
    """Tell whether a request is about the writing of the resume."""
    return "You advise on how a resume is written" in request["messages"][0]["content"]


# Many requests of a fake server ask about the same bullets.
@lru_cache(maxsize=10_000)
def _read(text: str) -> Bullet:
    place = BulletSpan(start=0, end=len(text), glyph="-", entry=0)
    return read_bullet(text, fold(text), place, RUBRIC)


def rule_labels(text: str) -> BulletLabels:
    """Return the rules' labels of a bullet that stands alone."""
    return _read(text).labels


def honest(text: str) -> PlayedLabels:
    """Label a control as it is known, and any other bullet as the rules do."""
    labels = rule_labels(text)
    found = {
        "action": labels.action in ("strong", "plain"),
        "amount": labels.amount,
        "result": labels.result,
    }
    shows = labels.skills | labels.appeals
    if control := CONTROLS.get(text):
        found.update(action=control.kind != "duty", result=control.kind == "result")
        shows = frozenset({control.topic} - {"none"})
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


def _number(text: str) -> str:
    """Return a number of a bullet to copy, or "none"."""
    if amounts := _read(text).amounts:
        return text[amounts[0].start : amounts[0].end]
    figures = _FIGURES.search(text)
    return figures.group() if figures else "none"


def labels_json(request: Json, label: Label = honest) -> Json:
    """Answer the question of a request: the labels of its bullets, or their topics."""
    asked = read_question(request)
    bullets: Json = {}
    for number, text in asked.bullets.items():
        given = label(text)
        if asked.topics:
            shown = [topic for topic, key in asked.topics.items() if key in given.shows]
            bullets[str(number)] = shown[:_MAX_TOPICS]
        else:
            copied = _number(text) if "amount" in given.labels else "none"
            bullets[str(number)] = {"starts": start_of(text), "number": copied, "kind": given.kind}
    return {"bullets": bullets}


def topics_rightly(request: Json) -> FakeReply | None:
    """Answer a request about topics as the rules do; None for any other."""
    return completion(labels_json(request)) if is_about_topics(request) else None


def labelled(label: Label = honest, **reply: Any) -> Callable[[Json], FakeReply]:
    """Return a reply to a question about bullets."""
    return lambda request: completion(labels_json(request, label), **reply)
