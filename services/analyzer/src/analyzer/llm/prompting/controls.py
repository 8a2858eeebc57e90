"""Control bullets: synthetic bullets whose labels are known, mixed among those of a resume.

A model that labels them wrongly did not read the bullets, or obeyed one, so none of its labels counts.
"""

import random
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from analyzer.llm.prompting.json_output import MalformedOutput

# The kinds of bullets that a model tells apart.
KINDS: Final = ("duty", "action", "result")
# The controls of a call by group, and how many may get a wrong kind. A test computes that with more, answers
# by chance would pass in one of a thousand analyses, whichever kinds they prefer; a second one is allowed.
KINDS_DRAWN: Final[Mapping[str, int]] = {
    "duty": 5,
    "duty_amount": 3,
    "action": 4,
    "action_amount": 4,
    "result": 4,
    "result_amount": 4,
}
KINDS_WRONG: Final = 7
# Of these, how many duties may be taken for something else or the reverse, and how many results. A model that
# guesses one of the two and knows the other passes in less than one of a hundred analyses.
_WRONG_PER_LABEL: Final = 4
# The same for topics: bullets that show a skill, and bullets that show none.
TOPICS_DRAWN: Final[Mapping[str, int]] = {"duty": 5, "skill": 5}
TOPICS_WRONG: Final = 1
# The topic of a control that shows none.
NO_TOPIC: Final = "none"
_AMOUNT: Final = "_amount"


class ControlsFailed(MalformedOutput):
    """Output that labels controls wrongly, names unknown numbers or repeats the prompt."""


@dataclass(frozen=True, slots=True)
class Control:
    """A control bullet.

    `group` is its kind, followed by "_amount" if it holds an amount, or "skill". `topic` is the skill group
    that it shows, or "none".
    """

    group: str
    topic: str
    text: str

    @property
    def kind(self) -> str:
        """Return the right kind."""
        return self.group.removesuffix(_AMOUNT)

    @property
    def has_amount(self) -> bool:
        """Tell whether it holds an amount."""
        return self.group.endswith(_AMOUNT)


def read_pool(content: str) -> tuple[Control, ...]:
    """Read a file of controls."""
    rows = [line.split("\t") for line in content.splitlines() if line and not line.startswith("#")]
    return tuple(Control(*row) for row in rows)


def draw_controls(
    pool: Sequence[Control],
    generator: random.Random,
    *,
    counts: Mapping[str, int],
    topics: Collection[str] = (),
    avoid: Collection[str],
) -> list[Control]:
    """Draw the controls of a call.

    Those that show a skill are of `topics`. Texts in `avoid` are left out if enough others are there.
    """
    drawn: list[Control] = []
    for group, count in counts.items():
        fitting = [
            each for each in pool if each.group == group and (group != "skill" or each.topic in topics)
        ]
        other = [each for each in fitting if each.text not in avoid]
        # A resume that copies the pool must not get fewer controls.
        drawn += generator.sample(other if len(other) >= count else fitting, count)
    return drawn


def check_kinds(given: Sequence[tuple[Control, str | None]]) -> None:
    """Compare the kinds that a model gave the controls with the known ones; None is never right.

    Raises:
        ControlsFailed: Too many are wrong.
    """
    _check(sum(control.kind != kind for control, kind in given), KINDS_WRONG)
    for label in ("duty", "result"):
        _check(sum((control.kind == label) != (kind == label) for control, kind in given), _WRONG_PER_LABEL)


def check_topics(given: Sequence[tuple[Control, Collection[str]]]) -> None:
    """Compare the topics that a model gave the controls with the known ones.

    Raises:
        ControlsFailed: Too many are wrong.
    """
    wrong = sum(
        bool(shown) if control.topic == NO_TOPIC else control.topic not in shown for control, shown in given
    )
    _check(wrong, TOPICS_WRONG)


def _check(wrong: int, allowed: int) -> None:
    if wrong > allowed:
        # The fault goes back to the model, so it must not tell which bullets are controls.
        raise ControlsFailed("several answers are certainly wrong; read each bullet again, by its own words")
