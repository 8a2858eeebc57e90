"""What several invariants need to find in the evidence."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeVar

from contracts.topics import ANALYSIS_EVENTS, CONSUMERS

from contracts import events
from tools.chaos.evidence.rows import Evidence, Operation, Record

# What is wrong, and whom it concerns.
Found = Iterator[tuple[str, str]]

REQUESTED: Final = events.AnalysisRequested.type
CANCEL: Final = events.AnalysisCancelRequested.type
ERASE: Final = events.AnalysisEraseRequested.type
EXPIRED: Final = events.AnalysisExpired.type
STARTED: Final = events.AnalysisStarted.type
SUCCEEDED: Final = events.AnalysisSucceeded.type
FAILED: Final = events.AnalysisFailedToRun.type

# How far along a status is: the ends are equally far, and erasure alone follows them. `error` is what the
# frontend of today is told of failed and cancelled.
RANK: Final = {
    "pending": 0,
    "processing": 1,
    "completed": 2,
    "failed": 2,
    "cancelled": 2,
    "error": 2,
    "erased": 3,
}
ENDS: Final = frozenset(status for status, rank in RANK.items() if rank >= 2)


def rank(status: str | None) -> int:
    """How far along a status is; -1 of one that is unknown."""
    return RANK.get(status or "", -1)


Row = TypeVar("Row")
Key = TypeVar("Key", bound=Hashable)


def grouped(rows: Iterable[Row], key: Callable[[Row], Key]) -> defaultdict[Key, list[Row]]:
    """Rows by a key, in their order."""
    groups: defaultdict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def accepted_submits(evidence: Evidence) -> list[Operation]:
    """The POSTs that were answered with an analysis, as they ended."""
    submits = [each for each in evidence.history if each.op == "submit" and each.outcome == "ok"]
    return sorted(submits, key=lambda each: each.ended)


def accepted_ids(evidence: Evidence) -> set[str]:
    """The analyses that clients were promised."""
    return {each.analysis_id for each in accepted_submits(evidence) if each.analysis_id}


def committed_keys(evidence: Evidence, event_type: str) -> set[str]:
    """The analyses of which such an event was committed."""
    return {row.key for row in evidence.committed if row.type == event_type}


def all_ids(evidence: Evidence) -> set[str]:
    """All analyses that came to be, whether or not a client was told."""
    rows = {row.id for row in evidence.requests}
    return accepted_ids(evidence) | rows | committed_keys(evidence, REQUESTED)


def resume_of(evidence: Evidence) -> dict[str, str]:
    """The resume of each analysis, where it is known: erased ones have no row that says it."""
    told = {each.analysis_id: each.resume_id for each in accepted_submits(evidence)}
    stored = {row.id: row.resume_id for row in evidence.requests}
    return {key: resume for key, resume in (told | stored).items() if key and resume}


def deletions_begun(evidence: Evidence) -> dict[str, float]:
    """When somebody first tried to delete a resume, by its id."""
    begun: dict[str, float] = {}
    for each in evidence.history:
        if each.op == "delete" and each.resume_id:
            begun[each.resume_id] = min(each.begun, begun.get(each.resume_id, each.begun))
    return begun


def may_have_happened(operation: Operation) -> bool:
    """A 4xx says that nothing was done; a 5xx, or silence, says nothing at all."""
    return operation.outcome != "refused" or (operation.http or 500) >= 500


def shown_status(operation: Operation) -> str | None:
    """The status that an answer shows; a result shows that its analysis is completed."""
    if operation.outcome != "ok" or operation.op not in ("status", "result"):
        return None
    if operation.op == "result":
        return "completed" if operation.http == 200 else None
    return operation.status


def foreign_events(evidence: Evidence) -> set[tuple[str, str | None]]:
    """Topic and id of what the test itself said; copies of what a service wrote are not among them."""
    return {(row.topic, row.ce_id) for row in evidence.injected if not row.kind.startswith("duplicate")}


def foreign_keys(evidence: Evidence) -> set[str]:
    """The analyses that the test spoke of itself; there may be no request for them."""
    foreign = foreign_events(evidence)
    return {each.key for each in evidence.records if each.key and (each.topic, each.ce_id) in foreign}


def own_records(evidence: Evidence) -> list[Record]:
    """What the services wrote to the three topics, copies included, in the order of each partition."""
    foreign = foreign_events(evidence)
    own = [each for each in evidence.records if each.topic in CONSUMERS]
    own = [each for each in own if (each.topic, each.ce_id) not in foreign]
    return sorted(own, key=lambda each: (each.topic, each.partition, each.offset))


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a subscriber of the public topic hears of an analysis."""

    key: str
    version: int
    status: str


def told(evidence: Evidence) -> list[Told]:
    """What the public topic says, in order, without repeats: neither of a record nor of what one says."""
    public = [each for each in own_records(evidence) if each.topic == ANALYSIS_EVENTS]
    once = {each.ce_id: each for each in reversed(public)}
    first = [each for each in public if once[each.ce_id] is each]
    said = (Told(key=each.key or "", version=each.version or 0, status=each.status or "") for each in first)
    return list(dict.fromkeys(said))
