from typing import Any, cast

import pytest
from chassis.db.database import Connection
from chassis.db.statement import Statement
from sqlalchemy import Column, MetaData, Table, Text, bindparam, insert, select, update
from sqlalchemy.dialects.postgresql import JSONB

things = Table("things", MetaData(), Column("name", Text), Column("facts", JSONB))


class FakeConnection:
    """Records the statements that are run."""

    def __init__(self) -> None:
        self.ran: list[tuple[str, Any]] = []

    async def fetchrow(self, text: str, *arguments: object) -> dict[str, object] | None:
        self.ran.append((text, arguments))
        return None if "nothing" in arguments else {"name": "found"}

    async def execute(self, text: str, *arguments: object) -> str:
        self.ran.append((text, arguments))
        return "UPDATE 2"

    async def executemany(self, text: str, rows: object) -> None:
        self.ran.append((text, rows))


@pytest.fixture
def fake() -> FakeConnection:
    return FakeConnection()


@pytest.fixture
def connection(fake: FakeConnection) -> Connection:
    return cast("Connection", fake)


async def test_arguments_are_in_the_order_of_the_text(fake: FakeConnection, connection: Connection) -> None:
    query = select(things.c.name).where(things.c.name != "fixed", things.c.name == bindparam("wanted"))
    assert await Statement(query).first(connection, {"wanted": "this"}) == {"name": "found"}
    ((text, arguments),) = fake.ran
    assert "things.name != $1::VARCHAR AND things.name = $2::VARCHAR" in text or "$1::TEXT" in text
    assert arguments == ("fixed", "this")


async def test_missing_row_raises_where_one_is_expected(fake: FakeConnection, connection: Connection) -> None:
    statement = Statement(select(things.c.name).where(things.c.name == bindparam("wanted")))
    assert await statement.one(connection, {"wanted": "this"}) == {"name": "found"}
    with pytest.raises(LookupError):
        await statement.one(connection, {"wanted": "nothing"})


async def test_run_returns_the_number_of_changed_rows(fake: FakeConnection, connection: Connection) -> None:
    statement = Statement(update(things).values(name=bindparam("name")))
    assert await statement.run(connection, {"name": "new"}) == 2
    ((text, arguments),) = fake.ran
    assert (text.split()[0], arguments) == ("UPDATE", ("new",))


async def test_json_is_encoded_and_rows_are_sent_together(
    fake: FakeConnection, connection: Connection
) -> None:
    statement = Statement(insert(things).values(name=bindparam("name"), facts=bindparam("facts")))
    await statement.each(connection, [{"name": "a", "facts": {"n": 1}}, {"name": "b", "facts": []}])
    ((_, rows),) = fake.ran
    assert rows == [["a", '{"n": 1}'], ["b", "[]"]]


async def test_missing_value_raises_instead_of_becoming_null(
    fake: FakeConnection, connection: Connection
) -> None:
    with pytest.raises(KeyError):
        await Statement(select(things).where(things.c.name == bindparam("wanted"))).first(connection, {})
    assert fake.ran == []


def test_statement_whose_text_depends_on_values_is_refused() -> None:
    with pytest.raises(ValueError, match="array"):
        Statement(select(things).where(things.c.name.in_(bindparam("names", expanding=True))))
