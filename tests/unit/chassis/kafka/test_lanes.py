"""The bookkeeping against a model of a partition, its group and the other members."""

from dataclasses import dataclass, field

import pytest
from chassis.kafka.lanes import Lane, Lanes
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

PARTITIONS = ("p0", "p1")
partitions = st.sampled_from(PARTITIONS)


def test_only_what_lies_below_every_open_offset_may_be_committed() -> None:
    lane = Lane(10)
    for offset in (10, 11, 12):
        assert lane.deliver(offset)
    lane.finish(11)
    lane.finish(12)
    assert lane.low_water == 10
    lane.finish(10)
    assert lane.low_water == 13


def test_gaps_in_the_offsets_hold_nothing_up() -> None:
    lane = Lane(3)
    lane.deliver(3)
    lane.deliver(90)
    lane.finish(3)
    assert lane.low_water == 90
    assert lane.span == 1
    lane.finish(90)
    assert lane.low_water == 91
    assert lane.span == 0


def test_what_is_open_or_finished_is_not_started_again() -> None:
    lane = Lane(0)
    lane.deliver(0)
    lane.deliver(1)
    lane.finish(1)
    assert not lane.deliver(0)
    assert not lane.deliver(1)
    assert lane.deliver(2)


def test_a_lane_is_kept_across_a_generation() -> None:
    lanes: Lanes[str] = Lanes()
    lane = lanes.deliver("p0", 5)
    assert lanes.reassign({"p0"}, {"p0": 5}) == []
    assert lanes.get("p0") is lane
    assert lanes.deliver("p0", 5) is None


def test_a_lost_partition_begins_anew() -> None:
    lanes: Lanes[str] = Lanes()
    lanes.deliver("p0", 5)
    assert lanes.reassign({"p1"}, {}) == [("p0", 5)]
    assert list(lanes) == []
    assert lanes.deliver("p0", 5) is not None


def test_what_others_did_meanwhile_is_given_up() -> None:
    lanes: Lanes[str] = Lanes()
    for offset in (5, 6, 7):
        lanes.deliver("p0", offset)
    assert lanes.reassign({"p0"}, {"p0": 7}) == [("p0", 5), ("p0", 6)]
    assert lanes.committable({"p0"}) == {}
    assert lanes.deliver("p0", 7) is None


def test_a_gap_before_the_first_record_is_not_taken_for_being_set_back() -> None:
    lanes: Lanes[str] = Lanes()
    lanes.deliver("p0", 9)
    assert lanes.reassign({"p0"}, {"p0": 5}) == []
    assert lanes.deliver("p0", 9) is None


def test_a_group_that_was_set_back_does_everything_again() -> None:
    lanes: Lanes[str] = Lanes()
    lane = lanes.deliver("p0", 5)
    assert lane is not None
    lane.finish(5)
    lanes.acknowledge(lanes.committable({"p0"}))
    assert lanes.deliver("p0", 6) is not None
    assert lanes.reassign({"p0"}, {"p0": 2}) == [("p0", 6)]
    assert lanes.deliver("p0", 2) is not None
    assert lanes.deliver("p0", 5) is not None


def test_nothing_is_committed_for_others() -> None:
    lanes: Lanes[str] = Lanes()
    for partition in PARTITIONS:
        lane = lanes.deliver(partition, 0)
        assert lane is not None
        lane.finish(0)
    assert lanes.committable({"p1"}) == {"p1": 1}


@dataclass
class Side:
    """One partition as everybody else sees it."""

    log: list[int] = field(default_factory=list)
    position: int = 0
    committed: int = 0
    """Zero also while nobody committed."""
    done: set[int] = field(default_factory=set)
    """By us or another member."""
    here: dict[int, Lane] = field(default_factory=dict)
    """Our jobs."""
    finished_here: set[int] = field(default_factory=set)
    low_water: int = 0
    given_up: list[tuple[Lane, int]] = field(default_factory=list)

    def begin_anew(self) -> None:
        self.given_up += [(lane, offset) for offset, lane in self.here.items()]
        self.here.clear()
        self.finished_here.clear()
        self.low_water = 0

    def advance(self, steps: int) -> None:
        """Another member does the next records, and commits them."""
        behind = [offset for offset in self.log if offset >= self.committed][:steps]
        if behind:
            self.done |= set(behind)
            self.committed = behind[-1] + 1


class Group(RuleBasedStateMachine):
    def __init__(self) -> None:
        super().__init__()
        self.lanes: Lanes[str] = Lanes()
        self.sides = {partition: Side() for partition in PARTITIONS}

    @rule(partition=partitions, gap=st.integers(0, 3), count=st.integers(1, 4))
    def write(self, partition: str, gap: int, count: int) -> None:
        log = self.sides[partition].log
        first = (log[-1] + 1 if log else 0) + gap
        log += range(first, first + count)

    @rule(partition=partitions, count=st.integers(1, 6))
    def fetch(self, partition: str, count: int) -> None:
        side = self.sides[partition]
        for offset in [offset for offset in side.log if offset >= side.position][:count]:
            side.position = offset + 1
            lane = self.lanes.deliver(partition, offset)
            known = offset in side.here or offset in side.finished_here
            assert (lane is None) == known
            if lane is not None:
                side.here[offset] = lane

    @precondition(lambda self: any(side.here for side in self.sides.values()))
    @rule(data=st.data())
    def finish(self, data: st.DataObject) -> None:
        jobs = [(side, offset) for side in self.sides.values() for offset in side.here]
        side, offset = data.draw(st.sampled_from(jobs))
        side.done.add(offset)
        side.finished_here.add(offset)
        side.here.pop(offset).finish(offset)

    @precondition(lambda self: any(side.given_up for side in self.sides.values()))
    @rule(data=st.data())
    def finish_what_was_given_up(self, data: st.DataObject) -> None:
        side = data.draw(st.sampled_from([side for side in self.sides.values() if side.given_up]))
        lane, offset = side.given_up.pop()
        lane.finish(offset)

    @rule(answered=st.booleans())
    def commit(self, answered: bool) -> None:
        commits = self.lanes.committable(set(PARTITIONS))
        for partition, offset in commits.items():
            side = self.sides[partition]
            assert all(one in side.done for one in side.log if one < offset)
            assert all(one >= offset for one in side.here)
            side.committed = offset
        if answered:
            self.lanes.acknowledge(commits)

    @rule(known=st.booleans(), reread=st.booleans())
    def keep_all(self, known: bool, reread: bool) -> None:
        marks = {partition: side.committed for partition, side in self.sides.items()} if known else {}
        assert self.lanes.reassign(set(PARTITIONS), marks) == []
        if reread:
            for side in self.sides.values():
                side.position = side.committed

    @rule(partition=partitions, steps=st.integers(0, 8))
    def lose_and_regain(self, partition: str, steps: int) -> None:
        side = self.sides[partition]
        others = set(PARTITIONS) - {partition}
        given_up = self.lanes.reassign(others, {one: self.sides[one].committed for one in others})
        assert set(given_up) == {(partition, offset) for offset in side.here}
        side.begin_anew()
        side.advance(steps)
        side.position = side.committed
        self.lanes.reassign(set(PARTITIONS), {one: each.committed for one, each in self.sides.items()})

    @rule(partition=partitions, steps=st.integers(1, 8))
    def miss_a_generation(self, partition: str, steps: int) -> None:
        side = self.sides[partition]
        side.advance(steps)
        side.position = side.committed
        given_up = self.lanes.reassign(
            set(PARTITIONS), {one: each.committed for one, each in self.sides.items()}
        )
        overtaken = {offset for offset in side.here if offset < side.committed}
        assert set(given_up) == {(partition, offset) for offset in overtaken}
        side.given_up += [(side.here.pop(offset), offset) for offset in overtaken]

    @rule(partition=partitions, back=st.integers(1, 8))
    def set_back(self, partition: str, back: int) -> None:
        side = self.sides[partition]
        lane = self.lanes.get(partition)
        if lane is None or lane.acknowledged == 0:
            return
        mark = max(0, lane.acknowledged - back)
        side.committed = side.position = mark
        given_up = self.lanes.reassign(
            set(PARTITIONS), {one: each.committed for one, each in self.sides.items()}
        )
        assert set(given_up) == {(partition, offset) for offset in side.here}
        side.begin_anew()

    @invariant()
    def low_water_is_sound(self) -> None:
        for partition, side in self.sides.items():
            lane = self.lanes.get(partition)
            if lane is None:
                continue
            assert lane.committed <= lane.low_water <= lane.next_offset
            assert lane.low_water >= side.low_water
            side.low_water = lane.low_water
            assert set(lane.open_offsets) == set(side.here)
            assert all(offset >= lane.low_water for offset in side.here)
            assert lane.span == lane.next_offset - lane.low_water


TestGroup = pytest.mark.filterwarnings("ignore")(Group.TestCase)
TestGroup.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
