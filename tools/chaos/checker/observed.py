"""I4 and I10: the statuses that clients and subscribers observed."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from tools.chaos.checker.lookup import (
    ENDS,
    READ_A_RESULT,
    Findings,
    accepted_submits,
    deletions_begun,
    grouped,
    public_statuses,
    rank,
    resume_of,
    shown_status,
)
from tools.chaos.evidence.rows import Evidence, Operation

_NEVER = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Observation:
    begun: float
    ended: float
    status: str


def i4_never_back(evidence: Evidence) -> Findings:
    """An observed status never goes backwards, and an end is final."""
    views = {view.analysis_id: view.status for view in evidence.views}
    for key, operations in grouped(evidence.history, lambda each: each.analysis_id or "").items():
        observations = _observations(operations)
        yield from ((what, key) for what in _backwards(observations))
        for end in {observation.status for observation in observations} & ENDS:
            final = ("failed", "cancelled", "erased") if end == "error" else (end, "erased")
            if key in views and views[key] not in final:
                yield f"a client saw {end}, but its view is {views[key]}", key
    for key, published in grouped(public_statuses(evidence), lambda each: each.key).items():
        for before, after in pairwise(published):
            if rank(before.status) >= rank(after.status):
                yield f"{after.status} was published after {before.status}", key
    yield from _not_found(evidence)


def _observations(operations: list[Operation]) -> list[_Observation]:
    """Return the observations of one analysis; a 304 repeats the status that came with its ETag."""
    by_tag = {each.etag: each.status for each in operations if each.etag and each.status}
    observations = []
    for each in operations:
        status = shown_status(each)
        if status is None and each.op == "status" and each.http == 304 and each.etag:
            status = by_tag.get(each.etag)
        if status is not None:
            observations.append(_Observation(begun=each.begun, ended=each.ended, status=status))
    return observations


def _backwards(observations: list[_Observation]) -> Iterator[str]:
    """Find observations of different ends, and later ones that show less than earlier, finished ones."""
    ends = {observation.status for observation in observations} & (ENDS - {"erased"})
    if len(ends) > 1:
        yield f"clients saw {' and '.join(sorted(ends))}"
    by_end = sorted(observations, key=lambda observation: observation.ended)
    furthest, passed = "pending", 0
    for observation in sorted(observations, key=lambda observation: observation.begun):
        while by_end[passed].ended < observation.begun:
            furthest = max(furthest, by_end[passed].status, key=rank)
            passed += 1
        if rank(observation.status) < rank(furthest):
            yield f"a client saw {observation.status} after {furthest}"


def _not_found(evidence: Evidence) -> Findings:
    """Find analyses that were accepted, then not found, although no client tried to delete their resume."""
    accepted = {each.analysis_id: each.ended for each in reversed(accepted_submits(evidence))}
    resumes, deletions = resume_of(evidence), deletions_begun(evidence)
    for each in evidence.history:
        key = each.analysis_id or ""
        deleted = deletions.get(resumes.get(key, ""), _NEVER)
        is_due = accepted.get(key, _NEVER) < each.begun and each.ended < deleted
        if each.op == "status" and each.http == 404 and is_due:
            yield "was accepted, but then not found", key


def i10_completed_has_result(evidence: Evidence) -> Findings:
    """The read model never shows completed without a result."""
    results = {row.review_request_id for row in evidence.results}
    for view in evidence.views:
        if view.status == "completed" and view.analysis_id not in results:
            yield "its view is completed, but there is no result", view.analysis_id
    completed: dict[str, float] = {}
    for each in evidence.history:
        if shown_status(each) == "completed" and each.analysis_id:
            completed[each.analysis_id] = min(each.ended, completed.get(each.analysis_id, each.ended))
            if each.op == "status" and not each.has_result:
                yield "a client saw it completed without a result", each.analysis_id
    resumes, deletions = resume_of(evidence), deletions_begun(evidence)
    for each in evidence.history:
        key = each.analysis_id or ""
        deleted = deletions.get(resumes.get(key, ""), _NEVER)
        is_due = completed.get(key, _NEVER) < each.begun and each.ended < deleted
        if each.op in READ_A_RESULT and each.http == 404 and is_due:
            yield "a client saw it completed, but then found no result", key
