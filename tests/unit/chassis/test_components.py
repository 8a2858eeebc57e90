import pytest
from chassis.components import Components
from chassis.deadline import Deadline


class Part:
    """A part that records its start and its stop."""

    def __init__(self, name: str, events: list[str], *, error: Exception | None = None) -> None:
        self._name, self._events, self._error = name, events, error

    async def start(self) -> None:
        self._events.append(f"start {self._name}")
        if self._error:
            raise self._error

    async def stop(self) -> None:
        self._events.append(f"stop {self._name}")


def registered(*parts: Part) -> Components:
    components = Components(stop_seconds=5)
    for part in parts:
        components.add(start=part.start, stop=part.stop)
    return components


async def test_parts_stop_in_reverse_order() -> None:
    events: list[str] = []
    async with registered(Part("database", events), Part("consumer", events)).running():
        events.append("serve")
    assert events == ["start database", "start consumer", "serve", "stop consumer", "stop database"]


async def test_failed_start_stops_what_was_started() -> None:
    events: list[str] = []
    parts = (
        Part("database", events),
        Part("pool", events, error=OSError("no process")),
        Part("consumer", events),
    )
    with pytest.raises(OSError, match="no process"):
        async with registered(*parts).running():
            events.append("serve")
    assert events == ["start database", "start pool", "stop pool", "stop database"]


async def test_failed_stop_does_not_keep_other_parts_running() -> None:
    events: list[str] = []
    components = registered(Part("database", events))

    async def fail() -> None:
        raise RuntimeError("cannot stop")

    components.add(stop=fail)
    with pytest.raises(RuntimeError, match="cannot stop"):
        async with components.running():
            pass
    assert events == ["start database", "stop database"]


async def test_parts_share_one_deadline_that_begins_with_the_stop() -> None:
    deadlines: list[Deadline] = []

    async def drain(*, deadline: Deadline) -> None:
        deadlines.append(deadline)

    components = Components(stop_seconds=5)
    components.add(drain=drain)
    components.add(drain=drain)
    async with components.running():
        assert deadlines == []
    first, second = deadlines
    assert first is second
    assert 4 < first.seconds_left <= 5
