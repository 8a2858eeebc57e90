"""Carries an outbox to Kafka. One relay is active at a time, the others stand by.

One connection to the database is everything: it holds the advisory lock that makes this relay the active
one, listens for new rows, reads and deletes. Whoever loses the connection loses the lock with it. A batch
may be sent twice after a crash, but the first copies of a key's messages always stand in order.
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
# A batch is held in memory, and rows reach 2 MB.
BATCH_BYTES = 8_000_000
# Acknowledged rows are deleted by the statement that reads the next batch, or after this time without one.
DELETE_SECONDS = 0.1
# How often to look without having been woken: a NOTIFY may be lost with its connection.
POLL_SECONDS = 1.0
MIN_BACKOFF_SECONDS = 0.1
MAX_BACKOFF_SECONDS = 5.0
# So that the lock of a peer that vanished without a word is free again within seconds, not hours.
_KEEPALIVE = {
    "tcp_keepalives_idle": "5",
    "tcp_keepalives_interval": "2",
    "tcp_keepalives_count": "3",
    "tcp_user_timeout": "10000",
}
_INTERRUPTIONS = (OSError, TimeoutError, KafkaError, asyncpg.PostgresError, asyncpg.InterfaceError)


class OutboxRelay:
    """Publishes the rows of one outbox `table`."""

    def __init__(self, *, address: DatabaseAddress, table: str, publisher: Publisher) -> None:
        self._address = address
        self._table = table
        self._publisher = publisher
        self.is_active = False
        """Whether this is the relay that publishes; the others stand by."""
        self.published = 0
        self.interruptions = 0
        self._wake = asyncio.Event()
        self._pace = BatchThrottle()
        self._acknowledged: list[int] = []
        self._stopping = False
        self._backoff = MIN_BACKOFF_SECONDS
        self._task: asyncio.Task[None] | None = None

    async def check(self) -> str | None:
        """For readiness: a relay that stands by, or waits for Kafka or the database, is well."""
        running = self._task is not None and not self._task.done()
        return None if running else "the outbox relay has died"

    async def start(self) -> None:
        """Start in the background."""
        self._task = asyncio.create_task(self._run(), name=f"relay {self._table}")

    async def stop(self, *, deadline: Deadline) -> None:
        """Send what is committed, until the deadline, then stop; what is left keeps."""
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
                # Committed events wait: whatever it is, go on.
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
        """Wait to become the active relay, then publish until told to stop."""
        connection = await asyncpg.connect(
            self._address.dsn,
            ssl=self._address.tls,
            timeout=5,
            command_timeout=10,
            server_settings={
                "application_name": self._table,
                # Read the oldest rows by the index. The table's size on disk and its statistics say little
                # about so short-lived rows, and lead the planner to read and sort all of them.
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
                    await self._pace.wait()
        finally:
            self.is_active = False
            with contextlib.suppress(*_INTERRUPTIONS):
                await connection.close(timeout=2)

    async def _sleep_until_woken(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._wake.wait()

    async def _publish(self, connection: asyncpg.Connection, messages: list[StoredMessage]) -> None:
        """Send the messages together, and keep in mind which rows can be deleted."""
        outcomes = await self._publisher.publish(messages)
        waiting: dict[str, KafkaError] = {}
        done: list[int] = []
        for message, error in zip(messages, outcomes, strict=True):
            if error is not None and is_refusal(error):
                await self._set_aside(connection, message, error)
            elif error is not None:
                waiting.setdefault(message.key, error)
            elif message.key not in waiting:
                # What comes after a failure of its key waits for it, acknowledged or not.
                done.append(message.seq)
        self._acknowledged = done
        self.published += len(done)
        if done:
            self._backoff = MIN_BACKOFF_SECONDS
        for error in waiting.values():
            # Delete before backing off: another relay may take over meanwhile.
            await self._next_batch(connection)
            raise error

    async def _set_aside(
        self, connection: asyncpg.Connection, message: StoredMessage, error: KafkaError
    ) -> None:
        """A row that Kafka will never take must not hold up the others; it stays for on-call to see."""
        reason = type(error).__name__
        log.error("an event was refused and set aside", table=self._table, seq=message.seq, error=reason)
        await connection.execute(
            f"UPDATE {self._table} SET refused = $2 WHERE seq = $1",  # noqa: S608 - our name
            message.seq,
            reason,
        )

    async def _next_batch(self, connection: asyncpg.Connection) -> list[StoredMessage]:
        """Delete the acknowledged rows and return the oldest of the others, in one round trip."""
        rows = await connection.fetch(
            # The SELECT still sees what the DELETE removes, both being one statement. The sizes are known
            # without reading the payloads; the first row is taken however large.
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
            """,  # noqa: S608 - names and numbers of ours
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
