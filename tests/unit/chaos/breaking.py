"""Functions that break the evidence of a run in one way each."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from tests.unit.chaos.world import copied, model_calls
from tools.chaos.evidence.rows import Canary, Evidence, Operation, Record

Break = Callable[[Evidence], Evidence]
# A predicate on rows of any kind.
Wanted = Callable[[Any], bool]


def with_rows(evidence: Evidence, kind: str, rows: Iterable[object]) -> Evidence:
    """Replace the rows of one kind."""
    fields: dict[str, Any] = {kind: tuple(rows)}
    return replace(evidence, **fields)


def without(kind: str, wanted: Wanted) -> Break:
    """Remove rows."""

    def apply(evidence: Evidence) -> Evidence:
        rows = getattr(evidence, kind)
        assert any(map(wanted, rows))
        return with_rows(evidence, kind, (row for row in rows if not wanted(row)))

    return apply


def changed(kind: str, wanted: Wanted, **changes: object) -> Break:
    """Change fields of rows."""

    def apply(evidence: Evidence) -> Evidence:
        rows = getattr(evidence, kind)
        assert any(map(wanted, rows))
        return with_rows(evidence, kind, (replace(row, **changes) if wanted(row) else row for row in rows))

    return apply


def twice(kind: str, wanted: Wanted, **changes: object) -> Break:
    """Add changed copies of rows."""

    def apply(evidence: Evidence) -> Evidence:
        rows = getattr(evidence, kind)
        assert any(map(wanted, rows))
        return with_rows(evidence, kind, [*rows, *(replace(row, **changes) for row in rows if wanted(row))])

    return apply


def seen(*operations: Operation) -> Break:
    """Add operations of clients."""
    return lambda evidence: with_rows(evidence, "history", [*evidence.history, *operations])


def meta(**changes: object) -> Break:
    return lambda evidence: replace(evidence, meta=replace(evidence.meta, **changes))  # type: ignore[arg-type]


def find(evidence: Evidence, topic: str, key: str, word: str) -> Record:
    return next(
        each
        for each in evidence.records
        if (each.topic, each.key) == (topic, key) and f".{word}." in (each.type or "")
    )


def again(topic: str, of_key: str, word: str, **changes: object) -> Break:
    """Append a copy of a record, with changes if given."""
    return lambda evidence: copied(evidence, find(evidence, topic, of_key, word), **changes)


def swapped(topic: str, key: str, one: str, other: str) -> Break:
    """Swap two records."""

    def apply(evidence: Evidence) -> Evidence:
        first, second = find(evidence, topic, key, one), find(evidence, topic, key, other)
        places = {
            first: replace(first, offset=second.offset, sent_at=second.sent_at),
            second: replace(second, offset=first.offset, sent_at=first.sent_at),
        }
        return replace(evidence, records=tuple(places.get(each, each) for each in evidence.records))

    return apply


def both(*breaks: Break) -> Break:
    def apply(evidence: Evidence) -> Evidence:
        for each in breaks:
            evidence = each(evidence)
        return evidence

    return apply


def of(key: str) -> Wanted:
    """Match rows of one analysis."""
    return lambda row: (
        key in (getattr(row, name, None) for name in ("id", "analysis_id", "review_request_id", "key"))
    )


def is_about(key: str) -> Wanted:
    """Match the model call that only one analysis makes."""
    return lambda call: call.analysis == f"CANARY-{key}"


def standard(*, calls: int) -> Break:
    """Add a standard analysis with a resume of its own that asked everything so many times."""
    asked = model_calls("standard-1", depth="standard", resume="CANARY-another")
    canaries = (
        Canary(analysis_id=None, resume_id="another", canary="CANARY-another", depth=None),
        Canary(analysis_id="standard-1", resume_id="another", canary="CANARY-standard-1", depth="standard"),
    )
    return lambda evidence: replace(
        evidence,
        canaries=(*evidence.canaries, *canaries),
        model=(*evidence.model, *asked * calls),
    )


def is_record(topic: str, key: str, word: str) -> Wanted:
    return lambda row: (
        getattr(row, "topic", None) == topic
        and getattr(row, "key", None) == key
        and f".{word}." in getattr(row, "type", "")
    )
