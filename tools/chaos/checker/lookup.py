"""Queries on the evidence that several invariants need."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Iterator
from dataclasses import dataclass
from typing import Final, TypeVar

from contracts.topics import ANALYSIS_EVENTS, CONSUMERS

from contracts import events
from tools.chaos.evidence.rows import Evidence, Operation, Record

# Pairs of what is wrong and which analysis or part is concerned.
Findings = Iterator[tuple[str, str]]

REQUESTED: Final = events.AnalysisRequested.type
CANCEL: Final = events.AnalysisCancelRequested.type
ERASE: Final = events.AnalysisEraseRequested.type
EXPIRED: Final = events.AnalysisExpired.type
STARTED: Final = events.AnalysisStarted.type
SUCCEEDED: Final = events.AnalysisSucceeded.type
FAILED: Final = events.AnalysisFailedToRun.type

# The order of statuses. All ends have the same rank, and only erasure follows them. The frontend sees failed
# and cancelled as `error`.
RANK: Final = {
    "pending": 0,
    "processing": 1,
    "completed": 2,
    "failed": 2,
    "cancelled": 2,
    "error": 2,
    "erased": 3,
}
# Operations that read the result of a completed analysis, and those that read its status, too.
READ_A_RESULT: Final = ("result", "report", "report-pdf")
SHOW_A_STATUS: Final = ("status", *READ_A_RESULT)
ENDS: Final = frozenset(status for status, rank in RANK.items() if rank >= 2)


def rank(status: str | None) -> int:
    """Return the rank of a status; -1 if it is unknown."""
    return RANK.get(status or "", -1)


Row = TypeVar("Row")
Key = TypeVar("Key", bound=Hashable)


def grouped(rows: Iterable[Row], key: Callable[[Row], Key]) -> defaultdict[Key, list[Row]]:
    """Group rows by a key and keep their order."""
    groups: defaultdict[Key, list[Row]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups


def accepted_submits(evidence: Evidence) -> list[Operation]:
    """Return the accepted POSTs, ordered by when they ended."""
    submits = [each for each in evidence.history if each.op == "submit" and each.outcome == "ok"]
    return sorted(submits, key=lambda each: each.ended)


def accepted_ids(evidence: Evidence) -> set[str]:
    """Return the ids of analyses that were confirmed to a client."""
    return {each.analysis_id for each in accepted_submits(evidence) if each.analysis_id}


def committed_keys(evidence: Evidence, event_type: str) -> set[str]:
    """Return the ids of analyses for which an event of this type was committed."""
    return {row.key for row in evidence.committed if row.type == event_type}


def all_ids(evidence: Evidence) -> set[str]:
    """Return the ids of all analyses, confirmed to a client or not."""
    rows = {row.id for row in evidence.requests}
    return accepted_ids(evidence) | rows | committed_keys(evidence, REQUESTED)


def resume_of(evidence: Evidence) -> dict[str, str]:
    """Return the resume of each analysis if it is known; the rows of erased analyses are gone."""
    answered = {each.analysis_id: each.resume_id for each in accepted_submits(evidence)}
    stored = {row.id: row.resume_id for row in evidence.requests}
    return {key: resume for key, resume in (answered | stored).items() if key and resume}


def deletions_begun(evidence: Evidence) -> dict[str, float]:
    """Return when a client first tried to delete each resume and each job."""
    begun: dict[str, float] = {}
    for each in evidence.history:
        deleted = {"delete": each.resume_id, "job-delete": each.job_id}.get(each.op)
        if deleted:
            begun[deleted] = min(each.begun, begun.get(deleted, each.begun))
    return begun


def may_have_happened(operation: Operation) -> bool:
    """Return False only for a 4xx, which guarantees that nothing was done."""
    return operation.outcome != "refused" or (operation.http or 500) >= 500


def shown_status(operation: Operation) -> str | None:
    """Return the status that a response shows; a result or report shows that its analysis is completed."""
    if operation.outcome != "ok" or operation.op not in SHOW_A_STATUS:
        return None
    if operation.op in READ_A_RESULT:
        return "completed" if operation.http == 200 else None
    return operation.status


def foreign_events(evidence: Evidence) -> set[tuple[str, str | None]]:
    """Return topic and id of the test's own events; copies of a service's records are not among them."""
    return {(row.topic, row.ce_id) for row in evidence.injected if not row.kind.startswith("duplicate")}


def foreign_keys(evidence: Evidence) -> set[str]:
    """Return the ids of analyses in such events; there may be no request for them."""
    foreign = foreign_events(evidence)
    return {each.key for each in evidence.records if each.key and (each.topic, each.ce_id) in foreign}


def own_records(evidence: Evidence) -> list[Record]:
    """Return what the services wrote to the three topics, with copies, in the order of each partition."""
    foreign = foreign_events(evidence)
    own = [each for each in evidence.records if each.topic in CONSUMERS]
    own = [each for each in own if (each.topic, each.ce_id) not in foreign]
    return sorted(own, key=lambda each: (each.topic, each.partition, each.offset))


@dataclass(frozen=True, slots=True, kw_only=True)
class PublicStatus:
    """A status of an analysis that was published on the public topic."""

    key: str
    version: int
    status: str


def public_statuses(evidence: Evidence) -> list[PublicStatus]:
    """Return the published statuses in order, without repeated records or repeated statuses."""
    public = [each for each in own_records(evidence) if each.topic == ANALYSIS_EVENTS]
    once = {each.ce_id: each for each in reversed(public)}
    first = [each for each in public if once[each.ce_id] is each]
    statuses = (
        PublicStatus(key=each.key or "", version=each.version or 0, status=each.status or "")
        for each in first
    )
    return list(dict.fromkeys(statuses))
