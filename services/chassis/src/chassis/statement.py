"""Statements that are put into words once, and run by asyncpg itself.

SQLAlchemy takes 0.3 ms to run what asyncpg runs in 0.1: too much for what every request asks. They are
written with it all the same, and share tables and conditions with all others; and they run on the same
connection, in the same transaction. Errors are asyncpg's own.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.elements import BindParameter

from chassis.db import driver_of

_DIALECT = PGDialect_asyncpg()  # type: ignore[no-untyped-call] # it lacks its annotation

# Of asyncpg, and like those of SQLAlchemy's `mappings()`.
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class _Parameter:
    """`value` is what the statement itself says, where the caller is not asked."""

    name: str
    is_asked: bool
    value: object
    # JSON is written as text; None where asyncpg takes the value as it is.
    encode: Callable[[Any], Any] | None


class Statement:
    """One of SQLAlchemy's; its parameters are the `bindparam`s without a value."""

    def __init__(self, query: ClauseElement) -> None:
        compiled: Any = query.compile(dialect=_DIALECT)
        if compiled.post_compile_params:
            raise ValueError("its words depend on the values: ask by an array instead of IN")
        self._text = str(compiled)
        self._parameters = tuple(
            _parameter(name, compiled.binds[name]) for name in compiled.positiontup or ()
        )

    def __str__(self) -> str:
        return self._text

    async def all(self, connection: AsyncConnection, values: Mapping[str, object]) -> Sequence[Row]:
        """Every row."""
        found: Sequence[Row] = await driver_of(connection).fetch(self._text, *self._arguments(values))
        return found

    async def first(self, connection: AsyncConnection, values: Mapping[str, object]) -> Row | None:
        """The first row, if there is one."""
        row: Row | None = await driver_of(connection).fetchrow(self._text, *self._arguments(values))
        return row

    async def one(self, connection: AsyncConnection, values: Mapping[str, object]) -> Row:
        """The first row, of a statement that always has one."""
        row = await self.first(connection, values)
        if row is None:
            raise LookupError("the statement returned no row")
        return row

    async def run(self, connection: AsyncConnection, values: Mapping[str, object]) -> None:
        """For its effect."""
        await driver_of(connection).execute(self._text, *self._arguments(values))

    async def each(self, connection: AsyncConnection, rows: Sequence[Mapping[str, object]]) -> None:
        """For its effect, once for each of the values, in one round trip."""
        await driver_of(connection).executemany(self._text, [self._arguments(values) for values in rows])

    def _arguments(self, values: Mapping[str, object]) -> list[object]:
        return [
            each.value
            if not each.is_asked
            else values[each.name]
            if each.encode is None
            else each.encode(values[each.name])
            for each in self._parameters
        ]


def _parameter(name: str, bound: BindParameter[Any]) -> _Parameter:
    encode = bound.type.dialect_impl(_DIALECT).bind_processor(_DIALECT)
    value = bound.effective_value
    fixed = value if bound.required or encode is None else encode(value)
    return _Parameter(name, is_asked=bound.required, value=fixed, encode=encode)
