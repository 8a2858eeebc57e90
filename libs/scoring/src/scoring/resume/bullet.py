"""One bullet with everything that the rules look at."""

from dataclasses import dataclass

from scoring.language.text import Span, blank_out
from scoring.resume.amounts import find_amounts
from scoring.resume.openings import Opening, read_opening
from scoring.resume.work_history import BulletSpan
from scoring.rubric import Rubric


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
    skills: frozenset[str]
    appeals: frozenset[str]
    # Set if the bullet states an outcome of the work.
    is_result: bool

    @property
    def span(self) -> Span:
        return Span(self.start, self.end)

    @property
    def is_quantified(self) -> bool:
        return bool(self.amounts)

    @property
    def is_proven(self) -> bool:
        """True if the bullet states a result with an amount."""
        return self.is_result and self.is_quantified

    @property
    def has_decorative_amount(self) -> bool:
        return self.meaningful_text != self.text


def read_bullet(text: str, folded: str, place: BulletSpan, rubric: Rubric) -> Bullet:
    """Read one bullet of `text`, of which `folded` is the folded form."""
    start, end = place.start, place.end
    text, folded = text[start:end], folded[start:end]
    amounts = find_amounts(text, folded)
    # Amounts that measure nothing must not influence any rule.
    meaningful_text = blank_out(text, amounts.decorative)
    folded = blank_out(folded, amounts.decorative)
    opening = read_opening(meaningful_text, folded, rubric)
    return Bullet(
        start=start,
        end=end,
        entry=place.entry,
        glyph=place.glyph,
        text=text,
        meaningful_text=meaningful_text,
        amounts=amounts.measured,
        opening=opening,
        skills=frozenset(hit.group for hit in rubric.skill_index.find(meaningful_text, folded)),
        appeals=frozenset(hit.group for hit in rubric.appeal_index.find(meaningful_text, folded)),
        is_result=_is_result(meaningful_text, folded, opening, rubric, is_quantified=bool(amounts.measured)),
    )


def _is_result(text: str, folded: str, opening: Opening, rubric: Rubric, *, is_quantified: bool) -> bool:
    if opening.strength == "weak":
        return False
    hits = rubric.word_index("result_phrases").find(text, folded)
    # A Japanese connective needs an amount to be a result.
    return opening.is_result or any(hit.group == "en" or is_quantified for hit in hits)
