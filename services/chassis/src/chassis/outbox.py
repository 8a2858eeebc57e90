"""The transactional outbox: an event is a row of the transaction that made it true.

The columns are those that Debezium's outbox event router expects. A row is deleted once the broker has
acknowledged it, so the table is short and holds no text longer than needed.
"""

from collections.abc import Mapping
from typing import Protocol
from uuid import UUID

from sqlalchemy import BigInteger, Column, DateTime, Identity, MetaData, Table, Text, Uuid, func, insert
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.asyncio import AsyncConnection


class OutgoingMessage(Protocol):
    """What can be put into an outbox."""

    @property
    def id(self) -> UUID:
        """Unique; `ce_id` on the wire."""
        ...

    @property
    def topic(self) -> str:
        """Where it goes."""
        ...

    @property
    def key(self) -> str:
        """Messages of one key leave in the order in which they were committed."""
        ...

    @property
    def value(self) -> str:
        """JSON."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """As text; UTF-8 on the wire."""
        ...


def outbox_table(metadata: MetaData, name: str) -> Table:
    """The table; `seq` gives the order within a key, not across keys."""
    return Table(
        name,
        metadata,
        Column("seq", BigInteger, Identity(always=True), primary_key=True),
        Column("id", Uuid, nullable=False),
        Column("aggregatetype", Text, nullable=False),
        Column("aggregateid", Text, nullable=False),
        Column("type", Text, nullable=False),
        Column("payload", Text, nullable=False),
        Column("headers", JSONB, nullable=False),
        Column("created_at", DateTime(timezone=True), nullable=False, server_default=func.now()),
    )


def outbox_ddl(name: str) -> tuple[str, ...]:
    """What a migration runs after creating the table: wake the relay on commit, vacuum often."""
    return (
        f"""
        CREATE FUNCTION {name}_notify() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_notify('{name}', ''); RETURN NULL; END $$
        """,
        f"""
        CREATE TRIGGER {name}_notify AFTER INSERT ON {name}
        FOR EACH STATEMENT EXECUTE FUNCTION {name}_notify()
        """,
        # Every row dies young: clean up after 1,000 dead ones, however large the table once was.
        f"ALTER TABLE {name} SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000)",
    )


class Outbox:
    """Puts messages into one outbox table, on the caller's transaction; it never commits."""

    def __init__(self, *, table: Table) -> None:
        self._table = table

    async def add(self, connection: AsyncConnection, *messages: OutgoingMessage) -> None:
        """Write the messages, in order."""
        rows = [
            {
                "id": message.id,
                "aggregatetype": message.topic,
                "aggregateid": message.key,
                "type": message.headers["ce_type"],
                "payload": message.value,
                "headers": dict(message.headers),
            }
            for message in messages
        ]
        await connection.execute(insert(self._table), rows)
