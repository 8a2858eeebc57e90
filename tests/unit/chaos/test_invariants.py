"""Each invariant holds for a correct run and detects each way to break it."""

from dataclasses import replace

import pytest
from contracts.topics import ANALYSIS_EVENTS, ANALYSIS_REQUESTS, ANALYSIS_RESULTS

from tests.unit.chaos.breaking import (
    Break,
    again,
    both,
    changed,
    is_about,
    is_record,
    meta,
    of,
    seen,
    standard,
    swapped,
    twice,
    without,
)
from tests.unit.chaos.world import (
    CANCELLED,
    COMPLETED,
    ERASED,
    FAILED,
    UNANSWERED,
    model_calls,
    operation,
    report,
    status,
    world,
)
from tools.chaos.checker.check import Summary, check, summary
from tools.chaos.evidence.rows import Evidence, InjectedRecord, OutboxRow


def broken(evidence: Evidence) -> set[str]:
    return {violation.invariant for violation in check(evidence)}


PENDING_AGAIN = {"status": "pending", "version": 1, "failure_code": None}

BREAKS: list[tuple[str, str, Break]] = [
    ("I1", "its row is gone", without("requests", of(COMPLETED))),
    ("I1", "its view is gone", without("views", of(COMPLETED))),
    ("I1", "all of it is gone", both(without("requests", of(FAILED)), without("views", of(FAILED)))),
    ("I1", "two rows", twice("requests", of(COMPLETED))),
    ("I1", "it hangs", changed("views", of(FAILED), **PENDING_AGAIN)),
    (
        "I1",
        "the copy hangs",
        changed("requests", of(FAILED), status="processing", detail_status="processing"),
    ),
    ("I1", "the copy is older", changed("requests", of(COMPLETED), version=2)),
    ("I1", "the copy ended otherwise", changed("requests", of(COMPLETED), detail_status="failed")),
    ("I1", "the old column says otherwise", changed("requests", of(COMPLETED), status="processing")),
    ("I1", "the unheard one hangs", changed("views", of(UNANSWERED), **PENDING_AGAIN)),
    ("I1", "two ends", again(ANALYSIS_EVENTS, COMPLETED, "completed", ce_id="x", version=4, status="failed")),
    ("I1", "one answer to two POSTs", seen(operation("submit", COMPLETED, begun=3, key="another"))),
    ("I1", "one answer to two POSTs without key", seen(operation("submit", ERASED, begun=3))),
    ("I1", "still pending past the deadline", seen(status(FAILED, "pending", begun=51))),
    ("I1", "erased comes back", changed("views", of(ERASED), status="completed")),
    ("I1", "erased without a deletion", without("history", lambda each: each.op == "delete")),
    ("I1", "deleted in vain", seen(operation("delete", None, begun=9, resume_id=f"resume of {COMPLETED}"))),
    ("I2", "a key answered twice", seen(operation("submit", "another", begun=3, key=f"key of {COMPLETED}"))),
    ("I2", "a key stored twice", twice("requests", of(UNANSWERED), id="another")),
    ("I2", "its key was forgotten", changed("requests", of(COMPLETED), idempotency_key=None)),
    (
        "I2",
        "committed twice, the key with one",
        twice("requests", of(COMPLETED), id="x", idempotency_key=None),
    ),
    (
        "I2",
        "committed twice, no row left",
        both(
            twice("committed", is_record(ANALYSIS_REQUESTS, UNANSWERED, "requested"), key="x"),
            without("history", lambda each: each.key == "k6"),
        ),
    ),
    (
        "I2",
        "refused with 4xx and committed",
        changed("history", lambda e: e.key == "k5", outcome="refused", http=422),
    ),
    ("I2", "not requested", changed("requests", of(UNANSWERED), idempotency_key="nobody's")),
    ("I3", "no result", without("results", of(COMPLETED))),
    ("I3", "two results", twice("results", of(COMPLETED), id="another")),
    ("I3", "a result of a failure", twice("results", of(COMPLETED), id="x", review_request_id=FAILED)),
    ("I3", "the erased result comes back", twice("results", of(COMPLETED), id="x", review_request_id=ERASED)),
    ("I3", "no score", changed("results", of(COMPLETED), overall_score=None)),
    ("I4", "back to processing", seen(status(COMPLETED, "processing", begun=13))),
    ("I4", "back to pending, another client", seen(status(COMPLETED, "pending", begun=7.5, client=2))),
    ("I4", "pending after the result", seen(status(COMPLETED, "pending", begun=12.5))),
    ("I4", "back by 304", seen(status(COMPLETED, "processing", begun=13, status=None, http=304))),
    ("I4", "another end", seen(status(COMPLETED, "failed", begun=13))),
    ("I4", "an end that did not stay", changed("views", of(FAILED), status="cancelled", failure_code=None)),
    ("I4", "not found", seen(operation("status", COMPLETED, begun=3, outcome="refused", http=404))),
    (
        "I4",
        "published backwards",
        again(ANALYSIS_EVENTS, COMPLETED, "processing", ce_id="x", version=4),
    ),
    ("I4", "revived after its erasure", again(ANALYSIS_EVENTS, ERASED, "completed", ce_id="x", version=5)),
    ("I5", "a request never appeared", without("records", is_record(ANALYSIS_REQUESTS, FAILED, "requested"))),
    ("I5", "a public event never appeared", without("records", is_record(ANALYSIS_EVENTS, FAILED, "failed"))),
    (
        "I5",
        "appeared with another key",
        changed("records", is_record(ANALYSIS_EVENTS, FAILED, "failed"), key=COMPLETED),
    ),
    ("I5", "appeared uncommitted", again(ANALYSIS_EVENTS, COMPLETED, "completed", ce_id="x", key="nobody")),
    ("I5", "a request appeared uncommitted", again(ANALYSIS_REQUESTS, COMPLETED, "requested", ce_id="x")),
    (
        "I5",
        "a result without a request",
        again(ANALYSIS_RESULTS, COMPLETED, "succeeded", ce_id="x", key="nobody"),
    ),
    ("I5", "a record without an id", again(ANALYSIS_REQUESTS, COMPLETED, "requested", ce_id=None)),
    (
        "I5",
        "stored without its event",
        without("committed", is_record(ANALYSIS_REQUESTS, FAILED, "requested")),
    ),
    (
        "I5",
        "cancelled without its event",
        without("committed", is_record(ANALYSIS_REQUESTS, CANCELLED, "cancelled")),
    ),
    ("I5", "moved without its event", without("committed", is_record(ANALYSIS_EVENTS, FAILED, "processing"))),
    ("I6", "swapped", swapped(ANALYSIS_EVENTS, COMPLETED, "pending", "processing")),
    ("I6", "swapped, private", swapped(ANALYSIS_REQUESTS, ERASED, "requested", "erased")),
    ("I6", "swapped results", swapped(ANALYSIS_RESULTS, FAILED, "started", "failed")),
    ("I6", "a gap", without("records", is_record(ANALYSIS_EVENTS, COMPLETED, "processing"))),
    ("I6", "the last is missing", without("records", is_record(ANALYSIS_EVENTS, COMPLETED, "completed"))),
    (
        "I6",
        "one version, two things",
        changed("records", is_record(ANALYSIS_EVENTS, FAILED, "failed"), version=2),
    ),
    ("I6", "two partitions", changed("records", is_record(ANALYSIS_EVENTS, FAILED, "failed"), partition=1)),
    (
        "I7",
        "acknowledged, not analysed",
        without("records", lambda r: r.topic == ANALYSIS_RESULTS and r.key == FAILED),
    ),
    ("I7", "acknowledged, not recorded", changed("views", of(COMPLETED), status="processing", version=2)),
    ("I7", "a request not recorded", without("views", of(FAILED))),
    ("I7", "an erasure not recorded", changed("views", of(ERASED), status="completed", version=3)),
    ("I7", "a cancellation not recorded", changed("views", of(CANCELLED), status="processing")),
    ("I7", "not copied", changed("requests", of(COMPLETED), version=2, detail_status="processing")),
    (
        "I7",
        "poison passed over",
        both(
            again(ANALYSIS_REQUESTS, COMPLETED, "requested", ce_id="bad", type="unknown"),
            lambda e: replace(
                e, injected=(InjectedRecord(topic=ANALYSIS_REQUESTS, ce_id="bad", kind="poison type"),)
            ),
        ),
    ),
    (
        "I7",
        "committed past the end",
        lambda e: replace(e, offsets={**e.offsets, "analyzer": {ANALYSIS_REQUESTS: {0: 99}}}),
    ),
    ("I8", "every call twice", twice("model", lambda _: True)),
    (
        "I8",
        "one call again and again",
        lambda e: replace(meta(in_flight_at_kills=2)(e), model=(*e.model, *e.model[:1] * 3)),
    ),
    (
        "I8",
        "one call again and again, though the failures were others'",
        lambda e: replace(meta(model_retries=5)(e), model=(*e.model, *e.model[:1] * 3)),
    ),
    (
        "I8",
        "again, though nothing interrupted it",
        both(meta(in_flight_at_kills=0), twice("model", is_about(COMPLETED))),
    ),
    (
        "I8",
        "the labels of one again, though nothing interrupted it",
        lambda e: replace(meta(in_flight_at_kills=0)(e), model=(*e.model, *e.model[:1])),
    ),
    (
        "I8",
        "about bullets alone, though nothing interrupted it",
        both(meta(in_flight_at_kills=0), without("model", is_about(COMPLETED))),
    ),
    (
        "I8",
        "a cancelled one twice more",
        lambda e: replace(
            meta(in_flight_at_kills=0)(e), model=(*e.model, *model_calls(CANCELLED), *model_calls(CANCELLED))
        ),
    ),
    (
        "I8",
        "for an unknown analysis",
        twice("model", is_about(COMPLETED), analysis="CANARY-nobody"),
    ),
    ("I8", "for an unknown resume", changed("model", lambda _: True, resume="CANARY-nobody")),
    (
        "I8",
        "about the writing of another resume",
        both(standard(calls=1), changed("model", is_about(COMPLETED), resume="CANARY-another")),
    ),
    (
        "I8",
        "one label again, hidden by the missing one of another analysis",
        lambda e: replace(meta(in_flight_at_kills=0)(e), model=(*e.model[1:], replace(e.model[0], seed=2))),
    ),
    ("I8", "a standard one twice", both(meta(in_flight_at_kills=0), standard(calls=2))),
    (
        "I8",
        "a quick one",
        both(meta(in_flight_at_kills=0), changed("canaries", of(COMPLETED), depth="quick")),
    ),
    (
        "I9",
        "nothing came of it",
        both(without("results", of(UNANSWERED)), changed("views", of(UNANSWERED), status="processing")),
    ),
    ("I9", "failed and has a result", twice("results", of(COMPLETED), review_request_id=FAILED)),
    ("I9", "failed without a code", changed("views", of(FAILED), failure_code=None)),
    ("I9", "never accepted", twice("views", of(COMPLETED), analysis_id="nobody")),
    ("I9", "cancelled without an event", changed("views", of(COMPLETED), status="cancelled")),
    ("I10", "completed without a result", without("results", of(COMPLETED))),
    (
        "I10",
        "seen so",
        changed(
            "history", lambda e: e.status == "completed" and e.analysis_id == COMPLETED, has_result=False
        ),
    ),
    (
        "I10",
        "seen, then not found",
        seen(operation("result", COMPLETED, begun=13, outcome="refused", http=404)),
    ),
    ("I11", "in a log", lambda e: replace(e, logs={**e.logs, "analyzer.log": f"line: canary-{FAILED}"})),
    (
        "I11",
        "on the public topic",
        changed("records", is_record(ANALYSIS_EVENTS, FAILED, "failed"), text_canary=True),
    ),
    ("I11", "nothing to look for", lambda e: replace(e, canaries=())),
    ("I12", "never drained", meta(drained=None)),
    ("I12", "drained too late", meta(drained=51)),
    ("I12", "drained before the faults ended", meta(drained=19)),
    ("I12", "unwell", meta(health={"request-api": True, "analyzer": False, "results-api": True})),
    ("I12", "rows left", lambda e: replace(e, outbox=(OutboxRow(outbox="request_outbox", ce_id="x"),))),
    (
        "I12",
        "records left",
        lambda e: replace(e, offsets={**e.offsets, "analyzer": {ANALYSIS_REQUESTS: {0: 6}}}),
    ),
    ("I12", "a group never committed", lambda e: replace(e, offsets={**e.offsets, "request-api": {}})),
    ("I4", "a report after a failure", seen(report(FAILED, begun=13))),
    ("I10", "a report of nothing", seen(report(COMPLETED, begun=13, outcome="refused", http=404))),
    ("I14", "a report with another score", seen(report(COMPLETED, begun=13, score=71))),
    ("I14", "a report without a score", seen(report(COMPLETED, begun=13, score=None))),
    ("I14", "a result with another score", changed("history", lambda e: e.op == "result", score=71)),
    ("I14", "another report with the same ETag", seen(report(COMPLETED, begun=13, digest="other"))),
    ("I14", "an export that is no PDF", seen(operation("blind-pdf", None, begun=13))),
    (
        "I14",
        "an export refused, though others were answered",
        seen(operation("blind-docx", None, begun=13, outcome="refused", http=503)),
    ),
    (
        "I14",
        "an error, whatever else failed",
        seen(
            operation("submit", None, begun=13, outcome="refused", http=503),
            operation("list-csv", None, begun=13, outcome="refused", http=500),
        ),
    ),
    ("I14", "a list refused", seen(operation("list-csv", None, begun=13, outcome="refused", http=429))),
    (
        "I14",
        "a list that took long to say that it is unavailable",
        seen(operation("list-csv", None, begun=13, ended=21, outcome="refused", http=503)),
    ),
    ("evidence", "no logs", lambda e: replace(e, logs={})),
    ("evidence", "no health", meta(health={})),
    ("evidence", "no canary sent", changed("records", lambda r: r.text_canary, text_canary=False)),
    ("evidence", "records not read", without("records", of(FAILED))),
    ("evidence", "nothing accepted", without("history", lambda each: each.op == "submit")),
    ("evidence", "no other route called", without("history", lambda each: each.op == "job-create")),
    ("evidence", "unknown word", changed("views", of(FAILED), status="lost")),
]


def test_correct_run_has_no_violations() -> None:
    assert check(world()) == []
    assert summary(world()) == Summary(accepted=4, terminal=4, lost=0, duplicated=0)


@pytest.mark.parametrize(
    ("invariant", "apply"),
    [(name, apply) for name, _, apply in BREAKS],
    ids=[f"{name} {what}" for name, what, _ in BREAKS],
)
def test_violation_is_detected(invariant: str, apply: Break) -> None:
    assert invariant in broken(apply(world()))


def test_summary_counts_lost_and_duplicated_analyses() -> None:
    lost = without("views", of(FAILED))(world())
    assert summary(twice("results", of(COMPLETED), id="another")(lost)) == Summary(
        accepted=4, terminal=3, lost=1, duplicated=1
    )
