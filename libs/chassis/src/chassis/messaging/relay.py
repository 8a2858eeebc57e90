"""Publish the rows of an outbox to Kafka. One relay is active at a time, the others stand by.

A relay uses one database connection for everything: for the advisory lock that makes it the active one, to
listen for new rows, to read and to delete. A relay that loses the connection loses the lock with it. A batch
may be sent twice after a crash, but the first copies of a key's messages are always in order.
"""

import asyncio
import contextlib
import json

import asyncpg
from aiokafka.errors import KafkaError

from chassis.deadline import Deadline
from chassis.messaging.messages import StoredMessage
from chassis.messaging.publisher import Publisher, is_refusal
from chassis.messaging.throttle import BatchThrottle
from chassis.settings import DatabaseAddress
from chassis.telemetry.logs import get_logger

log = get_logger(__name__)

BATCH_ROWS = 500
# A batch is held in memory, and a row has up to 2 MB.
BATCH_BYTES = 8_000_000
# Acknowledged rows are deleted by the statement that reads the next batch, or after this time without one.
DELETE_SECONDS = 0.1
# A NOTIFY may be lost with its connection, so the relay also polls.
POLL_SECONDS = 1.0
MIN_BACKOFF_SECONDS = 0.1
MAX_BACKOFF_SECONDS = 5.0
# The server frees the lock of a relay that vanished within seconds, not hours.
_KEEPALIVE = {
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "10000",
}
_INTERRUPTIONS = (OSError, TimeoutError, KafkaError, asyncpg.PostgresError, asyncpg.InterfaceError)


class OutboxRelay:
    """Publishes the rows of one outbox table."""

    def __init__(self, *, address: DatabaseAddress, table: str, publisher: Publisher) -> None:
        self._address = address
        self._table = table
        self._publisher = publisher
        self.is_active = False
        """True while this relay publishes, False while it waits for the lock."""
        self.published = 0
        self.interruptions = 0
        self._wake = asyncio.Event()
        self._throttle = BatchThrottle()
        self._acknowledged: list[int] = []
        self._stopping = False
        self._backoff = MIN_BACKOFF_SECONDS
        self._task: asyncio.Task[None] | None = None

    async def check(self) -> str | None:
        """Check readiness. A relay that waits for the lock, Kafka or the database is ready."""
        running = self._task is not None and not self._task.done()
        return None if running else "the outbox relay has died"

    async def start(self) -> None:
        """Start in the background."""
        self._task = asyncio.create_task(self._run(), name=f"relay {self._table}")

    async def stop(self, *, deadline: Deadline) -> None:
        """Publish committed rows until the deadline, then stop; the remaining rows are kept."""
        self._stopping = True
        self._wake.set()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=deadline.seconds_left)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._publisher.stop()

    async def _run(self) -> None:
        while True:
            try:
                await self._stand_by_and_publish()
            except Exception as error:
                # Committed events must be published, so the relay survives every error.
                self.interruptions += 1
                expected = isinstance(error, _INTERRUPTIONS)
                log.warning(
                    "relay interrupted",
                    table=self._table,
                    error=type(error).__name__,
                    exc_info=None if expected else error,
                )
                if not self._stopping:
                    await asyncio.sleep(self._backoff)
                    self._backoff = min(self._backoff * 2, MAX_BACKOFF_SECONDS)
            if self._stopping:
                return

    async def _stand_by_and_publish(self) -> None:
        """Wait to become the active relay, then publish until the relay is stopped."""
        connection = await asyncpg.connect(
            self._address.dsn,
            ssl=self._address.tls,
            timeout=5,
            command_timeout=10,
            server_settings={
                "application_name": self._table,
                # Read the oldest rows by the index. The statistics of so short-lived rows would lead the
                # planner to read and sort the whole table.
                "enable_seqscan": "off",
                **_KEEPALIVE,
            },
        )
        try:
            while not await connection.fetchval("SELECT pg_try_advisory_lock(hashtext($1))", self._table):
                if self._stopping:
                    return
                await self._sleep_until_woken(POLL_SECONDS)
            await connection.add_listener(self._table, lambda *_: self._wake.set())
            self.is_active = True
            log.info("relay active", table=self._table)
            while True:
                self._wake.clear()
                messages = await self._next_batch(connection)
                if messages:
                    await self._publish(connection, messages)
                elif self._stopping:
                    return
                if len(messages) < BATCH_ROWS:
                    await self._sleep_until_woken(DELETE_SECONDS if messages else POLL_SECONDS)
                    await self._throttle.wait()
        finally:
            self.is_active = False
            with contextlib.suppress(*_INTERRUPTIONS):
                await connection.close(timeout=2)

    async def _sleep_until_woken(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()

    async def _publish(self, connection: asyncpg.Connection, messages: list[StoredMessage]) -> None:
        """Send the messages together and remember which rows can be deleted."""
        outcomes = await self._publisher.publish(messages)
        waiting: dict[str, KafkaError] = {}
        done: list[int] = []
        for message, error in zip(messages, outcomes, strict=True):
            if error is not None and is_refusal(error):
                await self._set_aside(connection, message, error)
            elif error is not None:
                waiting.setdefault(message.key, error)
            elif message.key not in waiting:
                # Messages behind a failed one of the same key wait for it, acknowledged or not.
                done.append(message.seq)
        self._acknowledged = done
        self.published += len(done)
        if done:
            self._backoff = MIN_BACKOFF_SECONDS
        for error in waiting.values():
            # Delete before the backoff: another relay may take over in the meantime.
            await self._next_batch(connection)
            raise error

    async def _set_aside(
        self, connection: asyncpg.Connection, message: StoredMessage, error: KafkaError
    ) -> None:
        """Mark a row that Kafka rejects for good, so that it holds up no others and on-call finds it."""
        reason = type(error).__name__
        log.error("event rejected by Kafka and set aside", table=self._table, seq=message.seq, error=reason)
        await connection.execute(
            f"UPDATE {self._table} SET refused = $2 WHERE seq = $1",  # noqa: S608 - our name
            message.seq,
            reason,
        )

    async def _next_batch(self, connection: asyncpg.Connection) -> list[StoredMessage]:
        """Delete the acknowledged rows and return the oldest remaining ones, in one round trip."""
        rows = await connection.fetch(
            # The SELECT still sees the rows that the DELETE of the same statement removes. octet_length does
            # not read the payloads. The first row is taken however large it is.
            f"""
            WITH gone AS (DELETE FROM {self._table} WHERE seq = ANY($1) RETURNING seq)
            SELECT seq, aggregatetype, aggregateid, payload, headers FROM (
                SELECT *, sum(octet_length(payload)) OVER (ORDER BY seq) AS bytes,
                       row_number() OVER (ORDER BY seq) AS n
                FROM (
                    SELECT * FROM {self._table}
                    WHERE refused IS NULL AND seq NOT IN (SELECT seq FROM gone)
                    ORDER BY seq LIMIT {BATCH_ROWS}
                ) AS oldest
            ) AS measured WHERE bytes <= {BATCH_BYTES} OR n = 1 ORDER BY seq
            """,  # noqa: S608 - only constant names and numbers
            self._acknowledged,
        )
        self._acknowledged = []
        return [
            StoredMessage(
                seq=row["seq"],
                topic=row["aggregatetype"],
                key=row["aggregateid"],
                value=row["payload"],
                headers=json.loads(row["headers"]),
            )
            for row in rows
        ]
