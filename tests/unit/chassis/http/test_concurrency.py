"""Limits on concurrent requests."""

import asyncio
from uuid import UUID, uuid4

import pytest
from chassis.errors import Problem, TooManyRequests, Unavailable
from chassis.http.concurrency import ConcurrencyLimit

ONE, TWO = uuid4(), uuid4()


def _slots(*, wait_seconds: float = 5) -> ConcurrencyLimit:
    return ConcurrencyLimit(
        in_all=3,
        per_user=2,
        all_taken=lambda: Unavailable("Busy."),
        own_taken=lambda: TooManyRequests("Too many."),
        wait_seconds=wait_seconds,
        waiting_per_user=2,
    )


def test_user_beyond_the_own_limit_is_refused_and_others_are_not() -> None:
    slots = _slots()
    with slots.hold(ONE), slots.hold(ONE):
        with pytest.raises(TooManyRequests), slots.hold(ONE):
            pass
        with slots.hold(TWO):
            pass


def test_everybody_is_refused_beyond_the_total_limit() -> None:
    slots = _slots()
    with slots.hold(ONE), slots.hold(ONE), slots.hold(TWO), pytest.raises(Unavailable), slots.hold(TWO):
        pass


def test_slot_is_released_when_its_block_raises() -> None:
    slots = _slots()
    for _ in range(5):
        with pytest.raises(KeyError), slots.hold(ONE), slots.hold(ONE):
            raise KeyError
        with slots.hold(ONE), slots.hold(ONE), pytest.raises(Problem), slots.hold(ONE):
            pass
    with slots.hold(ONE), slots.hold(ONE), slots.hold(TWO):
        pass


class _Holder:
    """A request that waits for a slot and holds it until `end` is called."""

    def __init__(self, slots: ConcurrencyLimit, user_id: UUID) -> None:
        self.holds = False
        self._end = asyncio.Event()
        self.task = asyncio.create_task(self._run(slots, user_id))

    async def _run(self, slots: ConcurrencyLimit, user_id: UUID) -> None:
        async with slots.hold_in_turn(user_id):
            self.holds = True
            await self._end.wait()

    async def end(self) -> None:
        self._end.set()
        await self.task
        await asyncio.sleep(0)


async def _holders(slots: ConcurrencyLimit, *users: UUID) -> list[_Holder]:
    holders = [_Holder(slots, user) for user in users]
    await asyncio.sleep(0)
    return holders


async def test_requests_of_a_user_wait_in_order_for_slots_of_the_user() -> None:
    slots = _slots()
    first, second, third, fourth = await _holders(slots, ONE, ONE, ONE, ONE)
    (other,) = await _holders(slots, TWO)
    assert [one.holds for one in (first, second, third, fourth, other)] == [True, True, False, False, True]
    await other.end()
    assert not third.holds
    await second.end()
    assert (third.holds, fourth.holds) == (True, False)
    await first.end()
    assert fourth.holds
    await third.end()
    await fourth.end()
    with slots.hold(ONE), slots.hold(ONE), slots.hold(TWO):
        pass


async def test_waiting_users_at_their_own_limit_are_passed_over() -> None:
    slots = _slots()
    first, second, third, of_one, of_two = await _holders(slots, ONE, ONE, TWO, ONE, TWO)
    assert [one.holds for one in (first, second, third, of_one, of_two)] == [True, True, True, False, False]
    # The third request of the first user came first, but its user is at the limit.
    await third.end()
    assert (of_one.holds, of_two.holds) == (False, True)
    await first.end()
    assert of_one.holds
    for one in (second, of_one, of_two):
        await one.end()


async def test_number_of_waiting_requests_of_a_user_is_limited() -> None:
    slots = _slots()
    holders = await _holders(slots, *[ONE] * 5)
    # Refused at once, long before the others time out.
    async with asyncio.timeout(1):
        with pytest.raises(TooManyRequests):
            await holders[4].task
    for one in holders[:4]:
        await one.end()


async def test_wait_times_out_and_frees_its_place() -> None:
    slots = _slots(wait_seconds=0.05)
    first, second, *waiting = await _holders(slots, *[ONE] * 4)
    for one in waiting:
        with pytest.raises(TooManyRequests):
            await one.task
    (late,) = await _holders(slots, ONE)
    await first.end()
    assert late.holds
    await second.end()
    await late.end()


async def test_slot_handed_to_a_cancelled_request_goes_to_the_next() -> None:
    slots = _slots()
    async with slots.hold_in_turn(ONE):
        second, third, fourth = await _holders(slots, ONE, ONE, ONE)
    # The slot was handed over, but its task has not run yet.
    third.task.cancel()
    await asyncio.gather(third.task, return_exceptions=True)
    await asyncio.sleep(0)
    assert (third.holds, fourth.holds) == (False, True)
    await second.end()
    await fourth.end()
    with slots.hold(ONE), slots.hold(ONE):
        pass
