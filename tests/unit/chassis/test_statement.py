from typing import Any, cast

import pytest
from chassis.statement import Statement
from sqlalchemy import Column, MetaData, Table, Text, bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection

things = Table("things", MetaData(), Column("name", Text), Column("facts", JSONB))


class Driver:
    """Keeps what it is told to run."""

    def __init__(self) -> None:
        self.ran: list[tuple[str, Any]] = []

    async def fetchrow(self, text: str, *arguments: object) -> dict[str, object] | None:
        self.ran.append((text, arguments))
        return None if "nothing" in arguments else {"name": "found"}

    async def execute(self, text: str, *arguments: object) -> str:
        self.ran.append((text, arguments))
        return "UPDATE 1"

    async def executemany(self, text: str, rows: object) -> None:
        self.ran.append((text, rows))


@pytest.fixture
def driver(monkeypatch: pytest.MonkeyPatch) -> Driver:
    driver = Driver()
    monkeypatch.setattr("chassis.statement.driver_of", lambda _connection: driver)
    return driver


NOBODY = cast("AsyncConnection", None)


async def test_parameters_stand_in_the_order_of_the_text(driver: Driver) -> None:
    query = select(things.c.name).where(things.c.name != "fixed", things.c.name == bindparam("wanted"))
    assert await Statement(query).first(NOBODY, {"wanted": "this"}) == {"name": "found"}
    ((text, arguments),) = driver.ran
    assert "things.name != $1::VARCHAR AND things.name = $2::VARCHAR" in text or "$1::TEXT" in text
    assert arguments == ("fixed", "this")


async def test_of_one_that_always_has_a_row_none_is_a_fault(driver: Driver) -> None:
    statement = Statement(select(things.c.name).where(things.c.name == bindparam("wanted")))
    assert await statement.one(NOBODY, {"wanted": "this"}) == {"name": "found"}
    with pytest.raises(LookupError):
        await statement.one(NOBODY, {"wanted": "nothing"})


async def test_what_is_run_for_its_effect_gives_nothing(driver: Driver) -> None:
    statement = Statement(update(things).values(name=bindparam("name")))
    await statement.run(NOBODY, {"name": "new"})
    ((text, arguments),) = driver.ran
    assert (text.split()[0], arguments) == ("UPDATE", ("new",))


async def test_json_is_written_and_rows_go_together(driver: Driver) -> None:
    statement = Statement(insert(things).values(name=bindparam("name"), facts=bindparam("facts")))
    await statement.each(NOBODY, [{"name": "a", "facts": {"n": 1}}, {"name": "b", "facts": []}])
    ((_, rows),) = driver.ran
    assert rows == [["a", '{"n": 1}'], ["b", "[]"]]


async def test_a_value_that_is_missing_is_no_null(driver: Driver) -> None:
    with pytest.raises(KeyError):
        await Statement(select(things).where(things.c.name == bindparam("wanted"))).first(NOBODY, {})
    assert driver.ran == []


def test_a_statement_whose_words_depend_on_values_is_refused() -> None:
    with pytest.raises(ValueError, match="array"):
        Statement(select(things).where(things.c.name.in_(bindparam("names", expanding=True))))
