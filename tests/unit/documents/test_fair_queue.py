"""Turns and places of the fair queue."""

from uuid import uuid4

from documents.fair_queue import FairQueue

ONE, TWO, THREE = uuid4(), uuid4(), uuid4()


def _started(queue: FairQueue[str]) -> list[str]:
    found = []
    while (item := queue.start()) is not None:
        found.append(item)
    return found


def test_one_user_never_takes_the_last_place() -> None:
    queue = FairQueue[str](places=2)
    for item in ("a", "b", "c"):
        queue.put(ONE, item)
    assert _started(queue) == ["a"]
    assert queue.is_at_limit(ONE)
    queue.put(TWO, "x")
    assert _started(queue) == ["x"]
    queue.finish(TWO)
    assert _started(queue) == []
    queue.finish(ONE)
    assert _started(queue) == ["b"]


def test_single_place_is_available_to_every_user() -> None:
    queue = FairQueue[str](places=1)
    queue.put(ONE, "a")
    assert _started(queue) == ["a"]


def test_users_take_turns() -> None:
    queue = FairQueue[str](places=1)
    for item in ("a", "b", "c"):
        queue.put(ONE, item)
    queue.put(TWO, "x")
    queue.put(THREE, "y")
    queue.put(TWO, "z")
    order = []
    users = {"a": ONE, "b": ONE, "c": ONE, "x": TWO, "z": TWO, "y": THREE}
    while items := _started(queue):
        order += items
        queue.finish(users[items[0]])
    assert order == ["a", "x", "y", "b", "z", "c"]


def test_two_users_can_occupy_all_places() -> None:
    queue = FairQueue[str](places=4)
    for item in "abcde":
        queue.put(ONE, item)
    for item in "xyz":
        queue.put(TWO, item)
    # One user may occupy three of four places.
    assert _started(queue) == ["a", "x", "b", "y"]
    queue.finish(TWO)
    queue.finish(TWO)
    assert _started(queue) == ["c", "z"]


def test_withdrawn_item_is_not_started() -> None:
    queue = FairQueue[str](places=1)
    queue.put(ONE, "a")
    queue.put(ONE, "b")
    queue.put(TWO, "x")
    queue.withdraw(ONE, "a")
    queue.withdraw(TWO, "x")
    assert _started(queue) == ["b"]
    queue.finish(ONE)
    assert _started(queue) == []


def test_no_state_is_kept_for_users_without_items() -> None:
    queue = FairQueue[str](places=2)
    empty = vars(FairQueue[str](places=2))
    queue.put(ONE, "a")
    queue.put(ONE, "b")
    assert _started(queue) == ["a"]
    queue.withdraw(ONE, "b")
    queue.finish(ONE)
    assert vars(queue) == empty
