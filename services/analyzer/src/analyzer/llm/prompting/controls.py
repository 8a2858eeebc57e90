"""Control bullets: synthetic bullets whose labels are known, mixed among those of a resume.

A model that labels them wrongly did not read the bullets, or obeyed one, so none of its labels counts.
"""

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from analyzer.llm.prompting.json_output import MalformedOutput

# The columns of a control's labels: amount, action, result, specific.
LABELS: Final = ("amount", "action", "result", "specific")
# The controls of a call by kind. A test computes that random labels pass in less than one of a thousand
# analyses, even where only one label is random, and although a second answer is allowed.
DRAWN: Final[Mapping[str, int]] = {
    "duty": 4,
    "duty_amount": 2,
    "scale": 2,
    "result": 3,
    "proven": 3,
    "skill": 3,
}
# Good models label a clear bullet wrongly now and then: once in each label, and twice in all.
_WRONG_PER_LABEL: Final = 1
_WRONG: Final = 2


class ControlsFailed(MalformedOutput):
    """Output that labels controls wrongly, names unknown numbers or repeats the prompt."""


@dataclass(frozen=True, slots=True)
class Control:
    """A control bullet.

    `labels` has a letter for each label that it has, "-" for one that it has not and "?" for one that is not
    checked. `topic` is the skill group that it shows, "none", or "?" if that is not checked.
    """

    kind: str
    labels: str
    topic: str
    text: str


@dataclass(frozen=True, slots=True)
class GivenLabels:
    """The labels that a model gave one bullet. `shows` holds names of topics."""

    labels: frozenset[str]
    shows: frozenset[str]


def read_pool(content: str) -> tuple[Control, ...]:
    """Read a file of controls."""
    rows = [line.split("\t") for line in content.splitlines() if line and not line.startswith("#")]
    return tuple(Control(*row) for row in rows)


def draw_controls(
    pool: Sequence[Control], generator: random.Random, *, topics: Collection[str], avoid: Collection[str]
) -> list[Control]:
    """Draw the controls of a call, of skills only those that the call asks about, and no text in `avoid`."""
    drawn: list[Control] = []
    for kind, count in DRAWN.items():
        fitting = [
            each
            for each in pool
            if each.kind == kind and each.text not in avoid and (kind != "skill" or each.topic in topics)
        ]
        drawn += generator.sample(fitting, min(count, len(fitting)))
    return drawn


def check_controls(given: Sequence[tuple[Control, GivenLabels]]) -> None:
    """Compare the labels of the controls with the known ones.

    Raises:
        ControlsFailed: Too many are wrong.
    """
    wrong = {
        label: sum(
            letter != "?" and (label in answer.labels) != (letter != "-")
            for control, answer in given
            for letter in (control.labels[column],)
        )
        for column, label in enumerate(LABELS)
    }
    wrong["shows"] = sum(not _has_right_topics(control, answer) for control, answer in given)
    if max(wrong.values()) > _WRONG_PER_LABEL or sum(wrong.values()) > _WRONG:
        # The fault goes back to the model, so it must not tell which bullets are controls.
        raise ControlsFailed("several labels are certainly wrong; read each bullet again, by its own words")


def _has_right_topics(control: Control, answer: GivenLabels) -> bool:
    if control.topic == "?":
        return True
    return not answer.shows if control.topic == "none" else control.topic in answer.shows
