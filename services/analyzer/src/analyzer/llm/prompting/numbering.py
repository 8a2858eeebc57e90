"""Number the bullets of a resume for one call, with control bullets at random places among them."""

import hashlib
import random
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from scoring.criteria.context import ScoringContext

from analyzer.llm.prompting.controls import KINDS_DRAWN, TOPICS_DRAWN, Control, draw_controls
from analyzer.llm.prompting.redaction import RedactedText

# A schema of more bullets would exceed what strict servers accept. Two pages have about 25.
MAX_BULLETS: Final = 60
# Fewer bullets show too little to ask about.
MIN_BULLETS: Final = 3
# The start of a longer bullet says what it is about.
_BULLET_CHARACTERS: Final = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberedBullets:
    """The bullets of one call in the order of their numbers, with the topics that the call asks about.

    `order` holds indexes of the resume's own bullets, and controls.
    """

    order: Sequence[int | Control]
    texts: Sequence[str]
    skills: Sequence[str] = ()
    appeals: Sequence[str] = ()

    @property
    def topics(self) -> Sequence[str]:
        """Return the keys of skill groups and appeal points in the order of their numbers."""
        return (*self.skills, *self.appeals)


def number_for_labels(
    context: ScoringContext, redacted: RedactedText, pool: Sequence[Control], *, call: int
) -> NumberedBullets | None:
    """Mix the redacted bullets with controls of each kind; None if there are too few to ask about.

    The order follows from a hash of the bullets and the number of the call. A repeated analysis asks the
    same, each call of an analysis asks in another order, and who writes a bullet cannot tell its number.
    """
    own = _bullets(context, redacted)
    if not own:
        return None
    generator = _generator(context, own, str(call))
    controls = draw_controls(pool, generator, counts=KINDS_DRAWN, avoid=own)
    return _mix(own, controls, generator)


def number_for_topics(
    context: ScoringContext, redacted: RedactedText, pool: Sequence[Control]
) -> NumberedBullets | None:
    """Mix the redacted bullets with controls that show a skill or none; None if there are too few bullets."""
    own = _bullets(context, redacted)
    if not own:
        return None
    skills = tuple(context.industry.skills or context.rubric.skills)
    generator = _generator(context, own, "topics")
    controls = draw_controls(pool, generator, counts=TOPICS_DRAWN, topics=skills, avoid=own)
    return _mix(own, controls, generator, skills=skills, appeals=context.industry.appeals)


def topic_lines(context: ScoringContext, numbered: NumberedBullets) -> str:
    """Return the topics as numbered lines, in the resume's language."""
    names: Mapping[str, str] = {
        key: topic.name.of(context.resume.language)
        for topics in (context.rubric.skills, context.rubric.appeals)
        for key, topic in topics.items()
    }
    return numbered_lines([names[key] for key in numbered.topics])


def numbered_lines(texts: Sequence[str]) -> str:
    """Return texts as lines that are numbered from 1."""
    return "\n".join(f"{number}. {text}" for number, text in enumerate(texts, start=1))


def _bullets(context: ScoringContext, redacted: RedactedText) -> list[str]:
    bullets = context.resume.bullets[:MAX_BULLETS]
    if not context.judges_work or len(bullets) < MIN_BULLETS:
        return []
    return [_one_line(redacted.shown.excerpt(bullet.start, bullet.end)) for bullet in bullets]


def _generator(context: ScoringContext, own: Sequence[str], call: str) -> random.Random:
    seed = hashlib.sha256("\0".join([call, context.industry_name, *own]).encode()).digest()
    # Not for security: controls at known places would gain what `RAISED_AT_MOST` allows.
    return random.Random(seed)  # noqa: S311 - see above


def _mix(
    own: Sequence[str],
    controls: Sequence[Control],
    generator: random.Random,
    *,
    skills: Sequence[str] = (),
    appeals: Sequence[str] = (),
) -> NumberedBullets:
    order: list[int | Control] = [*range(len(own)), *controls]
    generator.shuffle(order)
    texts = tuple(own[each] if isinstance(each, int) else each.text for each in order)
    return NumberedBullets(order=tuple(order), texts=texts, skills=skills, appeals=appeals)


def _one_line(text: str) -> str:
    """Put a bullet on one line, so that it cannot begin a line with a number of its own."""
    return " ".join(text.split())[:_BULLET_CHARACTERS] or "-"
