"""I4 and I10: what clients and subscribers were shown on the way."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from tools.chaos.checker.lookup import (
    ENDS,
    Found,
    accepted_submits,
    deletions_begun,
    grouped,
    rank,
    resume_of,
    shown_status,
    told,
)
from tools.chaos.evidence.rows import Evidence, Operation

_NEVER = float("inf")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Sight:
    begun: float
    ended: float
    status: str


def i4_never_back(evidence: Evidence) -> Found:
    """The status that a client or a subscriber observes never goes backwards; an end is final."""
    views = {view.analysis_id: view.status for view in evidence.views}
    for key, operations in grouped(evidence.history, lambda each: each.analysis_id or "").items():
        sights = _sights(operations)
        yield from ((what, key) for what in _backwards(sights))
        for end in {sight.status for sight in sights} & ENDS:
            final = ("failed", "cancelled", "erased") if end == "error" else (end, "erased")
            if key in views and views[key] not in final:
                yield f"a client saw {end}, and its view says {views[key]}", key
    for key, said in grouped(told(evidence), lambda each: each.key).items():
        for before, after in pairwise(said):
            if rank(before.status) >= rank(after.status):
                yield f"subscribers heard {after.status} after {before.status}", key
    yield from _vanished(evidence)


def _sights(operations: list[Operation]) -> list[_Sight]:
    """What was seen of one analysis; a 304 shows again what its ETag came with."""
    by_tag = {each.etag: each.status for each in operations if each.etag and each.status}
    sights = []
    for each in operations:
        status = shown_status(each)
        if status is None and each.op == "status" and each.http == 304 and each.etag:
            status = by_tag.get(each.etag)
        if status is not None:
            sights.append(_Sight(begun=each.begun, ended=each.ended, status=status))
    return sights


def _backwards(sights: list[_Sight]) -> Iterator[str]:
    """Of two that did not overlap, whoever made them, the later shows no less; all show one end."""
    ends = {sight.status for sight in sights} & (ENDS - {"erased"})
    if len(ends) > 1:
        yield f"clients saw {' and '.join(sorted(ends))}"
    by_end = sorted(sights, key=lambda sight: sight.ended)
    furthest, passed = "pending", 0
    for sight in sorted(sights, key=lambda sight: sight.begun):
        while by_end[passed].ended < sight.begun:
            furthest = max(furthest, by_end[passed].status, key=rank)
            passed += 1
        if rank(sight.status) < rank(furthest):
            yield f"a client saw {sight.status} after {furthest}"


def _vanished(evidence: Evidence) -> Found:
    """From its 202 on a status is never 404, unless somebody tried to delete its resume."""
    accepted = {each.analysis_id: each.ended for each in reversed(accepted_submits(evidence))}
    resumes, deletions = resume_of(evidence), deletions_begun(evidence)
    for each in evidence.history:
        key = each.analysis_id or ""
        deleted = deletions.get(resumes.get(key, ""), _NEVER)
        is_due = accepted.get(key, _NEVER) < each.begun and each.ended < deleted
        if each.op == "status" and each.http == 404 and is_due:
            yield "was accepted, and then not found", key


def i10_completed_has_result(evidence: Evidence) -> Found:
    """The combined view never shows completed without a result."""
    results = {row.review_request_id for row in evidence.results}
    for view in evidence.views:
        if view.status == "completed" and view.analysis_id not in results:
            yield "its view is completed, and there is no result", view.analysis_id
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
        if each.op == "result" and each.http == 404 and is_due:
            yield "a client saw it completed, and then found no result", key
