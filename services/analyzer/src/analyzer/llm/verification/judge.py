"""From a model's judgements of one criterion to its answer: only what is proven counts."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from statistics import median_low
from typing import Final

from contracts.report import MAX_QUOTES
from scoring import Assessment, Language
from scoring.language.text import Span

from analyzer.llm.prompting.checklist import Judgement
from analyzer.llm.prompting.reading import Reading
from analyzer.llm.verification.quotes import Quotable
from analyzer.llm.verification.sentence import invents_numbers, is_in, sentence

# Steps of the model's scale between nothing and everything.
_STEPS: Final = 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Seen:
    """A judgement whose quotes were looked up; `level` None: it claims something and proves nothing."""

    level: int | None
    spans: tuple[Span, ...]
    unverified: int
    judgement: Judgement


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """The answer to one criterion, and how many quotes given for it do not occur."""

    answer: Assessment
    unverified: int


def judge(
    rule: Assessment,
    judgements: Sequence[Judgement],
    reading: Reading,
    quotable: Quotable,
    *,
    language: Language,
) -> Judged:
    """The median of what was proven. The rule's answer stands where no more than half of the judgements
    were, and where the model would give more; its words stand in for those in another language than the
    report's."""
    seen = [_look_up(each, quotable) for each in judgements]
    unverified = sum(each.unverified for each in seen)
    return Judged(answer=_answer(rule, seen, reading, language), unverified=unverified)


def _look_up(judgement: Judgement, quotable: Quotable) -> _Seen:
    found = [quotable.find(quote) for quote in judgement.quotes]
    spans = tuple(dict.fromkeys(span for span in found if span))
    is_proven = judgement.level == 0 or bool(spans)
    return _Seen(
        level=judgement.level if is_proven else None,
        spans=spans[:MAX_QUOTES],
        unverified=found.count(None),
        judgement=judgement,
    )


def _answer(rule: Assessment, seen: Sequence[_Seen], reading: Reading, language: Language) -> Assessment:
    proven = [(each, each.level) for each in seen if each.level is not None]
    if 2 * len(proven) <= len(seen):
        return rule
    levels = [level for _, level in proven]
    level = median_low(levels)
    share = level / _STEPS
    # The rules can be read by anybody, and talked to by nobody: a model takes away, and gives nothing.
    if rule.share is None or share > rule.share:
        return rule
    best = next(each for each, its in proven if its == level)
    reason = sentence(best.judgement.reason)
    fix = sentence(best.judgement.fix or "")
    if not is_in(language, reason):
        reason = ""
    if not is_in(language, fix) or invents_numbers(fix, reading.shown.text):
        fix = ""
    return replace(
        rule,
        share=share,
        reason=reason or rule.reason,
        fix=None if share == 1 else fix or rule.fix,
        quotes=best.spans,
        method="model",
        spread=max(levels) - min(levels) if len(seen) > 1 else None,
    )
