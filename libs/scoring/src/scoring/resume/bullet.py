"""One bullet with everything that the rules look at."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Final

from scoring.language.text import Span, blank_out, count_japanese, fold
from scoring.resume.amounts import find_amounts
from scoring.resume.labels import BulletLabels, label_by_rules
from scoring.resume.openings import Opening, read_opening
from scoring.resume.outcomes import find_outcome
from scoring.resume.work_history import BulletSpan
from scoring.rubric import Rubric

# Two projects may both have ended "ahead of schedule".
_COPIES: Final = 2
# Fewer words may agree by chance: "by 20%".
_COPIED_WORDS: Final = 3
_COPIED_CHARACTERS: Final = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class Bullet:
    """A bullet of the work history. `start` and `end` are offsets in the whole text."""

    start: int
    end: int
    # The index of its position in the work history.
    entry: int
    glyph: str | None
    text: str
    # The text with spaces for amounts that measure nothing; of the same length.
    meaningful_text: str
    amounts: tuple[Span, ...]
    opening: Opening
    # The words within `text` that state an outcome of the work, if there are any.
    outcome: Span | None
    # By the rules, unless a language model replaced them.
    labels: BulletLabels
    # True if other bullets state the same outcome in the same words, so that it says nothing of this one.
    is_copied: bool = False

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    @property
    def skills(self) -> frozenset[str]:
        return self.labels.skills

    @property
    def appeals(self) -> frozenset[str]:
        return self.labels.appeals

    @property
    def is_quantified(self) -> bool:
        return self.labels.amount

    @property
    def is_result(self) -> bool:
        """True if the bullet states an outcome of the work."""
        return self.labels.result

    @property
    def is_proven(self) -> bool:
        """True if the bullet states a result with an amount."""
        return self.is_result and self.is_quantified

    @property
    def has_decorative_amount(self) -> bool:
        return self.meaningful_text != self.text

    @property
    def outcome_words(self) -> str:
        """The words that state an outcome, folded, or ""."""
        return fold(self.meaningful_text[self.outcome.start : self.outcome.end]) if self.outcome else ""

    def without_outcome(self) -> "Bullet":
        """Return the bullet without the words that state an outcome, and without the amounts in them."""
        if self.outcome is None:
            return self
        outcome = self.outcome
        amounts = tuple(
            each for each in self.amounts if each.start < outcome.start or each.start >= outcome.end
        )
        labels = label_by_rules(
            self.meaningful_text,
            self.opening,
            has_amount=bool(amounts),
            has_outcome=False,
            skills=self.skills,
            appeals=self.appeals,
        )
        return replace(self, outcome=None, amounts=amounts, labels=labels, is_copied=True)


def _is_clause(words: str) -> bool:
    return len(words.split()) >= _COPIED_WORDS or count_japanese(words) >= _COPIED_CHARACTERS


def drop_copied_outcomes(bullets: Iterable[Bullet]) -> tuple[Bullet, ...]:
    """Take away outcomes that three bullets or more state in the same words: they say nothing about each."""
    read = tuple(bullets)
    everything = fold("\n".join(bullet.meaningful_text for bullet in read))
    return tuple(
        bullet.without_outcome()
        if _is_clause(words := bullet.outcome_words) and everything.count(words) > _COPIES
        else bullet
        for bullet in read
    )


def read_bullet(text: str, folded: str, place: BulletSpan, rubric: Rubric) -> Bullet:
    """Read one bullet of `text`, of which `folded` is the folded form."""
    start, end = place.start, place.end
    text, folded = text[start:end], folded[start:end]
    amounts = find_amounts(text, folded)
    # Amounts that measure nothing must not influence any rule.
    meaningful_text = blank_out(text, amounts.decorative)
    folded = blank_out(folded, amounts.decorative)
    opening = read_opening(meaningful_text, folded, rubric)
    outcome = find_outcome(meaningful_text, folded, opening, amounts.measured, rubric)
    return Bullet(
        start=start,
        end=end,
        entry=place.entry,
        glyph=place.glyph,
        text=text,
        meaningful_text=meaningful_text,
        amounts=amounts.measured,
        opening=opening,
        outcome=outcome,
        labels=label_by_rules(
            meaningful_text,
            opening,
            has_amount=bool(amounts.measured),
            has_outcome=outcome is not None,
            skills=frozenset(hit.group for hit in rubric.skill_index.find(meaningful_text, folded)),
            appeals=frozenset(hit.group for hit in rubric.appeal_index.find(meaningful_text, folded)),
        ),
    )
