"""Numbers in events are limited to values that readers can store."""

import json
from collections.abc import Iterator

import pytest
from contract_tools.files import Document, event_schema
from contract_tools.golden import golden_files
from contracts.catalogue import EVENTS
from contracts.envelope import UndecodableEvent, decode
from contracts.events import Event

every_event = pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.__name__)
MAX_INTEGER = 2**31 - 1


def integers(node: object) -> Iterator[Document]:
    """Yield every integer schema below a node."""
    if isinstance(node, dict):
        if node.get("type") == "integer":
            yield node
        for part in node.values():
            yield from integers(part)
    elif isinstance(node, list):
        for part in node:
            yield from integers(part)


@every_event
def test_every_integer_fits_a_column(event: type[Event]) -> None:
    found = list(integers(event_schema(event)))
    assert found
    for each in found:
        assert each["minimum"] >= 0
        assert each["maximum"] <= MAX_INTEGER


@every_event
def test_version_beyond_the_state_machine_is_rejected(event: type[Event]) -> None:
    golden = next(golden_files(event.type))
    highest = event_schema(event)["properties"]["version"]["maximum"]

    def read(version: object) -> int:
        return decode(json.dumps({**golden.value, "version": version}), golden.headers).version

    assert read(highest) == highest <= 4
    for forged in (highest + 1, MAX_INTEGER, MAX_INTEGER + 1, 10**30):
        with pytest.raises(UndecodableEvent, match=r"does not fit at: version$"):
            read(forged)
