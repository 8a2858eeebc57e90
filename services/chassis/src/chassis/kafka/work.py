"""Runs one handler over many records at once: slots, order within a key, retries, dead letters."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Protocol

from aiokafka import ConsumerRecord, TopicPartition

from chassis.kafka.records import PoisonRecord, Record, parse_record
from chassis.kafka.retry import Failure, RetryPolicy
from chassis.kafka.safe_errors import places_of, reason_of
from chassis.kafka.spans import processing, trace_of
from chassis.logs import get_logger

log = get_logger(__name__)

Handler = Callable[[Record], Awaitable[None]]
# Whether a record (the first) ends the job of one of its key that came before it (the second).
Supersedes = Callable[[Record, Record], bool]


class DeadLetterWriter(Protocol):
    """Returns once the dead letter is durable; raises what says that it may not be."""

    async def write(
        self, raw: ConsumerRecord, *, error: BaseException, attempts: int, first_seen: datetime
    ) -> None: ...


@dataclass(slots=True)
class Counters:
    """What happened since the process began; only `running` goes down again."""

    started: int = 0
    """Attempts at records."""
    finished: int = 0
    """Records done, dead letters among them."""
    retried: int = 0
    """Attempts that are to be followed by another."""
    dead: int = 0
    """Records that went to the dead letters."""
    duplicates: int = 0
    """Records delivered again while open or finished here, and dropped."""
    abandoned: int = 0
    """Jobs cancelled because their partition went to another member, or at the end of the drain time."""
    superseded: int = 0
    """Jobs ended because a later record of their key said that nobody wants them any more; they are done."""
    commits: int = 0
    running: int = 0
    """Handlers at work now."""
    peak: int = 0
    """The most handlers at work at once."""


@dataclass(slots=True, eq=False)
class Job:
    """One record that was delivered and is not done."""

    raw: ConsumerRecord
    finish: Callable[[], None]
    since: float
    """When it was delivered, on the monotonic clock."""
    first_seen: datetime
    task: asyncio.Task[None] = field(init=False)
    at_rest: bool = True
    """Waiting for its predecessor, a slot or the end of a back-off: nothing is lost by ending it now."""
    is_dying: bool = False
    """On its way to the dead letters."""
    is_superseded: bool = False

    @property
    def place(self) -> tuple[TopicPartition, int]:
        """Partition and offset: what tells jobs apart."""
        return TopicPartition(self.raw.topic, self.raw.partition), self.raw.offset

    @property
    def size(self) -> int:
        """Bytes that the record holds in memory, about."""
        return len(self.raw.value or b"") + len(self.raw.key or b"")


class Work:
    """The jobs of one subscriber.

    Records of one partition with the same key run one after the other, in the order in which they are started
    here. A record without a key waits only for a former job of its own, if that is still being cancelled.
    Handlers at work hold one of the `concurrency` slots, and nobody else does. `on_change` is called with a
    partition whenever a job of it has ended. A record that `supersedes` an earlier one of its key ends that
    one's job, wherever it is, as if it had been done; unless it is on its way to the dead letters.
    """

    def __init__(
        self,
        *,
        handler: Handler,
        concurrency: int,
        max_value_bytes: int,
        retry: RetryPolicy,
        dead_letters: DeadLetterWriter,
        on_change: Callable[[TopicPartition], None],
        supersedes: Supersedes | None = None,
    ) -> None:
        self.counters = Counters()
        self.bytes_held = 0
        self.dead_letter_error: str | None = None
        self._handler = handler
        self._max_value_bytes = max_value_bytes
        self._retry = retry
        self._dead_letters = dead_letters
        self._on_change = on_change
        self._supersedes = supersedes
        self._slots = asyncio.Semaphore(concurrency)
        self._jobs: dict[tuple[TopicPartition, int], Job] = {}
        self._of_key: dict[tuple[TopicPartition, bytes | int], set[asyncio.Task[None]]] = {}
        # Cancelled and not ended yet: they count for nothing but must not be lost to the garbage collector.
        self._leaving: set[asyncio.Task[None]] = set()
        self._draining = False

    def __len__(self) -> int:
        return len(self._jobs)

    @property
    def oldest_seconds(self) -> float:
        """Age of the job that was delivered first; 0 without jobs."""
        oldest = next(iter(self._jobs.values()), None)
        return 0.0 if oldest is None else time.monotonic() - oldest.since

    def age_of(self, partition: TopicPartition, offset: int) -> float:
        """Of the record of an open job, by its timestamp; 0 where there is none."""
        job = self._jobs.get((partition, offset))
        return 0.0 if job is None else max(0.0, time.time() - job.raw.timestamp / 1000)

    def start(self, raw: ConsumerRecord, finish: Callable[[], None]) -> None:
        """Take a record on; `finish` is called once its effect, or its dead letter, is durable."""
        job = Job(raw=raw, finish=finish, since=time.monotonic(), first_seen=datetime.now(UTC))
        partition, offset = job.place
        order = (partition, offset if raw.key is None else raw.key)
        earlier = self._of_key.setdefault(order, set())
        if earlier:
            self._supersede(raw)
        job.task = asyncio.create_task(
            # All of them: the last may be cancelled, and end before those that it waited for.
            self._run(job, set(earlier)),
            name=f"{partition.topic}/{partition.partition}/{offset}",
        )
        earlier.add(job.task)
        self._jobs[job.place] = job
        self.bytes_held += job.size

        def ended(task: asyncio.Task[None]) -> None:
            self._leaving.discard(task)
            earlier.discard(task)
            if not earlier:
                del self._of_key[order]
            if task.cancelled() and job.is_superseded:
                self.counters.superseded += 1
                self._finish(job)
            self._forget(job)
            if not task.cancelled() and (error := task.exception()) is not None:
                log.error("a job broke outside its handler", reason=reason_of(error), places=places_of(error))

        job.task.add_done_callback(ended)

    def abandon(self, places: Iterable[tuple[TopicPartition, int]]) -> None:
        """Cancel these jobs; they stop counting at once."""
        for place in places:
            if (job := self._jobs.get(place)) is not None:
                self._cancel(job)

    async def drain(self, grace_seconds: float | None) -> None:
        """Start nothing more, let what runs end within the grace time (None: no limit), cancel the rest."""
        self._draining = True
        for job in [job for job in self._jobs.values() if job.at_rest]:
            self._cancel(job)
        if running := [job.task for job in self._jobs.values()]:
            await asyncio.wait(running, timeout=grace_seconds)
        for job in list(self._jobs.values()):
            self._cancel(job)
        await asyncio.gather(*self._leaving, return_exceptions=True)
        self._draining = False

    def _supersede(self, raw: ConsumerRecord) -> None:
        """End those of the jobs of its key that this record supersedes."""
        if self._supersedes is None or (later := self._parsed(raw)) is None:
            return
        for job in self._jobs.values():
            if (job.raw.topic, job.raw.partition, job.raw.key) != (raw.topic, raw.partition, raw.key):
                continue
            earlier = self._parsed(job.raw)
            if earlier and not job.is_dying and not job.is_superseded and self._supersedes(later, earlier):
                job.is_superseded = True
                job.task.cancel()

    def _parsed(self, raw: ConsumerRecord) -> Record | None:
        try:
            return parse_record(raw, max_value_bytes=self._max_value_bytes)
        except PoisonRecord:
            return None

    def _cancel(self, job: Job) -> None:
        self.counters.abandoned += 1
        self._leaving.add(job.task)
        job.task.cancel()
        self._forget(job)

    def _forget(self, job: Job) -> None:
        if self._jobs.get(job.place) is job:
            del self._jobs[job.place]
            self.bytes_held -= job.size
            self._on_change(job.place[0])

    async def _run(self, job: Job, earlier: set[asyncio.Task[None]]) -> None:
        if earlier:
            # However they end: a dead letter and a cancelled job free their successors too.
            await asyncio.wait(earlier)
        attempt = unknown = 0
        while True:
            attempt += 1
            async with self._slots:
                job.at_rest = False
                error = await self._attempt(job)
            if error is None:
                break
            failure = self._retry.classify(error)
            unknown += failure is Failure.UNKNOWN
            if failure is Failure.POISON or unknown >= self._retry.max_attempts:
                await self._bury(job, error, attempt)
                break
            log.warning(
                "a record failed, will try again",
                **_where(job),
                attempt=attempt,
                failure=failure.value,
                reason=reason_of(error),
                places=places_of(error),
            )
            if self._draining:
                # Not finished, so not committed: whoever comes next does it.
                return
            self.counters.retried += 1
            job.at_rest = True
            await asyncio.sleep(self._retry.delay(attempt))
        self._finish(job)

    def _finish(self, job: Job) -> None:
        self.counters.finished += 1
        job.finish()

    async def _attempt(self, job: Job) -> BaseException | None:
        counters = self.counters
        counters.started += 1
        counters.running += 1
        counters.peak = max(counters.peak, counters.running)
        try:
            with processing(job.raw):
                await self._handler(parse_record(job.raw, max_value_bytes=self._max_value_bytes))
        except asyncio.CancelledError as error:
            if job.task.cancelling():
                raise
            # The handler awaited something that was cancelled: its failure, not our end.
            return error
        except Exception as error:  # noqa: BLE001 - the policy decides about every one
            return error
        finally:
            counters.running -= 1
        return None

    async def _bury(self, job: Job, error: BaseException, attempts: int) -> None:
        job.is_dying = True
        failed = 0
        while True:
            try:
                await self._dead_letters.write(
                    job.raw, error=error, attempts=attempts, first_seen=job.first_seen
                )
            except Exception as trouble:  # noqa: BLE001 - the record must not be lost, whatever it is
                failed += 1
                self.dead_letter_error = reason_of(trouble)
                log.error("the dead letter failed, will try again", **_where(job), reason=reason_of(trouble))  # noqa: TRY400 - its text may quote the record
                job.at_rest = True
                await asyncio.sleep(self._retry.delay(failed))
                job.at_rest = False
            else:
                break
        self.dead_letter_error = None
        self.counters.dead += 1
        log.error(
            "a record went to the dead letters",
            **_where(job),
            attempts=attempts,
            reason=reason_of(error),
            places=[] if isinstance(error, PoisonRecord) else places_of(error),
        )


def _where(job: Job) -> dict[str, str | int]:
    raw = job.raw
    return {"topic": raw.topic, "partition": raw.partition, "offset": raw.offset, **trace_of(raw)}
