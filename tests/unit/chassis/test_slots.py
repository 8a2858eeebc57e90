"""Limits on what is open at once."""

from uuid import uuid4

import pytest
from chassis.problems import Problem, TooManyRequests, Unavailable
from chassis.slots import Slots

ONE, TWO = uuid4(), uuid4()


def _slots() -> Slots:
    return Slots(
        in_all=3,
        per_user=2,
        all_taken=lambda: Unavailable("Busy."),
        own_taken=lambda: TooManyRequests("Too many."),
    )


def test_a_user_is_refused_beyond_the_own_limit_and_others_are_not() -> None:
    slots = _slots()
    with slots.hold(ONE), slots.hold(ONE):
        with pytest.raises(TooManyRequests), slots.hold(ONE):
            pass
        with slots.hold(TWO):
            pass


def test_everybody_is_refused_beyond_the_limit_in_all() -> None:
    slots = _slots()
    with slots.hold(ONE), slots.hold(ONE), slots.hold(TWO), pytest.raises(Unavailable), slots.hold(TWO):
        pass


def test_a_slot_is_free_again_however_its_block_ends() -> None:
    slots = _slots()
    for _ in range(5):
        with pytest.raises(KeyError), slots.hold(ONE), slots.hold(ONE):
            raise KeyError
        with slots.hold(ONE), slots.hold(ONE), pytest.raises(Problem), slots.hold(ONE):
            pass
    with slots.hold(ONE), slots.hold(ONE), slots.hold(TWO):
        pass
