"""SQL statements that are written with SQLAlchemy Core, compiled once and run by asyncpg.

Compiling a statement takes about as long as running it, so statements are compiled at import or cached.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any, Final

from sqlalchemy import ARRAY, bindparam, column, func
from sqlalchemy.dialects.postgresql.asyncpg import PGDialect_asyncpg
from sqlalchemy.sql import ClauseElement
from sqlalchemy.sql.elements import BindParameter
from sqlalchemy.sql.selectable import TableValuedAlias
from sqlalchemy.types import TypeEngine

from chassis.db.database import Connection, Row

_DIALECT = PGDialect_asyncpg()  # type: ignore[no-untyped-call] # it lacks its annotation
_NO_VALUES: Final[Mapping[str, object]] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class _Parameter:
    """A parameter. Where the caller gives no value, it is the statement's own `value`."""

    name: str
    is_given: bool
    value: object
    # Encodes JSON as text; None if asyncpg takes the value as it is.
    encode: Callable[[Any], Any] | None


class Statement:
    """A compiled statement; its parameters are the `bindparam`s without a value.

    Raises `asyncpg.PostgresError` or `DatabaseUnavailable` when run.
    """

    def __init__(self, query: ClauseElement) -> None:
        """Compile the query. Raises ValueError if its text depends on the values, as with IN."""
        compiled: Any = query.compile(dialect=_DIALECT)
        if compiled.post_compile_params:
            raise ValueError("its text depends on the values: compare with an array instead of IN")
        self._text = str(compiled)
        self._parameters = tuple(
            _parameter(name, compiled.binds[name]) for name in compiled.positiontup or ()
        )

    def __str__(self) -> str:
        return self._text

    async def all(self, connection: Connection, values: Mapping[str, object] = _NO_VALUES) -> Sequence[Row]:
        """Return every row."""
        return await connection.fetch(self._text, *self._arguments(values))

    async def first(self, connection: Connection, values: Mapping[str, object] = _NO_VALUES) -> Row | None:
        """Return the first row, or None without one."""
        return await connection.fetchrow(self._text, *self._arguments(values))

    async def one(self, connection: Connection, values: Mapping[str, object] = _NO_VALUES) -> Row:
        """Return the first row of a statement that always has one."""
        row = await self.first(connection, values)
        if row is None:
            raise LookupError("the statement returned no row")
        return row

    async def value(self, connection: Connection, values: Mapping[str, object] = _NO_VALUES) -> Any:  # noqa: ANN401 - any column's type
        """Return the first column of the first row, or None without one."""
        return await connection.fetchval(self._text, *self._arguments(values))

    async def run(self, connection: Connection, values: Mapping[str, object] = _NO_VALUES) -> int:
        """Run the statement; returns the number of inserted, changed or deleted rows."""
        tag = await connection.execute(self._text, *self._arguments(values))
        return int(tag.rpartition(" ")[2])

    async def each(self, connection: Connection, rows: Sequence[Mapping[str, object]]) -> None:
        """Run the statement once for each row of values, in one round trip."""
        await connection.executemany(self._text, [self._arguments(values) for values in rows])

    def _arguments(self, values: Mapping[str, object]) -> list[object]:
        return [
            each.value
            if not each.is_given
            else values[each.name]
            if each.encode is None
            else each.encode(values[each.name])
            for each in self._parameters
        ]


def rows_of(name: str, columns: Mapping[str, TypeEngine[Any]]) -> TableValuedAlias:
    """Return rows whose values are passed as one array for each column, under the column's name.

    The column `position` numbers the rows from 1.
    """
    arrays = (bindparam(each, type_=ARRAY(type_)) for each, type_ in columns.items())
    rows = func.unnest(*arrays).table_valued(
        *(column(*each) for each in columns.items()), with_ordinality="position"
    )
    return rows.render_derived(name=name)


def _parameter(name: str, bound: BindParameter[Any]) -> _Parameter:
    encode = bound.type.dialect_impl(_DIALECT).bind_processor(_DIALECT)
    value = bound.effective_value
    fixed = value if bound.required or encode is None else encode(value)
    return _Parameter(name, is_given=bound.required, value=fixed, encode=encode)
