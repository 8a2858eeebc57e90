"""What was handled, in and out of a commit's metadata."""

import pytest
from chassis.kafka.handled import MAX_METADATA_BYTES, Handled, TooManyGaps
from hypothesis import given
from hypothesis import strategies as st

OFFSETS = st.frozensets(st.integers(0, 60))


@given(low=st.integers(0, 20), batches=st.lists(OFFSETS, max_size=5), gone=st.integers(0, 70))
def test_as_a_set_of_offsets_would_have_it(low: int, batches: list[frozenset[int]], gone: int) -> None:
    handled, model = Handled(low=low), set(range(low))
    for batch in batches:
        handled = handled.with_offsets(batch)
        model |= batch
        handled = Handled.parse(low=handled.low, metadata=handled.metadata())
    assert {offset for offset in range(100) if offset in handled} == model
    assert handled.low not in model
    later = handled.not_before(gone)
    assert {offset for offset in range(100) if offset in later} == model | set(range(gone))
    assert later.low not in model | set(range(gone))


def test_is_written_compactly() -> None:
    handled = Handled(low=3).with_offsets([3, 7, 5, 9, 8, 12])
    assert (handled.low, handled.metadata()) == (4, "5,7-9,12")


@pytest.mark.parametrize("metadata", ["", "somebody else's", "5-", "-5", "1,,2", "1 "])
def test_foreign_metadata_says_nothing(metadata: str) -> None:
    assert Handled.parse(low=2, metadata=metadata) == Handled(low=2)


def test_more_gaps_than_a_commit_can_say_are_refused() -> None:
    most = Handled(low=0).with_offsets(range(1, 1740, 2))
    assert len(most.metadata()) <= MAX_METADATA_BYTES
    with pytest.raises(TooManyGaps):
        most.with_offsets(range(1741, 3000, 2)).metadata()
