import pytest
from chassis.messaging.consuming.stall import STALLED_SECONDS, PartitionOffsets, StallDetector

LATER = STALLED_SECONDS + 1


def judge(*looks: tuple[int, int, int | None], in_flight: int = 0) -> str | None:
    """Judge refreshes of one partition, each with its `end`, `done` and `committed` offsets."""
    detector = StallDetector[str]()
    for n, (end, done, committed) in enumerate(looks):
        offsets = PartitionOffsets(end=end, done=done, committed=committed)
        detector.update({"p": offsets}, in_flight=in_flight, now=n * LATER)
    return detector.problem


@pytest.mark.parametrize(
    "looks",
    [
        ((5, 5, 5), (5, 5, 5)),  # no records
        ((5, 5, None), (5, 5, None)),  # no records and no commit yet
        ((9, 5, 5), (9, 7, 7)),  # progress
        ((9, 5, 5), (30, 6, 6), (90, 7, 7)),  # progress with growing lag, which another alert covers
        ((5, 5, 3), (5, 5, 5)),  # the commit arrived
        ((5, 5, 5), (6, 5, 5)),  # a new record arrived
    ],
)
def test_consumer_that_makes_progress_is_not_stalled(looks: tuple[tuple[int, int, int | None], ...]) -> None:
    assert judge(*looks) is None


def test_commits_that_do_not_reach_the_broker_are_a_stall() -> None:
    assert judge((9, 7, 5), (9, 7, 5)) == "Commits have not reached the broker for 31 s."
    # Also while records are in flight.
    assert judge((9, 7, 5), (9, 7, 5), in_flight=3) is not None


def test_waiting_records_with_none_in_flight_are_a_stall() -> None:
    assert judge((9, 5, 5), (12, 5, 5)) == "Records wait, and none was taken on for 31 s."
    # A long job holds back its partition, and has its own deadline.
    assert judge((9, 5, 5), (12, 5, 5), in_flight=1) is None


def test_newly_assigned_partition_gets_time() -> None:
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
