from dataclasses import dataclass, field
from typing import Any, cast

import pytest
from chassis import pool as pools
from chassis.pool import Pool, Pooled
from sqlalchemy import exc
from sqlalchemy.ext.asyncio import AsyncEngine


@dataclass
class Driver:
    """Of one connection; answers until it is told not to."""

    number: int
    is_dead: bool = False
    asked: int = 0

    def is_closed(self) -> bool:
        return False

    async def execute(self, _statement: str) -> None:
        self.asked += 1
        if self.is_dead:
            raise ConnectionResetError


@dataclass
class Connection:
    """As SQLAlchemy has it."""

    driver_connection: Driver
    invalidated: bool = False
    is_closed: bool = False

    def in_transaction(self) -> bool:
        return False

    async def get_raw_connection(self) -> "Connection":
        return self

    async def invalidate(self) -> None:
        self.invalidated = True

    async def close(self) -> None:
        self.is_closed = True


@dataclass
class Engine:
    """Makes connections, and may be away."""

    made: list[Connection] = field(default_factory=list)
    is_away: bool = False

    async def connect(self) -> Connection:
        if self.is_away:
            raise ConnectionRefusedError
        self.made.append(Connection(Driver(len(self.made))))
        return self.made[-1]


@pytest.fixture
def engine() -> Engine:
    return Engine()


def a_pool(engine: Engine, *, size: int = 2) -> Pool:
    return Pool(cast("AsyncEngine", engine), size=size, wait_seconds=0.01)


def number(pooled: Pooled) -> int:
    driver: Any = pooled.driver
    return int(driver.number)


async def test_what_was_given_back_last_is_taken_first_and_not_asked(engine: Engine) -> None:
    pool = a_pool(engine)
    first, second = await pool.take(), await pool.take()
    await pool.give_back(first, is_sound=True)
    await pool.give_back(second, is_sound=True)
    assert number(await pool.take()) == 1
    assert [each.driver_connection.asked for each in engine.made] == [0, 0]


async def test_nobody_waits_for_ever_and_a_place_is_free_again(engine: Engine) -> None:
    pool = a_pool(engine, size=1)
    taken = await pool.take()
    with pytest.raises(exc.TimeoutError):
        await pool.take()
    await pool.give_back(taken, is_sound=True)
    assert await pool.take() is taken


async def test_a_connection_that_cannot_be_made_takes_no_place(engine: Engine) -> None:
    pool = a_pool(engine, size=1)
    engine.is_away = True
    for _ in range(2):
        with pytest.raises(ConnectionRefusedError):
            await pool.take()
    engine.is_away = False
    assert number(await pool.take()) == 0


async def test_one_that_rested_is_asked_and_replaced_where_it_is_dead(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pools, "TRUSTED_SECONDS", 0)
    pool = a_pool(engine)
    await pool.give_back(await pool.take(), is_sound=True)
    taken = await pool.take()
    assert (number(taken), engine.made[0].driver_connection.asked) == (0, 1)
    engine.made[0].driver_connection.is_dead = True
    await pool.give_back(taken, is_sound=True)
    assert number(await pool.take()) == 1
    assert engine.made[0].is_closed


@pytest.mark.parametrize("why", ["not sound", "invalidated", "old", "closed pool"])
async def test_one_that_nobody_may_have_is_ended(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, why: str
) -> None:
    pool = a_pool(engine, size=1)
    taken = await pool.take()
    if why == "invalidated":
        engine.made[0].invalidated = True
    elif why == "old":
        monkeypatch.setattr(pools, "MAX_AGE_SECONDS", 0)
    elif why == "closed pool":
        await pool.close()
    await pool.give_back(taken, is_sound=why != "not sound")
    assert engine.made[0].is_closed
    assert number(await pool.take()) == 1


async def test_those_that_rest_are_closed_with_the_pool(engine: Engine) -> None:
    pool = a_pool(engine)
    await pool.give_back(await pool.take(), is_sound=True)
    await pool.close()
    assert engine.made[0].is_closed
