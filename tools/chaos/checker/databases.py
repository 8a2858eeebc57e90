"""I1, I2, I3 and I9: the final contents of the databases, compared with what was accepted."""

from collections import Counter, defaultdict
from typing import Final

from tools.chaos.checker.lookup import (
    CANCEL,
    ENDS,
    ERASE,
    EXPIRED,
    FAILED,
    REQUESTED,
    SUCCEEDED,
    Findings,
    accepted_ids,
    accepted_submits,
    all_ids,
    committed_keys,
    foreign_keys,
    grouped,
    may_have_happened,
    public_statuses,
    resume_of,
)
from tools.chaos.evidence.rows import Evidence, Operation, Request, View

# `review_requests.status` has no values for these two.
_STORED: Final = {"cancelled": "failed", "erased": "failed"}
# The events that end an analysis, by its final status.
_CAUSES: Final = {
    "completed": (SUCCEEDED,),
    "failed": (FAILED, EXPIRED),
    "cancelled": (CANCEL,),
    "erased": (ERASE,),
}


def i1_one_row_one_end(evidence: Evidence) -> Findings:
    """Every accepted POST has exactly one row and reaches exactly one terminal state within its deadline."""
    rows = grouped(evidence.requests, lambda row: row.id)
    views = grouped(evidence.views, lambda view: view.analysis_id)
    erased = committed_keys(evidence, ERASE)
    for key in sorted(all_ids(evidence)):
        if len(rows[key]) != (key not in erased):
            yield f"{len(rows[key])} rows of review_requests, erased: {key in erased}", key
        if len(views[key]) != 1:
            yield f"{len(views[key])} rows of analysis_views", key
        yield from (found for view in views[key] for found in _ends(view, is_erased=key in erased))
        yield from (found for row in rows[key] for view in views[key] for found in _agree(row, view))
    for key, published in grouped(public_statuses(evidence), lambda each: each.key).items():
        ends = {each.status for each in published} & (ENDS - {"erased"})
        if len(ends) > 1:
            yield f"was published as {' and '.join(sorted(ends))}", key
    yield from _shared_responses(evidence)
    yield from _late(evidence)
    yield from _wrongly_erased(evidence)


def _ends(view: View, *, is_erased: bool) -> Findings:
    if view.status not in ENDS:
        yield f"did not end: its view says {view.status}", view.analysis_id
    if (view.status == "erased") != is_erased:
        yield f"its view says {view.status}, its erasure was committed: {is_erased}", view.analysis_id


def _agree(row: Request, view: View) -> Findings:
    if row.status != _STORED.get(row.detail_status, row.detail_status):
        yield f"review_requests says {row.status}, analysis_details {row.detail_status}", row.id
    copied = (row.detail_status, row.version, row.failure_code)
    original = (view.status, view.version, view.failure_code)
    if copied != original:
        yield f"its request says {copied}, its view {original}", row.id


def _shared_responses(evidence: Evidence) -> Findings:
    """Find analyses that are the response to several POSTs without a common key."""
    for key, submits in grouped(accepted_submits(evidence), lambda each: each.analysis_id or "").items():
        unkeyed = sum(each.key is None for each in submits)
        if unkeyed + len({each.key for each in submits if each.key is not None}) > 1:
            yield "is the response to several POSTs that have no common key", key


def _late(evidence: Evidence) -> Findings:
    accepted = {each.analysis_id: each.ended for each in reversed(accepted_submits(evidence))}
    for each in evidence.history:
        if each.op == "status" and each.status is not None and each.status not in ENDS:
            since = max(accepted.get(each.analysis_id, each.begun), evidence.meta.faults_ended)
            if each.begun > since + evidence.meta.deadline:
                yield f"still {each.status} after {each.begun - since:.0f} s", each.analysis_id or ""


def _wrongly_erased(evidence: Evidence) -> Findings:
    """Find deleted resumes that were not erased, and erased ones that no client tried to delete."""
    deletes = [each for each in evidence.history if each.op == "delete"]
    confirmed = {each.resume_id for each in deletes if each.outcome == "ok"}
    possible = {each.resume_id for each in deletes if may_have_happened(each)}
    erased = committed_keys(evidence, ERASE)
    for key, resume_id in resume_of(evidence).items():
        if resume_id in confirmed and key not in erased:
            yield "its resume was deleted, but it was not erased", key
        if key in erased and resume_id not in possible:
            yield "was erased, although no client deleted its resume", key


def i2_once_a_key(evidence: Evidence) -> Findings:
    """A POST without a response is committed at most once, and a key leads to one analysis."""
    accepted = accepted_submits(evidence)
    ids_of_key: defaultdict[str, set[str]] = defaultdict(set)
    for each in accepted:
        if each.key is not None and each.analysis_id is not None:
            ids_of_key[each.key].add(each.analysis_id)
    for row in evidence.requests:
        if row.idempotency_key is not None:
            ids_of_key[row.idempotency_key].add(row.id)
    for key, ids in ids_of_key.items():
        if len(ids) > 1:
            yield f"the key led to {len(ids)} analyses", key
    key_of = {each.analysis_id: each.key for each in accepted}
    for row in evidence.requests:
        if row.id in key_of and row.idempotency_key != key_of[row.id]:
            yield f"was requested with key {key_of[row.id]}, but has {row.idempotency_key}", row.id
    yield from _unexplained_analyses(evidence)


def _unexplained_analyses(evidence: Evidence) -> Findings:
    """Find analyses that no client knows and that no POST without a response can explain."""
    accepted = accepted_submits(evidence)
    open_keys, open_posts = _without_response(evidence, answered={each.key for each in accepted})
    known = accepted_ids(evidence)
    rows = [row for row in evidence.requests if row.id not in known]
    for row in rows:
        if row.idempotency_key is not None and row.idempotency_key not in open_keys:
            yield f"every POST with its key {row.idempotency_key} got a response", row.id
    for resume_id, count in Counter(row.resume_id for row in rows if row.idempotency_key is None).items():
        if count > open_posts[resume_id]:
            yield f"{count} unknown analyses after {open_posts[resume_id]} unanswered POSTs", resume_id
    # The rows of erased analyses are gone, and with them key and resume, so only their number can be
    # compared.
    unknown = all_ids(evidence) - known
    if len(unknown) > len(open_keys) + open_posts.total():
        yield f"{len(unknown)} unknown analyses after fewer unanswered POSTs", "all"


def _without_response(
    evidence: Evidence, *, answered: set[str | None]
) -> tuple[set[str], Counter[str | None]]:
    """Return the keys of POSTs without a response, and the number of such POSTs without a key by resume."""
    unanswered: list[Operation] = [
        each
        for each in evidence.history
        if each.op == "submit" and each.outcome != "ok" and may_have_happened(each)
    ]
    keys = {each.key for each in unanswered if each.key is not None and each.key not in answered}
    return keys, Counter(each.resume_id for each in unanswered if each.key is None)


def i3_one_result(evidence: Evidence) -> Findings:
    """Each completed request has exactly one row in review_results, and no other request has one."""
    results = Counter(row.review_request_id for row in evidence.results)
    completed = {view.analysis_id for view in evidence.views if view.status == "completed"}
    completed |= {row.id for row in evidence.requests if "completed" in (row.status, row.detail_status)}
    for key in sorted(completed | results.keys()):
        if results[key] != (key in completed):
            yield f"{results[key]} results, completed: {key in completed}", key
    for row in evidence.results:
        if row.overall_score is None:
            yield "its result has no score", row.review_request_id


def i9_account(evidence: Evidence) -> Findings:
    """Every accepted analysis is exactly one of: result, failure, cancellation, erasure, dead letter."""
    outcomes: defaultdict[str, set[str]] = defaultdict(set)
    for result in evidence.results:
        outcomes[result.review_request_id].add("completed")
    for view in evidence.views:
        if view.status in ENDS - {"completed"}:
            outcomes[view.analysis_id].add(view.status)
        if (view.status == "failed") != (view.failure_code is not None):
            yield f"is {view.status} with the failure code {view.failure_code}", view.analysis_id
    for record in evidence.records:
        if record.dlq_origin is not None and record.type == REQUESTED and not outcomes[record.key or ""]:
            outcomes[record.key or ""].add("dead letter")
    accepted = all_ids(evidence)
    for key in sorted(accepted):
        if len(outcomes[key]) != 1:
            yield f"is counted as {' and '.join(sorted(outcomes[key])) or 'nothing'}", key
    held = {view.analysis_id for view in evidence.views} | {row.review_request_id for row in evidence.results}
    for key in sorted(held - accepted - foreign_keys(evidence)):
        yield "was never accepted", key
    yield from _without_cause(evidence)


def _without_cause(evidence: Evidence) -> Findings:
    records = {(record.key, record.type) for record in evidence.records}
    for view in evidence.views:
        causes = _CAUSES.get(view.status, ())
        if causes and not any((view.analysis_id, cause) in records for cause in causes):
            yield f"is {view.status}, but no event explains it", view.analysis_id
