"""I13: a 2xx is durable, no transaction stays open, and no service is ready while it commits nothing."""

from collections.abc import Callable, Iterator, Sequence
from itertools import groupby
from typing import Final

from tools.chaos.checker.lookup import (
    SHOW_A_STATUS,
    Findings,
    deletions_begun,
    grouped,
    rank,
    resume_of,
    shown_status,
)
from tools.chaos.evidence.rows import Evidence, Operation, Progress, PromiseCheck

# A later check proves little: a repeated event, for instance, may have restored the row by then.
SOON_SECONDS: Final = 30.0
# PostgreSQL ends such a session after ten seconds and may need a moment to do it.
IDLE_SECONDS: Final = 11.0
# Samples are two seconds apart. A much longer gap means that Kafka or PostgreSQL did not answer.
_GAP_SECONDS: Final = 15.0
# Fewer records may all be duplicates, which change nothing.
_MANY_RECORDS: Final = 20
_NEVER: Final = float("inf")

# The operation, the id of the row, and the status or the version of a job if the response had one.
Promise = tuple[str, str, str | None]


_SHOW_A_JOB: Final = ("job-create", "job-read", "job-edit")
# The field with the id of the row; `analysis_id` for all other operations.
_SUBJECTS: Final = {
    "upload": "resume_id",
    "delete": "resume_id",
    "candidate": "candidate_id",
    "job-delete": "job_id",
    **dict.fromkeys(_SHOW_A_JOB, "job_id"),
}
_CHANGES: Final = ("submit", "cancel", "candidate", "upload", "delete", "job-delete")
# Promises about rows that a deletion removes.
_DELETABLE: Final = ("submit", "cancel", "upload", "job")


def promise_of(operation: Operation) -> Promise | None:
    """Return what a response promises, or None if there is nothing that another session could read.

    A status before `processing` may come from request-api while results-api has no row yet.
    """
    subject: str | None = getattr(operation, _SUBJECTS.get(operation.op, "analysis_id"))
    if operation.outcome != "ok" or subject is None:
        return None
    if operation.op in SHOW_A_STATUS:
        status = shown_status(operation)
        return ("status", subject, status) if rank(status) >= rank("processing") else None
    if operation.op in _SHOW_A_JOB:
        return "job", subject, str(operation.version)
    return (operation.op, subject, None) if operation.op in _CHANGES else None


def i13_durable(evidence: Evidence) -> Findings:
    """A 2xx is visible to others, no session idles in a transaction, and ready services make progress."""
    yield from _unkept_promises(evidence)
    yield from _idle_in_transaction(evidence)
    for samples in grouped(evidence.progress, lambda each: each.group).values():
        yield from _ready_without_progress(samples)


def _unkept_promises(evidence: Evidence) -> Findings:
    readings = {
        ((each.op, each.subject, each.promised_status), each.at_end): each
        for each in reversed(evidence.readings)
    }
    deleted, resumes = deletions_begun(evidence), resume_of(evidence)
    for promise, answered in _promises_made(evidence).items():
        op, subject, _ = promise
        gone = deleted.get(subject if op in ("upload", "job") else resumes.get(subject, ""), _NEVER)
        for at_end in (False, True):
            reading = readings.get((promise, at_end))
            if reading is None:
                yield f"{op} was answered, but never checked {_when(at_end=at_end)}", subject
                continue
            if not _is_kept(reading) and not (op in _DELETABLE and gone < reading.ended):
                seconds = reading.begun - reading.answered
                promised, found = reading.promised_status or "a 2xx", reading.found or "nothing"
                yield (
                    f"{op} was answered with {promised}; another session found {found} {seconds:.1f} s later",
                    subject,
                )
            late = reading.begun - answered - _paused(evidence, answered, reading.begun)
            if not at_end and late > SOON_SECONDS:
                yield f"{op} was not checked until {late:.0f} s after its response", subject


def _promises_made(evidence: Evidence) -> dict[Promise, float]:
    """Return the promises and when each was first made."""
    made: dict[Promise, float] = {}
    for each in sorted(evidence.history, key=lambda each: each.ended):
        if promise := promise_of(each):
            made.setdefault(promise, each.ended)
    return made


def _is_kept(reading: PromiseCheck) -> bool:
    if reading.op in ("delete", "job-delete"):
        return reading.found is None
    if reading.op == "job":
        return reading.promised_status in (reading.found or "").split(",")
    if reading.op == "cancel":
        return reading.found == "cancelled"
    if reading.op == "status":
        return rank(reading.found) >= rank(reading.promised_status)
    return reading.found is not None


def _when(*, at_end: bool) -> str:
    return "at the end" if at_end else "soon after"


def _idle_in_transaction(evidence: Evidence) -> Findings:
    """Find sessions that idled too long, not counting time in which PostgreSQL was paused."""
    longest: dict[tuple[int, str], float] = {}
    for each in evidence.sessions:
        seconds = each.seconds - _paused(evidence, each.at - each.seconds, each.at)
        session = each.pid, each.application
        longest[session] = max(seconds, longest.get(session, 0))
    for (pid, application), seconds in longest.items():
        if seconds > IDLE_SECONDS:
            yield f"a session was idle in transaction for {seconds:.0f} s", f"{application}, pid {pid}"


def _paused(evidence: Evidence, since: float, until: float) -> float:
    """Return for how many seconds of a period PostgreSQL was paused."""
    return sum(
        max(0.0, min(until, pause.until) - max(since, pause.since))
        for pause in evidence.pauses
        if pause.target == "postgres"
    )


def _ready_without_progress(samples: Sequence[Progress]) -> Findings:
    """Find groups that made no progress although they were ready and both servers answered."""
    for stretch in _stretches(samples):
        for same in _constant(stretch, lambda each: each.committed):
            seconds, first, last = same[-1].at - same[0].at, same[0], same[-1]
            if seconds > last.patience and last.end > first.end:
                yield f"was ready for {seconds:.0f} s with records to read, but committed none", first.group
        for same in _constant(stretch, lambda each: each.effects):
            seconds, first, last = same[-1].at - same[0].at, same[0], same[-1]
            moved, new = last.committed - first.committed, last.end - first.end
            if seconds > last.patience and min(moved, new) >= _MANY_RECORDS:
                yield (
                    f"committed {moved} records in {seconds:.0f} s without any visible effect",
                    first.group,
                )


def _stretches(samples: Sequence[Progress]) -> Iterator[list[Progress]]:
    """Yield runs of consecutive samples without a gap in which the service was always ready."""
    stretch: list[Progress] = []
    for each in samples:
        if stretch and (not each.ready or each.at - stretch[-1].at > _GAP_SECONDS):
            yield stretch
            stretch = []
        if each.ready:
            stretch.append(each)
    if stretch:
        yield stretch


def _constant(samples: list[Progress], value: Callable[[Progress], object]) -> Iterator[list[Progress]]:
    """Yield runs of consecutive samples with the same value."""
    for _, same in groupby(samples, key=value):
        yield list(same)
