"""Irregularities that keep the promises of the product are no violations."""

from dataclasses import replace

import pytest
from contracts.topics import ANALYSIS_EVENTS, ANALYSIS_REQUESTS, ANALYSIS_RESULTS, dead_letter_topic

from tests.unit.chaos.breaking import (
    Break,
    again,
    both,
    changed,
    is_record,
    meta,
    seen,
    standard,
    swapped,
    twice,
    without,
)
from tests.unit.chaos.world import (
    CANCELLED,
    COMPLETED,
    FAILED,
    model_calls,
    operation,
    record,
    report,
    status,
    world,
)
from tools.chaos.checker.check import check
from tools.chaos.evidence.rows import Evidence, InjectedRecord, Pause


def _ended_before_its_turn(evidence: Evidence) -> Evidence:
    """Remove the last two results: the analyzer dropped the cancelled job."""
    shorter = without("records", lambda row: row.topic == ANALYSIS_RESULTS and row.key == CANCELLED)(evidence)
    end = evidence.ends[ANALYSIS_RESULTS][0][1] - 2
    offsets = {**evidence.offsets["results-api"], ANALYSIS_RESULTS: {0: end}}
    return replace(
        shorter,
        ends={**evidence.ends, ANALYSIS_RESULTS: {0: (0, end)}},
        offsets={**evidence.offsets, "results-api": offsets},
    )


def _buried(evidence: Evidence) -> Evidence:
    """Add an unreadable record without an id, with dead letters of both its consumers."""
    poisoned = again(ANALYSIS_REQUESTS, COMPLETED, "requested", ce_id=None, type=None, key=None)(evidence)
    place = ANALYSIS_REQUESTS, 0, evidence.ends[ANALYSIS_REQUESTS][0][1]
    for group in ("analyzer", "results-api"):
        dlq = dead_letter_topic(ANALYSIS_REQUESTS, group)
        dead_letter = replace(record(dlq, 0, "", "", 1), ce_id=None, type=None, key=None, dlq_origin=place)
        poisoned = replace(
            poisoned,
            records=(*poisoned.records, dead_letter),
            ends={**poisoned.ends, dlq: {0: (0, 1)}},
        )
    return replace(
        poisoned, injected=(InjectedRecord(topic=ANALYSIS_REQUESTS, ce_id=None, kind="poison id"),)
    )


HARMLESS: list[tuple[str, Break]] = [
    (
        "a batch sent again",
        both(
            again(ANALYSIS_EVENTS, COMPLETED, "pending"),
            again(ANALYSIS_EVENTS, COMPLETED, "completed"),
        ),
    ),
    (
        "the end published again, under another id",
        both(
            again(ANALYSIS_EVENTS, COMPLETED, "completed", ce_id="again"),
            twice("committed", is_record(ANALYSIS_EVENTS, COMPLETED, "completed"), ce_id="again"),
        ),
    ),
    (
        "analysed again",
        both(
            again(ANALYSIS_RESULTS, COMPLETED, "started", ce_id="a"),
            again(ANALYSIS_RESULTS, COMPLETED, "succeeded", ce_id="b"),
        ),
    ),
    (
        "written late by a stalled broker",
        both(
            swapped(ANALYSIS_RESULTS, FAILED, "started", "failed"),
            changed("records", is_record(ANALYSIS_RESULTS, FAILED, "started"), sent_at=-1.0),
        ),
    ),
    ("sights that overlap", seen(status(COMPLETED, "processing", begun=9.5, client=2))),
    ("a POST repeated by its key", seen(operation("submit", COMPLETED, begun=3, key=f"key of {COMPLETED}"))),
    ("a standard analysis", both(meta(in_flight_at_kills=0), standard(calls=1))),
    (
        "an export refused while PostgreSQL is away",
        seen(
            operation("submit", None, begun=22, outcome="refused", http=503),
            operation("blind-pdf", None, begun=27, outcome="refused", http=503),
        ),
    ),
    (
        "an export cut off by the stop of its server",
        seen(
            operation("status", COMPLETED, begun=27, outcome="unknown", http=None),
            operation("blind-docx", None, begun=26, outcome="refused", http=503),
        ),
    ),
    (
        "a job refused after a pause",
        both(
            lambda e: replace(e, pauses=(Pause(target="request-api", since=30, until=36),)),
            seen(operation("job-create", None, begun=35, outcome="refused", http=503)),
        ),
    ),
    (
        "a job refused for want of processor time",
        seen(operation("job-create", None, begun=30, ended=36.1, outcome="refused", http=503)),
    ),
    ("no report before the end", seen(report(FAILED, begun=7, outcome="refused", http=404))),
    (
        "another report with another ETag",
        seen(report(COMPLETED, begun=13, etag="without text", digest="page without text")),
    ),
    ("a call repeated after a kill", lambda e: replace(e, model=(*e.model, *e.model[:1]))),
    (
        "a cancelled one again, whose answer was not read",
        lambda e: replace(meta(in_flight_at_kills=0)(e), model=(*e.model, *model_calls(CANCELLED))),
    ),
    (
        "a scripted failure and its retry",
        lambda e: replace(
            meta(model_retries=1)(e),
            model=(*e.model, replace(e.model[0], at=3, status=503)),
        ),
    ),
    ("503 where it was committed", changed("history", lambda e: e.key == "k5", outcome="refused", http=503)),
    (
        "a copy by the test",
        both(
            again(ANALYSIS_REQUESTS, COMPLETED, "requested"),
            lambda e: replace(
                e,
                injected=(
                    InjectedRecord(
                        topic=ANALYSIS_REQUESTS,
                        ce_id=f"{COMPLETED} requested {ANALYSIS_REQUESTS}",
                        kind="duplicate",
                    ),
                ),
            ),
        ),
    ),
    ("the cancelled one not analysed", _ended_before_its_turn),
    ("poison buried", _buried),
]


@pytest.mark.parametrize("apply", [apply for _, apply in HARMLESS], ids=[what for what, _ in HARMLESS])
def test_harmless_irregularity_is_accepted(apply: Break) -> None:
    assert check(apply(world())) == []
