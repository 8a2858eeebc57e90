"""Evidence of a small run that keeps all invariants: one analysis per outcome, and one without a response."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Final

from contracts.topics import ANALYSIS_EVENTS, ANALYSIS_REQUESTS, ANALYSIS_RESULTS, CONSUMERS

from tools.chaos.checker.durability import Promise, promise_of
from tools.chaos.checker.model_calls import CALLS
from tools.chaos.evidence.rows import (
    Canary,
    CommittedEvent,
    Depth,
    Evidence,
    IdleSession,
    Kill,
    Meta,
    ModelCall,
    Operation,
    Progress,
    PromiseCheck,
    Record,
    Request,
    Result,
    View,
)

COMPLETED: Final = "completed-1"
FAILED: Final = "failed-1"
CANCELLED: Final = "cancelled-1"
ERASED: Final = "erased-1"
# Committed, although its client got no response.
UNANSWERED: Final = "unanswered-1"
# The canary of the text in the model calls, and the resume that has it.
RESUME: Final = "CANARY-resume"
RESUME_ID: Final = "resume of the model calls"
JOB: Final = "job-1"
DELETED_JOB: Final = "job-2"

_STEPS: Final = {
    COMPLETED: ("requested", "started", "succeeded"),
    FAILED: ("requested", "started", "failed"),
    CANCELLED: ("requested", "cancelled"),
    ERASED: ("requested", "started", "succeeded", "erased"),
    UNANSWERED: ("requested", "started", "succeeded"),
}
_PUBLIC: Final = {
    "requested": "pending",
    "started": "processing",
    "succeeded": "completed",
    "failed": "failed",
    "cancelled": "cancelled",
    "erased": "erased",
}
_VERSION: Final = {"requested": 1, "started": 1, "succeeded": 2, "failed": 2, "cancelled": 2, "erased": 3}
_OF_ANALYZER: Final = ("started", "succeeded", "failed")


def operation(op: str, analysis_id: str | None, *, begun: float, **fields: object) -> Operation:
    """Return a successful operation of one second."""
    usual: dict[str, object] = {
        "client": 1,
        "op": op,
        "begun": begun,
        "ended": begun + 1,
        "key": None,
        "analysis_id": analysis_id,
        "resume_id": f"resume of {analysis_id}",
        "candidate_id": None,
        "job_id": None,
        "outcome": "ok",
        "http": 202 if op == "submit" else 200,
        "status": None,
        "has_result": None,
        "version": None,
        "score": None,
        "etag": None,
        "content_type": "application/json",
        "digest": None,
    }
    return Operation(**{**usual, **fields})  # type: ignore[arg-type] # tests pass matching types


def status(key: str, word: str, *, begun: float, **fields: object) -> Operation:
    """Return an operation that read a status."""
    usual = {"status": word, "has_result": word == "completed", "etag": f"{key} {word}"}
    return operation("status", key, begun=begun, **{**usual, **fields})


def report(key: str, *, begun: float, **fields: object) -> Operation:
    """Return an operation that read a report page."""
    usual = {"score": 70, "content_type": "text/html", "etag": f"report of {key}", "digest": f"page of {key}"}
    return operation("report", key, begun=begun, **{**usual, **fields})


def record(topic: str, offset: int, key: str, word: str, version: int) -> Record:
    """Return a record of partition 0."""
    is_public = topic == ANALYSIS_EVENTS
    return Record(
        topic=topic,
        partition=0,
        offset=offset,
        sent_at=float(offset),
        key=key,
        ce_id=f"{key} {word} {topic}",
        type=f"com.resume-review.analysis.{word}.v1" if is_public else f"{_prefix(topic)}.{word}.v1",
        version=version,
        status=word if is_public else None,
        dlq_reason=None,
        dlq_origin=None,
        analysis_id=key,
        text_canary=topic == ANALYSIS_REQUESTS and word == "requested",
    )


def reading(promise: Promise, *, answered: float, at_end: bool, ended: Mapping[str, str]) -> PromiseCheck:
    """Return a check that finds what was promised."""
    op, subject, promised = promise
    absent = {"delete": None, "job-delete": None}
    found: str | None = {**absent, "cancel": "cancelled", "status": promised, "job": "1,2"}.get(op, "present")
    if at_end and (subject == DELETED_JOB or (ended.get(subject) == "erased" and op == "submit")):
        found = None
    elif at_end and op == "status":
        found = ended[subject]
    begun = 30.0 if at_end else answered + 0.5
    return PromiseCheck(
        op=op,
        subject=subject,
        promised_status=promised,
        answered=answered,
        begun=begun,
        ended=begun + 0.1,
        found=found,
        at_end=at_end,
    )


def model_calls(key: str, *, depth: Depth = "deep", resume: str = RESUME) -> list[ModelCall]:
    """Return the calls of an analysis, as if all analyses were of the same text."""
    return [
        ModelCall(
            at=4,
            question=question,
            seed=seed,
            resume=resume,
            analysis=f"CANARY-{key}" if question == "writing" else None,
            answered=True,
            status=200,
        )
        for question, times in CALLS[depth].items()
        for seed in range(1, times + 1)
    ]


def samples(**changes: object) -> list[Progress]:
    """Return samples of three minutes in which results-api's group makes steady progress."""
    usual: dict[str, object] = {"group": "results-api", "ready": True, "patience": 30.0}
    return [
        Progress(
            **{  # type: ignore[arg-type] # tests pass matching types
                **usual,
                "at": float(at),
                "committed": at,
                "end": at,
                "effects": str(at),
                **changes,
            }
        )
        for at in range(0, 180, 2)
    ]


def _prefix(topic: str) -> str:
    return "com.resume-review." + topic.split(".")[1]


def world() -> Evidence:
    """Return the evidence of the whole run."""
    records: list[Record] = []
    ends = {ANALYSIS_REQUESTS: 0, ANALYSIS_RESULTS: 0, ANALYSIS_EVENTS: 0}

    def write(topic: str, key: str, word: str, version: int) -> None:
        records.append(record(topic, ends[topic], key, word, version))
        ends[topic] += 1

    for key, steps in _STEPS.items():
        for version, step in enumerate(steps, 1):
            topic = ANALYSIS_RESULTS if step in _OF_ANALYZER else ANALYSIS_REQUESTS
            write(topic, key, step, _VERSION[step])
            write(ANALYSIS_EVENTS, key, _PUBLIC[step], version)
    # The analyzer also processes the cancelled analysis, without any effect.
    write(ANALYSIS_RESULTS, CANCELLED, "started", 1)
    write(ANALYSIS_RESULTS, CANCELLED, "succeeded", 2)
    history = _history()
    promises: dict[Promise, float] = {}
    for each in sorted(history, key=lambda each: each.ended):
        if promise := promise_of(each):
            promises.setdefault(promise, each.ended)
    outboxes = {ANALYSIS_REQUESTS: "request_outbox", ANALYSIS_EVENTS: "results_outbox"}
    ended = {key: (_PUBLIC[steps[-1]], len(steps)) for key, steps in _STEPS.items()}
    failures = {FAILED: "no_text"}
    return Evidence(
        history=history,
        requests=tuple(
            Request(
                id=key,
                resume_id=f"resume of {key}",
                status="failed" if word == "cancelled" else word,
                detail_status=word,
                version=version,
                failure_code=failures.get(key),
                cancel_requested=key == CANCELLED,
                idempotency_key="k5" if key == UNANSWERED else f"key of {key}",
            )
            for key, (word, version) in ended.items()
            if key != ERASED
        ),
        views=tuple(
            View(analysis_id=key, status=word, version=version, failure_code=failures.get(key))
            for key, (word, version) in ended.items()
        ),
        results=tuple(
            Result(id=f"result of {key}", review_request_id=key, overall_score=70)
            for key in (COMPLETED, UNANSWERED)
        ),
        outbox=(),
        committed=tuple(
            CommittedEvent(
                outbox=outboxes[r.topic],
                ce_id=r.ce_id or "",
                key=r.key or "",
                type=r.type or "",
                topic=r.topic,
            )
            for r in records
            if r.topic in outboxes
        ),
        records=tuple(records),
        offsets={
            group: {topic: {0: ends[topic]} for topic, groups in CONSUMERS.items() if group in groups}
            for group in ("request-api", "analyzer", "results-api")
        },
        ends={topic: {0: (0, end)} for topic, end in ends.items()},
        kills=(Kill(at=4, service="analyzer", point=None),),
        model=tuple(call for key in (COMPLETED, CANCELLED, ERASED, UNANSWERED) for call in model_calls(key)),
        canaries=(
            *(
                Canary(analysis_id=key, resume_id=RESUME_ID, canary=f"CANARY-{key}", depth="deep")
                for key in _STEPS
            ),
            Canary(analysis_id=None, resume_id=RESUME_ID, canary=RESUME, depth=None),
        ),
        injected=(),
        readings=tuple(
            reading(
                promise,
                answered=answered,
                at_end=at_end,
                ended={key: word for key, (word, _) in ended.items()},
            )
            for promise, answered in promises.items()
            for at_end in (False, True)
        ),
        sessions=(IdleSession(at=8, pid=1, application="request-api", seconds=0.1),),
        progress=tuple(samples()),
        pauses=(),
        logs={"request-api.log": "started", "analyzer.log": "started", "results-api.log": "started"},
        meta=Meta(
            faults_ended=20,
            drained=25,
            drain_limit=30,
            deadline=30,
            health={"request-api": True, "analyzer": True, "results-api": True},
            model_retries=0,
            in_flight_at_kills=1,
        ),
    )


def _history() -> tuple[Operation, ...]:
    return (
        *(operation("submit", key, begun=1, key=f"key of {key}") for key in (COMPLETED, FAILED, CANCELLED)),
        operation("submit", ERASED, begun=1),
        operation(
            "submit",
            None,
            begun=1,
            key="k5",
            resume_id=f"resume of {UNANSWERED}",
            outcome="unknown",
            http=None,
        ),
        operation("submit", None, begun=2, key="k6", resume_id="r6", outcome="refused", http=503),
        status(COMPLETED, "pending", begun=3),
        status(COMPLETED, "processing", begun=5),
        status(COMPLETED, "processing", begun=7, status=None, http=304),
        status(COMPLETED, "completed", begun=9),
        operation("result", COMPLETED, begun=11, has_result=True, score=70),
        report(COMPLETED, begun=11),
        status(FAILED, "failed", begun=9),
        operation("cancel", CANCELLED, begun=3),
        status(CANCELLED, "cancelled", begun=9),
        status(ERASED, "completed", begun=9),
        operation("delete", None, begun=11, resume_id=f"resume of {ERASED}"),
        operation("status", ERASED, begun=13, outcome="refused", http=404),
        operation("candidate", None, begun=1, http=201, resume_id=None, candidate_id="candidate-1"),
        operation("upload", None, begun=1, http=201, resume_id="resume-1"),
        operation("job-create", None, begun=3, http=201, job_id=JOB, version=1),
        operation("job-edit", None, begun=5, job_id=JOB, version=2),
        operation("job-create", None, begun=3, http=201, job_id=DELETED_JOB, version=1),
        operation("job-delete", None, begun=7, http=204, job_id=DELETED_JOB, content_type=""),
    )


def copied(evidence: Evidence, original: Record, **changes: object) -> Evidence:
    """Append a changed copy of a record to its partition."""
    end = evidence.ends[original.topic][0][1]
    groups = CONSUMERS.get(original.topic, ())
    return replace(
        evidence,
        records=(*evidence.records, replace(original, offset=end, **changes)),  # type: ignore[arg-type] # as above
        ends={**evidence.ends, original.topic: {0: (0, end + 1)}},
        offsets={
            group: {**topics, **({original.topic: {0: end + 1}} if group in groups else {})}
            for group, topics in evidence.offsets.items()
        },
    )
