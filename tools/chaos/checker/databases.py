"""I1, I2, I3 and I9: what the databases hold at the end, against what was accepted."""

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
    Found,
    accepted_ids,
    accepted_submits,
    all_ids,
    committed_keys,
    foreign_keys,
    grouped,
    may_have_happened,
    resume_of,
    told,
)
from tools.chaos.evidence.rows import Evidence, Operation, Request, View

# review_requests.status has no words for these two.
_STORED: Final = {"cancelled": "failed", "erased": "failed"}
# Which events bring an analysis to its end.
_CAUSES: Final = {
    "completed": (SUCCEEDED,),
    "failed": (FAILED, EXPIRED),
    "cancelled": (CANCEL,),
    "erased": (ERASE,),
}


def i1_one_row_one_end(evidence: Evidence) -> Found:
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
    for key, said in grouped(told(evidence), lambda each: each.key).items():
        ends = {each.status for each in said} & (ENDS - {"erased"})
        if len(ends) > 1:
            yield f"was told to be {' and '.join(sorted(ends))}", key
    yield from _shared_answers(evidence)
    yield from _late(evidence)
    yield from _wrongly_erased(evidence)


def _ends(view: View, *, is_erased: bool) -> Found:
    if view.status not in ENDS:
        yield f"did not end: its view says {view.status}", view.analysis_id
    if (view.status == "erased") != is_erased:
        yield f"its view says {view.status}, its erasure was committed: {is_erased}", view.analysis_id


def _agree(row: Request, view: View) -> Found:
    if row.status != _STORED.get(row.detail_status, row.detail_status):
        yield f"review_requests says {row.status}, analysis_details {row.detail_status}", row.id
    copied = (row.detail_status, row.version, row.failure_code)
    original = (view.status, view.version, view.failure_code)
    if copied != original:
        yield f"its request says {copied}, its view {original}", row.id


def _shared_answers(evidence: Evidence) -> Found:
    """Two POSTs may be answered with one analysis only where they name the same key."""
    for key, submits in grouped(accepted_submits(evidence), lambda each: each.analysis_id or "").items():
        unkeyed = sum(each.key is None for each in submits)
        if unkeyed + len({each.key for each in submits if each.key is not None}) > 1:
            yield "is the answer to several POSTs that are not the same", key


def _late(evidence: Evidence) -> Found:
    accepted = {each.analysis_id: each.ended for each in reversed(accepted_submits(evidence))}
    for each in evidence.history:
        if each.op == "status" and each.status is not None and each.status not in ENDS:
            since = max(accepted.get(each.analysis_id, each.begun), evidence.meta.faults_ended)
            if each.begun > since + evidence.meta.deadline:
                yield f"still {each.status} {each.begun - since:.0f} s on", each.analysis_id or ""


def _wrongly_erased(evidence: Evidence) -> Found:
    """What a client was told is deleted is erased, and nothing is that nobody tried to delete."""
    deletes = [each for each in evidence.history if each.op == "delete"]
    confirmed = {each.resume_id for each in deletes if each.outcome == "ok"}
    possible = {each.resume_id for each in deletes if may_have_happened(each)}
    erased = committed_keys(evidence, ERASE)
    for key, resume_id in resume_of(evidence).items():
        if resume_id in confirmed and key not in erased:
            yield "its resume was deleted, and it was not erased", key
        if key in erased and resume_id not in possible:
            yield "was erased, and nobody deleted its resume", key


def i2_once_a_key(evidence: Evidence) -> Found:
    """A POST without a reply is committed once or not at all; a key converges on one analysis."""
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
            yield f"the key stands for {len(ids)} analyses", key
    key_of = {each.analysis_id: each.key for each in accepted}
    for row in evidence.requests:
        if row.id in key_of and row.idempotency_key != key_of[row.id]:
            yield f"was asked for by key {key_of[row.id]}, and is stored with {row.idempotency_key}", row.id
    yield from _more_than_asked(evidence)


def _more_than_asked(evidence: Evidence) -> Found:
    """An analysis that no client was told of is owed to a POST without a reply, each to another."""
    accepted = accepted_submits(evidence)
    open_keys, open_posts = _without_reply(evidence, answered={each.key for each in accepted})
    told_of = accepted_ids(evidence)
    rows = [row for row in evidence.requests if row.id not in told_of]
    for row in rows:
        if row.idempotency_key is not None and row.idempotency_key not in open_keys:
            yield f"no POST with its key {row.idempotency_key} went without a reply", row.id
    for resume_id, count in Counter(row.resume_id for row in rows if row.idempotency_key is None).items():
        if count > open_posts[resume_id]:
            yield f"{count} analyses that no client knows, of {open_posts[resume_id]} POSTs", resume_id
    # Erased ones have no row any more that would name their key or resume: count them with the rest.
    unknown = all_ids(evidence) - told_of
    if len(unknown) > len(open_keys) + open_posts.total():
        yield f"{len(unknown)} analyses that no client knows, of fewer POSTs without a reply", "all"


def _without_reply(evidence: Evidence, *, answered: set[str | None]) -> tuple[set[str], Counter[str | None]]:
    """The keys that never got one, and how many POSTs without a key did not, by resume."""
    silent: list[Operation] = [
        each
        for each in evidence.history
        if each.op == "submit" and each.outcome != "ok" and may_have_happened(each)
    ]
    keys = {each.key for each in silent if each.key is not None and each.key not in answered}
    return keys, Counter(each.resume_id for each in silent if each.key is None)


def i3_one_result(evidence: Evidence) -> Found:
    """Exactly one review_results row per completed request, and none of any other."""
    results = Counter(row.review_request_id for row in evidence.results)
    completed = {view.analysis_id for view in evidence.views if view.status == "completed"}
    completed |= {row.id for row in evidence.requests if "completed" in (row.status, row.detail_status)}
    for key in sorted(completed | results.keys()):
        if results[key] != (key in completed):
            yield f"{results[key]} results, completed: {key in completed}", key
    for row in evidence.results:
        if row.overall_score is None:
            yield "its result has no score", row.review_request_id


def i9_account(evidence: Evidence) -> Found:
    """Results, failures, cancellations, erasures and dead letters together are all that was accepted."""
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
            yield f"is accounted for as {' and '.join(sorted(outcomes[key])) or 'nothing'}", key
    held = {view.analysis_id for view in evidence.views} | {row.review_request_id for row in evidence.results}
    for key in sorted(held - accepted - foreign_keys(evidence)):
        yield "was never accepted", key
    yield from _without_cause(evidence)


def _without_cause(evidence: Evidence) -> Found:
    heard = {(record.key, record.type) for record in evidence.records}
    for view in evidence.views:
        causes = _CAUSES.get(view.status, ())
        if causes and not any((view.analysis_id, cause) in heard for cause in causes):
            yield f"is {view.status} without a cause", view.analysis_id
