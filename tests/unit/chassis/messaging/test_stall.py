import pytest
from chassis.messaging.consuming.stall import STALLED_SECONDS, PartitionOffsets, StallDetector

LATER = STALLED_SECONDS + 1


def judge(*looks: tuple[int, int, int | None], in_flight: int = 0) -> str | None:
    """One partition, looked at once a minute: where it ends, what the consumer did, what the broker has."""
    detector = StallDetector[str]()
    for n, (end, done, committed) in enumerate(looks):
        offsets = PartitionOffsets(end=end, done=done, committed=committed)
        detector.update({"p": offsets}, in_flight=in_flight, now=n * LATER)
    return detector.problem


@pytest.mark.parametrize(
    "looks",
    [
        ((5, 5, 5), (5, 5, 5)),  # nothing to do
        ((5, 5, None), (5, 5, None)),  # nor ever was
        ((9, 5, 5), (9, 7, 7)),  # it gets on
        ((9, 5, 5), (30, 6, 6), (90, 7, 7)),  # and falls behind: that is lag, and an alert of its own
        ((5, 5, 3), (5, 5, 5)),  # the commit came
        ((5, 5, 5), (6, 5, 5)),  # a record came just now
    ],
)
def test_a_consumer_that_gets_on(looks: tuple[tuple[int, int, int | None], ...]) -> None:
    assert judge(*looks) is None


def test_commits_that_do_not_reach_the_broker() -> None:
    assert judge((9, 7, 5), (9, 7, 5)) == "Commits have not reached the broker for 31 s."
    # However busy it is.
    assert judge((9, 7, 5), (9, 7, 5), in_flight=3) is not None


def test_records_that_nobody_takes_on() -> None:
    assert judge((9, 5, 5), (12, 5, 5)) == "Records wait, and none was taken on for 31 s."
    # A long job holds back its partition: it has a deadline of its own.
    assert judge((9, 5, 5), (12, 5, 5), in_flight=1) is None


def test_a_partition_that_comes_anew_is_given_time() -> None:
    detector = StallDetector[str]()
    stalled = PartitionOffsets(end=9, done=5, committed=5)
    detector.update({"p": stalled}, in_flight=0, now=0)
    detector.update({}, in_flight=0, now=LATER)
    detector.update({"p": stalled}, in_flight=0, now=2 * LATER)
    assert detector.problem is None
    detector.update({"p": stalled}, in_flight=0, now=3 * LATER)
    assert detector.problem is not None
    detector.reset()
    assert detector.problem is None
