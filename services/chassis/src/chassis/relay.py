"""Carries an outbox to Kafka. One relay is active at a time, the others stand by.

One connection to the database is everything: it holds the advisory lock that makes this relay the active
one, listens for new rows, reads and deletes. Whoever loses the connection loses the lock with it. A batch
may be sent twice after a crash, but the first copies of a key's messages always stand in order.
"""

import asyncio
import contextlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import asyncpg
from aiokafka import AIOKafkaProducer
from aiokafka.errors import KafkaError

from chassis.logs import get_logger

log = get_logger(__name__)

BATCH_ROWS = 500
# A batch is held in memory, and rows reach 2 MB.
BATCH_BYTES = 8_000_000
# A batch that is not acknowledged by then will not be: aiokafka's batches never expire by themselves.
SEND_TIMEOUT_SECONDS = 15
# How often to look without having been woken: a NOTIFY may be lost with its connection.
POLL_SECONDS = 1.0
MAX_BACKOFF_SECONDS = 5.0
_DATABASE_ERRORS = (OSError, TimeoutError, asyncpg.PostgresError, asyncpg.InterfaceError)


@dataclass(frozen=True, slots=True)
class RelayState:
    """For readiness and metrics: whether the loop runs, is the active one, and what last went wrong."""

    running: bool
    active: bool
    last_error: str | None


class OutboxRelay:
    """Publishes the rows of one outbox `table`; `dsn` as libpq writes it."""

    def __init__(self, *, dsn: str, table: str, create_producer: Callable[[], AIOKafkaProducer]) -> None:
        self._dsn = dsn
        self._table = table
        self._create_producer = create_producer
        self._producer: AIOKafkaProducer | None = None
        self._wake = asyncio.Event()
        self._stopping = False
        self._active = False
        self._last_error: str | None = None
        self._task: asyncio.Task[None] | None = None

    @property
    def state(self) -> RelayState:
        """How it is now."""
        running = self._task is not None and not self._task.done()
        return RelayState(running=running, active=self._active, last_error=self._last_error)

    def start(self) -> None:
        """Begin in the background."""
        self._task = asyncio.create_task(self._run(), name=f"relay {self._table}")

    async def stop(self, *, drain_seconds: float) -> None:
        """Send what is committed, for at most `drain_seconds`, then stop; what is left keeps."""
        self._stopping = True
        self._wake.set()
        if self._task is not None:
            await asyncio.wait([self._task], timeout=drain_seconds)
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._drop_producer()

    async def _run(self) -> None:
        backoff = 0.1
        while True:
            try:
                if await self._hold_lock_and_publish():
                    return
                backoff = 0.1
            except (*_DATABASE_ERRORS, KafkaError) as error:
                self._last_error = type(error).__name__
                log.warning("relay interrupted, will go on", table=self._table, error=self._last_error)
                await self._drop_producer()
                if self._stopping:
                    return
                await asyncio.sleep(backoff)
                backoff = min(backoff * 2, MAX_BACKOFF_SECONDS)
            finally:
                self._active = False

    async def _hold_lock_and_publish(self) -> bool:
        """Publish until told to stop (then True), or until another relay turns out to be active."""
        connection = await asyncpg.connect(
            self._dsn, timeout=5, command_timeout=10, server_settings={"application_name": self._table}
        )
        try:
            if not await connection.fetchval("SELECT pg_try_advisory_lock(hashtext($1))", self._table):
                if not self._stopping:
                    await self._sleep_until_woken()
                return self._stopping
            self._active = True
            await connection.add_listener(self._table, lambda *_: self._wake.set())
            while True:
                self._wake.clear()
                sent = await self._publish_batch(connection)
                self._last_error = None
                if sent == 0:
                    if self._stopping:
                        return True
                    await self._sleep_until_woken()
        finally:
            with contextlib.suppress(*_DATABASE_ERRORS):
                await connection.close(timeout=2)

    async def _sleep_until_woken(self) -> None:
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(POLL_SECONDS):
                await self._wake.wait()

    async def _publish_batch(self, connection: asyncpg.Connection) -> int:
        """Send the oldest rows together, then delete those that are acknowledged; returns how many."""
        rows = await connection.fetch(
            # The sizes are known without reading the payloads; the first row is taken however large.
            f"""
            SELECT seq, aggregatetype, aggregateid, payload, headers FROM (
                SELECT *, sum(octet_length(payload)) OVER (ORDER BY seq) AS bytes,
                       row_number() OVER (ORDER BY seq) AS n
                FROM (SELECT * FROM {self._table} ORDER BY seq LIMIT {BATCH_ROWS}) AS oldest
            ) AS measured WHERE bytes <= {BATCH_BYTES} OR n = 1 ORDER BY seq
            """  # noqa: S608 - names and numbers of ours
        )
        if not rows:
            return 0
        outcomes = await self._send(rows)
        # What comes after a failure of the same key must wait for it, acknowledged or not.
        failed = {row["aggregateid"] for row, error in zip(rows, outcomes, strict=True) if error}
        done = [row["seq"] for row in rows if row["aggregateid"] not in failed]
        await connection.execute(f"DELETE FROM {self._table} WHERE seq = ANY($1)", done)  # noqa: S608 - as above
        first_error = next((error for error in outcomes if error), None)
        if first_error is not None:
            raise first_error
        return len(rows)

    async def _send(self, rows: Sequence[asyncpg.Record]) -> list[KafkaError | None]:
        """Hand all rows to the producer in order, then wait for every acknowledgement."""
        producer = await self._ready_producer()
        acknowledgements: list[asyncio.Future[object]] = []
        try:
            async with asyncio.timeout(SEND_TIMEOUT_SECONDS):
                for row in rows:
                    headers = [(name, value.encode()) for name, value in json.loads(row["headers"]).items()]
                    acknowledgements.append(
                        await producer.send(
                            row["aggregatetype"],
                            row["payload"].encode(),
                            key=row["aggregateid"].encode(),
                            headers=headers,
                        )
                    )
                await asyncio.wait(acknowledgements)
        except (KafkaError, TimeoutError) as error:
            log.warning("a batch was not sent whole", table=self._table, error=type(error).__name__)
        return [
            _outcome(acknowledgements[i] if i < len(acknowledgements) else None) for i in range(len(rows))
        ]

    async def _ready_producer(self) -> AIOKafkaProducer:
        if self._producer is None:
            producer = self._create_producer()
            try:
                async with asyncio.timeout(SEND_TIMEOUT_SECONDS):
                    await producer.start()
            except BaseException:
                await _stop(producer)
                raise
            self._producer = producer
        return self._producer

    async def _drop_producer(self) -> None:
        """A producer that failed once may have lost its sender: the next batch gets a new one."""
        if self._producer is not None:
            producer, self._producer = self._producer, None
            await _stop(producer)


async def _stop(producer: AIOKafkaProducer) -> None:
    # Stopping flushes, and flushing waits for a broker that may be away.
    with contextlib.suppress(KafkaError, TimeoutError, OSError):
        async with asyncio.timeout(2):
            await producer.stop()


def _outcome(acknowledgement: "asyncio.Future[object] | None") -> KafkaError | None:
    if acknowledgement is None or not acknowledgement.done():
        return KafkaError("not acknowledged in time")
    if acknowledgement.cancelled():
        return KafkaError("cancelled")
    error = acknowledgement.exception()
    return error if error is None or isinstance(error, KafkaError) else KafkaError(type(error).__name__)
