"""I13 detects missing promised rows, open transactions, and ready services that make no progress."""

from collections.abc import Iterable

import pytest

from tests.unit.chaos.breaking import Break, both, changed, seen, with_rows, without
from tests.unit.chaos.world import (
    CANCELLED,
    COMPLETED,
    DELETED_JOB,
    ERASED,
    FAILED,
    JOB,
    operation,
    samples,
    status,
    world,
)
from tools.chaos.checker.check import check
from tools.chaos.evidence.rows import Evidence, IdleSession, Pause, Progress


def i13(evidence: Evidence) -> list[str]:
    return [str(each) for each in check(evidence) if each.invariant == "I13"]


def missed(op: str, subject: str, *, at_end: bool, found: str | None = None) -> Break:
    """Make one check find something else."""
    return changed(
        "readings", lambda row: (row.op, row.subject, row.at_end) == (op, subject, at_end), found=found
    )


def idle(seconds: float, at: float = 100.0) -> Break:
    session = IdleSession(at=at, pid=7, application="results-api", seconds=seconds)
    return lambda evidence: with_rows(evidence, "sessions", [*evidence.sessions, session])


def paused(target: str, since: float, until: float) -> Break:
    pause = Pause(target=target, since=since, until=until)
    return lambda evidence: with_rows(evidence, "pauses", [*evidence.pauses, pause])


def sampled(rows: Iterable[Progress]) -> Break:
    return lambda evidence: with_rows(evidence, "progress", rows)


def stuck(*, of: str, until: float, **changes: object) -> list[Progress]:
    """Return samples in which one number is constant until a time."""
    still, moving = samples(**{of: getattr(samples()[0], of), **changes}), samples()
    return [*(each for each in still if each.at <= until), *(each for each in moving if each.at > until)]


SEEN = [
    ("a 202 without a row, soon after", missed("submit", COMPLETED, at_end=False)),
    ("a 202 without a row, at the end", missed("submit", COMPLETED, at_end=True)),
    ("gone before its resume was deleted", missed("submit", ERASED, at_end=False)),
    ("a candidate that is not there", missed("candidate", "candidate-1", at_end=False)),
    ("a resume that is not there", missed("upload", "resume-1", at_end=True)),
    ("a job that is not there", missed("job", JOB, at_end=False)),
    ("a job without the version that was answered", missed("job", JOB, at_end=True, found="1")),
    ("a deleted job that is there", missed("job-delete", DELETED_JOB, at_end=True, found="1")),
    (
        "a job that is gone, though nobody deleted it",
        both(without("history", lambda row: row.op == "job-delete"), missed("job", DELETED_JOB, at_end=True)),
    ),
    ("a cancellation that is not there", missed("cancel", CANCELLED, at_end=False, found="processing")),
    ("a deleted resume that is there", missed("delete", f"resume of {ERASED}", at_end=True, found="present")),
    ("a status that other sessions do not see", missed("status", FAILED, at_end=False, found="processing")),
    ("a status that other sessions never saw", missed("status", FAILED, at_end=True)),
    ("not checked soon after", without("readings", lambda row: row.op == "upload" and not row.at_end)),
    ("not checked at the end", without("readings", lambda row: row.op == "submit" and row.at_end)),
    (
        "a promise that was never checked",
        seen(operation("candidate", None, begun=3, candidate_id="candidate-2")),
    ),
    (
        "checked so late that a repeat may have restored it",
        changed("readings", lambda row: row.op == "submit" and not row.at_end, begun=40.0, ended=40.1),
    ),
    ("idle in transaction", idle(11.5)),
    ("idle in transaction, Kafka paused", both(idle(11.5), paused("kafka", 90, 99))),
    ("idle in transaction, PostgreSQL paused before", both(idle(11.5), paused("postgres", 80, 88))),
    ("ready, and commits nothing", sampled(stuck(of="committed", until=40))),
    ("commits what has no effect", sampled(stuck(of="effects", until=40))),
]


@pytest.mark.parametrize("apply", [apply for _, apply in SEEN], ids=[what for what, _ in SEEN])
def test_violation_is_detected(apply: Break) -> None:
    assert i13(apply(world()))


ALLOWED = [
    ("cancelled, and its resume was deleted", missed("submit", ERASED, at_end=True)),
    ("a status that has moved on", missed("status", COMPLETED, at_end=False, found="completed")),
    ("pending, which request-api may have said", seen(status(FAILED, "pending", begun=4))),
    (
        "read late, as PostgreSQL was paused",
        both(
            changed("readings", lambda row: row.op == "submit" and not row.at_end, begun=40.0, ended=40.1),
            paused("postgres", 5, 38),
        ),
    ),
    ("idle in transaction until PostgreSQL ends it", idle(10.5)),
    ("idle while PostgreSQL was paused", both(idle(25.0), paused("postgres", 80, 98))),
    ("commits nothing, and is not ready", sampled(stuck(of="committed", until=40, ready=False))),
    ("commits nothing for a moment", sampled(stuck(of="committed", until=28))),
    ("commits nothing, and there are no records", sampled(samples(committed=5, end=5))),
    ("its jobs take long", sampled(stuck(of="committed", until=40, patience=60.0))),
    ("a few records without effect", sampled(samples(effects="same", end=7))),
    (
        "a server was unavailable in between",
        sampled(each for each in stuck(of="committed", until=40) if not 13 < each.at < 29),
    ),
]


@pytest.mark.parametrize("apply", [apply for _, apply in ALLOWED], ids=[what for what, _ in ALLOWED])
def test_harmless_irregularity_is_accepted(apply: Break) -> None:
    assert i13(apply(world())) == []


def test_violation_names_promise_and_finding() -> None:
    (line,) = i13(missed("submit", COMPLETED, at_end=False)(world()))
    assert line == (
        f"I13: submit was answered with a 2xx; another session found nothing 0.5 s later [{COMPLETED}]"
    )
