import asyncio
from typing import cast

import pytest
from chassis.serving import Joining


class Transport:
    """Keeps what is written to it."""

    def __init__(self) -> None:
        self.written: list[bytes] = []
        self.is_closed = False

    def write(self, data: bytes) -> None:
        self.written.append(data)

    def close(self) -> None:
        self.is_closed = True

    def get_extra_info(self, name: str) -> str:
        return name


@pytest.fixture
def transport() -> Transport:
    return Transport()


@pytest.fixture
async def joining(transport: Transport) -> Joining:
    return Joining(cast("asyncio.Transport", transport))


async def test_head_and_body_go_together(transport: Transport, joining: Joining) -> None:
    joining.write(b"head ")
    joining.write(b"body")
    joining.write(b"")
    assert transport.written == [b"head body"]
    await asyncio.sleep(0)
    assert transport.written == [b"head body"]


async def test_what_nothing_follows_goes_at_the_next_turn(transport: Transport, joining: Joining) -> None:
    joining.write(b"event")
    assert transport.written == []
    await asyncio.sleep(0)
    assert transport.written == [b"event"]


async def test_what_is_held_goes_before_the_connection_is_closed(
    transport: Transport, joining: Joining
) -> None:
    joining.write(b"last")
    joining.close()
    assert (transport.written, transport.is_closed) == ([b"last"], True)


async def test_everything_else_is_the_transports(joining: Joining) -> None:
    assert joining.get_extra_info("socket") == "socket"
