"""Health of a subscriber as readiness reports it."""

import dataclasses

import pytest
from chassis.messaging.consuming import health
from chassis.messaging.consuming.health import RecentFailure, SubscriberHealth

WELL = SubscriberHealth(
    running=True,
    joined=True,
    fetching=True,
    committing=True,
    at_work=1,
    in_flight=2,
    oldest_seconds=1.0,
    stuck_after_seconds=900.0,
    commit_error=None,
    dead_letter_error=None,
)


def test_healthy_subscriber_has_no_problem() -> None:
    assert WELL.problem is None


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"running": False}, "not running"),
        ({"fetching": False}, "fetch loop"),
        ({"committing": False}, "committer"),
        ({"joined": False}, "no place in its group"),
        ({"commit_error": "TimeoutError"}, "Commits fail: TimeoutError"),
        ({"dead_letter_error": "OSError"}, "Dead letters fail: OSError"),
        ({"oldest_seconds": 901.0}, "open for 901 s"),
    ],
)
def test_each_problem_is_reported(change: dict[str, object], message: str) -> None:
    problem = dataclasses.replace(WELL, **change).problem  # type: ignore[arg-type] # of several types
    assert problem is not None
    assert message in problem


def test_only_ended_loops_count_as_broken() -> None:
    unavailable = dataclasses.replace(WELL, joined=False, commit_error="TimeoutError")
    assert unavailable.broken is None
    assert dataclasses.replace(WELL, running=False, fetching=False, committing=False).broken is None
    assert dataclasses.replace(WELL, fetching=False).broken == "The fetch loop has ended."
    assert dataclasses.replace(WELL, committing=False).broken == "The committer has ended."


def test_failure_is_reported_until_a_success_or_a_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    failure = RecentFailure()
    assert failure.reason is None
    failure.note(ValueError("private"))
    assert failure.reason == "ValueError"
    failure.clear()
    assert failure.reason is None
    monkeypatch.setattr(health, "REMEMBER_SECONDS", -1)
    failure.note(ValueError())
    assert failure.reason is None
