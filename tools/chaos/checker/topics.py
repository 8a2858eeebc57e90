"""I5, I6 and I7: outboxes, topics and offsets."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import Final

from contracts.catalogue import EVENTS
from contracts.topics import ANALYSIS_EVENTS, ANALYSIS_RESULTS, CONSUMERS, dead_letter_topic

from tools.chaos.checker.lookup import (
    CANCEL,
    ERASE,
    EXPIRED,
    FAILED,
    REQUESTED,
    STARTED,
    SUCCEEDED,
    Findings,
    committed_keys,
    foreign_keys,
    grouped,
    own_records,
    rank,
)
from tools.chaos.evidence.rows import Evidence, Record

_KNOWN: Final = {event.type for event in EVENTS}
_PUBLIC: Final = {event.type for event in EVENTS if event.topic == ANALYSIS_EVENTS}


def i5_outbox_and_topics_agree(evidence: Evidence) -> Findings:
    """Every committed outbox row appears in Kafka, and nothing appears that was not committed."""
    copies = grouped(evidence.records, lambda record: (record.topic, record.ce_id))
    unsent = {row.ce_id for row in evidence.outbox}
    for row in evidence.committed:
        if not copies[row.topic, row.ce_id] and row.ce_id not in unsent:
            yield f"{row.type} was committed and never appeared", row.key
        for record in copies[row.topic, row.ce_id]:
            if (record.key, record.analysis_id, record.type) != (row.key, row.key, row.type):
                yield f"{row.type} appeared as {record.type} of {record.key}/{record.analysis_id}", row.key
    yield from _invented(evidence)
    yield from _invented_dead_letters(evidence)
    yield from _changes_without_events(evidence)


def _invented(evidence: Evidence) -> Findings:
    committed = {(row.topic, row.ce_id) for row in evidence.committed}
    requested = committed_keys(evidence, REQUESTED)
    injected = {(row.topic, row.ce_id) for row in evidence.injected if row.ce_id is not None}
    nameless = Counter(row.topic for row in evidence.injected if row.ce_id is None)
    for record in evidence.records:
        place = record.topic, record.ce_id
        if record.topic not in CONSUMERS or place in injected:
            continue
        if record.ce_id is None:
            nameless[record.topic] -= 1
            if nameless[record.topic] < 0:
                yield f"a record without an id on {record.topic}", record.key or ""
        elif record.topic == ANALYSIS_RESULTS:
            # The analyzer has no outbox; its events have to belong to a committed request.
            if record.key not in requested:
                yield f"{record.type} for an analysis that was never committed", record.key or ""
        elif place not in committed:
            yield f"{record.type} was never committed", record.key or ""


def _invented_dead_letters(evidence: Evidence) -> Findings:
    records = {(each.topic, each.partition, each.offset): each for each in evidence.records}
    dead_letters = {
        dead_letter_topic(topic, group) for topic, groups in CONSUMERS.items() for group in groups
    }
    for record in evidence.records:
        if record.topic in dead_letters:
            origin = records.get(record.dlq_origin) if record.dlq_origin else None
            if origin is None or (origin.key, origin.ce_id) != (record.key, record.ce_id):
                yield f"a dead letter on {record.topic} without its original record", record.key or ""


def _changes_without_events(evidence: Evidence) -> Findings:
    """Find committed changes whose event was not committed with them."""
    requested, cancelled = committed_keys(evidence, REQUESTED), committed_keys(evidence, CANCEL)
    for row in evidence.requests:
        if row.id not in requested:
            yield "its request was committed without an event", row.id
        if row.cancel_requested and row.id not in cancelled:
            yield "its cancellation was committed without an event", row.id
    published: defaultdict[str, set[str]] = defaultdict(set)
    for each in evidence.committed:
        if each.type in _PUBLIC:
            published[each.key].add(each.type)
    for view in evidence.views:
        if len(published[view.analysis_id]) != view.version:
            count = len(published[view.analysis_id])
            yield f"changed {view.version} times, but has {count} public events", view.analysis_id


def i6_version_order(evidence: Evidence) -> Findings:
    """The first occurrences of an analysis's events are in version order without a gap.

    The same version may be published again under another id for consumers that missed it.
    """
    latest = {view.analysis_id: view.version for view in evidence.views}
    for (topic, key), records in grouped(
        own_records(evidence), lambda each: (each.topic, each.key or "")
    ).items():
        if len({record.partition for record in records}) > 1:
            yield f"is in several partitions of {topic}", key
        versions = list(dict.fromkeys(each.version for each in records if each.version is not None))
        # Versions of the private topics have gaps: not every analysis is cancelled before it is erased.
        wanted = sorted(versions)
        if topic == ANALYSIS_EVENTS:
            wanted = list(range(1, latest.get(key, max(versions, default=0)) + 1))
            types = {(each.version, each.type) for each in records}
            if len(types) > len(versions):
                yield "has different events with the same version", key
        if topic == ANALYSIS_RESULTS:
            # A stalled broker may write late what a run sent before it was given up and repeated elsewhere.
            by_time = sorted(records, key=lambda each: each.sent_at)
            is_right = _are_runs(records) or _are_runs(by_time)
        else:
            is_right = versions == wanted and versions[0] == 1
        if not is_right:
            yield f"has the versions {versions} on {topic}, not {wanted}", key


def _are_runs(records: Sequence[Record]) -> bool:
    """Tell if records of the analyzer are those of an analysis that may have been repeated.

    A short analysis has no `started` event. If it is repeated and takes longer, both events follow.
    """
    versions = list(dict.fromkeys(each.version for each in records if each.version is not None))
    return versions in ([1], [2], [1, 2]) or (versions == [2, 1] and records[-1].version == 2)


def i7_effect_before_offset(evidence: Evidence) -> Findings:
    """An offset is committed only once the effects of all records below it are durable."""
    effects = _Effects(evidence)
    poison = {(row.topic, row.ce_id) for row in evidence.injected if row.kind.startswith("poison")}
    for group, topic in ((group, topic) for topic, groups in CONSUMERS.items() for group in groups):
        committed = evidence.offsets.get(group, {}).get(topic, {})
        for partition, offset in committed.items():
            end = evidence.ends.get(topic, {}).get(partition, (0, 0))[1]
            if offset > end:
                yield f"{group} committed {offset} of {end}", f"{topic}/{partition}"
        for record in evidence.records:
            is_below = record.topic == topic and record.offset < committed.get(record.partition, 0)
            if not is_below or effects.is_dead_letter(group, record):
                continue
            place = f"{record.key}, {topic}/{record.partition}/{record.offset}"
            if (topic, record.ce_id) in poison or record.type not in _KNOWN:
                yield f"{group} skipped a record that it cannot have understood", place
            elif not effects.exist(group, record):
                yield f"{group} committed {record.type}, but it has no effect", place


class _Effects:
    """The durable effects at the end of the run."""

    def __init__(self, evidence: Evidence) -> None:
        self._views = {view.analysis_id: view.status for view in evidence.views}
        self._rows = {row.id: row for row in evidence.requests}
        # An erased analysis has no request any more, and a foreign one never had.
        self._without_row = committed_keys(evidence, ERASE) | foreign_keys(evidence)
        self._expired = committed_keys(evidence, EXPIRED)
        self._analysed = {each.key for each in own_records(evidence) if each.type in (SUCCEEDED, FAILED)}
        self._dead_letters = {(each.topic, each.dlq_origin) for each in evidence.records if each.dlq_origin}

    def is_dead_letter(self, group: str, record: Record) -> bool:
        """Return True if the record is among the group's dead letters."""
        origin = (record.topic, record.partition, record.offset)
        return (dead_letter_topic(record.topic, group), origin) in self._dead_letters

    def exist(self, group: str, record: Record) -> bool:
        """Return True if the group has done what a record of a known type requires."""
        if group == "analyzer":
            return record.type != REQUESTED or self._is_analysed(record)
        if group == "results-api":
            needed = {REQUESTED: 0, STARTED: 1, ERASE: 3}.get(record.type or "", 2)
            return rank(self._views.get(record.key or "")) >= needed
        return self._is_copied(record)

    def _is_analysed(self, record: Record) -> bool:
        """Return True if the request was analyzed, or its analysis had ended before."""
        is_ended = self._views.get(record.key or "") in ("cancelled", "erased")
        return is_ended or record.key in self._analysed or record.key in self._expired

    def _is_copied(self, record: Record) -> bool:
        row = self._rows.get(record.key or "")
        if row is None:
            return record.key in self._without_row
        if row.version == record.version:
            return row.detail_status == record.status
        return row.version > (record.version or 0)
