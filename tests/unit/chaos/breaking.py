"""Ways to spoil a run."""

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import Any

from tests.unit.chaos.world import copied
from tools.chaos.evidence.rows import Evidence, Operation, Record

Break = Callable[[Evidence], Evidence]
# Of whatever kind of row it is told of.
Wanted = Callable[[Any], bool]


def with_rows(evidence: Evidence, kind: str, rows: Iterable[object]) -> Evidence:
    """The same, with these rows of one kind."""
    fields: dict[str, Any] = {kind: tuple(rows)}
    return replace(evidence, **fields)


def without(kind: str, wanted: Wanted) -> Break:
    """Take rows away."""

    def apply(evidence: Evidence) -> Evidence:
        rows = getattr(evidence, kind)
        assert any(map(wanted, rows))
        return with_rows(evidence, kind, (row for row in rows if not wanted(row)))

    return apply


def changed(kind: str, wanted: Wanted, **changes: object) -> Break:
    """Write rows anew."""

    def apply(evidence: Evidence) -> Evidence:
        rows = getattr(evidence, kind)
        assert any(map(wanted, rows))
        return with_rows(evidence, kind, (replace(row, **changes) if wanted(row) else row for row in rows))

    return apply


def twice(kind: str, wanted: Wanted, **changes: object) -> Break:
    """Add copies of rows."""

    def apply(evidence: Evidence) -> Evidence:
        rows = getattr(evidence, kind)
        assert any(map(wanted, rows))
        return with_rows(evidence, kind, [*rows, *(replace(row, **changes) for row in rows if wanted(row))])

    return apply


def seen(*operations: Operation) -> Break:
    """Clients did this as well."""
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
    """A record stands a second time, or a changed one beside it."""
    return lambda evidence: copied(evidence, find(evidence, topic, of_key, word), **changes)


def swapped(topic: str, key: str, one: str, other: str) -> Break:
    """Two records change places."""

    def apply(evidence: Evidence) -> Evidence:
        first, second = find(evidence, topic, key, one), find(evidence, topic, key, other)
        places = {first: replace(first, offset=second.offset), second: replace(second, offset=first.offset)}
        return replace(evidence, records=tuple(places.get(each, each) for each in evidence.records))

    return apply


def both(*breaks: Break) -> Break:
    def apply(evidence: Evidence) -> Evidence:
        for each in breaks:
            evidence = each(evidence)
        return evidence

    return apply


def of(key: str) -> Wanted:
    """Rows about one analysis."""
    return lambda row: (
        key in (getattr(row, name, None) for name in ("id", "analysis_id", "review_request_id", "key"))
    )


def is_record(topic: str, key: str, word: str) -> Wanted:
    return lambda row: (
        getattr(row, "topic", None) == topic
        and getattr(row, "key", None) == key
        and f".{word}." in getattr(row, "type", "")
    )
