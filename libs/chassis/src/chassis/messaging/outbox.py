"""Transactional outbox: an event is written as a row in the transaction that it reports.

The columns are those that Debezium's outbox event router expects. A row is deleted once the broker has
acknowledged the event, so the table stays short and keeps no resume text longer than needed.
"""

from collections.abc import Sequence
from typing import Generic, Protocol, TypeVar
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Column,
    DateTime,
    Identity,
    MetaData,
    Table,
    Text,
    Uuid,
    func,
    insert,
    select,
)
from sqlalchemy.dialects.postgresql import JSONB

from chassis.db.database import Connection
from chassis.db.statement import Statement, rows_of
from chassis.messaging.messages import OutgoingMessage
from chassis.telemetry.trace import current_traceparent

EventT_contra = TypeVar("EventT_contra", contravariant=True)


def outbox_table(metadata: MetaData, name: str) -> Table:
    """Define an outbox table. `seq` orders the events of one key, not those of different keys."""
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
        # The error of an event that Kafka rejects for good; NULL for all others.
        Column("refused", Text),
    )


def outbox_ddl(name: str) -> tuple[str, ...]:
    """Return the statements that create the table, version 1. Never edit them: add a version."""
    return (
        f"""
        CREATE TABLE {name} (
            seq bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
            id uuid NOT NULL,
            aggregatetype text NOT NULL,
            aggregateid text NOT NULL,
            type text NOT NULL,
            payload text NOT NULL,
            headers jsonb NOT NULL,
            created_at timestamptz NOT NULL DEFAULT now(),
            refused text
        )
        """,
        f"""
        CREATE FUNCTION {name}_notify() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN PERFORM pg_notify('{name}', ''); RETURN NULL; END $$
        """,
        f"""
        CREATE TRIGGER {name}_notify AFTER INSERT ON {name}
        FOR EACH STATEMENT EXECUTE FUNCTION {name}_notify()
        """,
        # Rows are short-lived: vacuum after 1,000 dead rows, however large the table once was.
        f"ALTER TABLE {name} SET (autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000)",
    )


# The database sets the other columns.
_WRITTEN = ("id", "aggregatetype", "aggregateid", "type", "payload", "headers")


class Encode(Protocol[EventT_contra]):
    """Turns an event into a message that continues the trace of `traceparent`."""

    def __call__(self, event: EventT_contra, /, *, traceparent: str | None) -> OutgoingMessage: ...


class Outbox(Generic[EventT_contra]):
    """Writes events to one outbox table, in the transaction of the caller; it never commits."""

    def __init__(self, *, table: Table, encode: Encode[EventT_contra]) -> None:
        rows = rows_of("new", {name: table.c[name].type for name in _WRITTEN})
        values = select(*(rows.c[name] for name in _WRITTEN)).order_by(rows.c.position)
        self._insert = Statement(insert(table).inline().from_select(_WRITTEN, values))
        self._encode = encode

    async def publish(self, connection: Connection, *events: EventT_contra) -> None:
        """Write the events, in order, as part of the current trace. Raises DatabaseUnavailable."""
        traceparent = current_traceparent()
        await self.publish_traced(connection, [(event, traceparent) for event in events])

    async def publish_traced(
        self, connection: Connection, events: Sequence[tuple[EventT_contra, str | None]]
    ) -> None:
        """Write the events, in order, each with its own traceparent. Raises DatabaseUnavailable."""
        if not events:
            return
        messages = [self._encode(event, traceparent=traceparent) for event, traceparent in events]
        await self._insert.run(
            connection,
            {
                "id": [UUID(message.headers["ce_id"]) for message in messages],
                "aggregatetype": [message.topic for message in messages],
                "aggregateid": [message.key for message in messages],
                "type": [message.headers["ce_type"] for message in messages],
                "payload": [message.value for message in messages],
                "headers": [dict(message.headers) for message in messages],
            },
        )
