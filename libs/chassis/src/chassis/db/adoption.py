"""Check if existing tables of another installation can be adopted as they are."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import Column, Connection, Table, inspect
from sqlalchemy.engine.interfaces import ReflectedColumn
from sqlalchemy.types import String, Text

from chassis.db.constraints import CHECKS, refused_values_query

# By "table.column": values that this service writes there; for a range, its ends.
Values = Mapping[str, Sequence[object]]


class CannotMigrate(Exception):
    """The migration needs an action first; nothing was changed."""


class WrongOrder(CannotMigrate):
    """The migration of another service has to run first; `found` describes the database, a line each."""

    def __init__(self, message: str, *, found: Sequence[str] = ()) -> None:
        super().__init__(message)
        self.found = tuple(found)


class SchemaMismatch(CannotMigrate):
    """Existing tables differ from what the code needs; the message lists the differences."""

    def __init__(self, faults: Sequence[str]) -> None:
        listed = "\n".join(f"  - {fault}" for fault in faults)
        super().__init__(f"the existing tables do not fit, and nothing was changed:\n{listed}")
        self.faults = tuple(faults)


def can_adopt(connection: Connection, tables: Sequence[Table], *, values: Values) -> bool:
    """Return True if the tables exist and fit, False if none of them exists yet.

    Raises:
        SchemaMismatch: some are missing, or do not fit what the code reads and writes.
    """
    missing = [table.name for table in tables if not inspect(connection).has_table(table.name)]
    if len(missing) == len(tables):
        return False
    faults = [f"{name}: the table is missing" for name in missing]
    for table in tables:
        if table.name not in missing:
            faults += _faults(connection, table, values)
    if faults:
        raise SchemaMismatch(faults)
    return True


def _faults(connection: Connection, table: Table, values: Values) -> Iterator[str]:
    inspector = inspect(connection)
    standing = {column["name"]: column for column in inspector.get_columns(table.name)}
    for column in table.columns:
        there = standing.get(column.name)
        if there is None:
            yield f"{table.name}.{column.name}: the column is missing"
        else:
            yield from _column_faults(connection, column, there)
    for name, other in standing.items():
        if name not in table.columns and not other["nullable"] and not _has_default(other):
            yield f"{table.name}.{name}: is not known here, and rows without it are refused"
    wanted = [column.name for column in table.primary_key.columns]
    if inspector.get_pk_constraint(table.name)["constrained_columns"] != wanted:
        yield f"{table.name}: the primary key is not ({', '.join(wanted)})"
    yield from _foreign_key_faults(connection, table)
    for place, written in values.items():
        of, _, name = place.partition(".")
        if of == table.name and name in standing:
            yield from _refused_values(connection, table.name, name, written)


def _column_faults(connection: Connection, column: Column[Any], there: ReflectedColumn) -> Iterator[str]:
    place = f"{column.table.name}.{column.name}"
    wanted, is_there = (kind.compile(connection.dialect) for kind in (column.type, there["type"]))
    if wanted != is_there and not _is_wider(there["type"], column.type):
        yield f"{place}: is {is_there}, and {wanted} is needed"
    if there["nullable"] and not column.nullable:
        yield f"{place}: may be NULL, and must not be"
    if column.nullable and not there["nullable"] and not _has_default(there):
        yield f"{place}: is NOT NULL without a default, and may have to be left out"


def _foreign_key_faults(connection: Connection, table: Table) -> Iterator[str]:
    """Find foreign keys that lack ON DELETE CASCADE, and so would keep rows or block a deletion."""
    standing = {
        (*key["constrained_columns"], key["referred_table"], *key["referred_columns"])
        for key in inspect(connection).get_foreign_keys(table.name)
        if key["options"].get("ondelete") == "CASCADE"
    }
    for key in sorted(table.foreign_keys, key=lambda each: each.parent.name):
        wanted = (key.parent.name, key.column.table.name, key.column.name)
        if key.ondelete == "CASCADE" and wanted not in standing:
            place, other = f"{table.name}.{key.parent.name}", key.column.table.name
            yield f"{place}: does not go when its row of {other} is deleted"


def _is_wider(there: object, wanted: object) -> bool:
    """Return True if an existing text column takes every value of the wanted type."""
    if not (isinstance(there, String) and isinstance(wanted, String)) or isinstance(wanted, Text):
        return False
    return there.length is None or (wanted.length is not None and there.length >= wanted.length)


def _has_default(column: ReflectedColumn) -> bool:
    return column["default"] is not None or "identity" in column or "computed" in column


def _refused_values(
    connection: Connection, table: str, column: str, values: Sequence[object]
) -> Iterator[str]:
    """List the values that a check constraint of the column refuses."""
    for check in connection.execute(CHECKS, {"table": table, "column": column}).mappings():
        query = refused_values_query(column, condition=check["condition"], type_=check["type"])
        for value in connection.scalars(query, {"values": [str(each) for each in values]}):
            yield f"{table}.{column}: {check['name']} does not allow '{value}'"
