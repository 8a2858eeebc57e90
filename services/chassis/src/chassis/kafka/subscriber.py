"""`ParallelSubscriber`: many jobs in flight in one consumer of a group, committed without gaps.

FastStream gives the life cycle: the broker starts and stops its subscribers, builds their consumers from its
own connection settings, and runs their tasks. Its message pipeline (parser, decoder, middlewares, dependency
injection, acknowledgement) is left out, and the handler is called with a `Record`: the pipeline's `ack`
commits the position of every partition, past all jobs in flight, and what it raises for a message that it
cannot parse is hard to tell from what a handler raises. The way of a record from here on is in `work.py`.

Of FastStream's internals this uses the subscriber's constructor, `get_msg`, `consume_one`,
`_run_consume_loop`, `add_task` and `_listener`; so it is pinned to 0.7. FastStream restarts a task that
raises at once, for ever, and logs equal errors once an hour; so the loops here catch, note and wait by
themselves.

Offsets: `lanes.py` knows what is open in each partition, `commits.py` commits below the lowest of it.
Back-pressure: with a full window all partitions are paused and nothing is asked for; what was fetched stays
buffered. Rebalancing: aiokafka revokes everything each time, and reads again from the committed offsets. On
revocation only the commit is done; on assignment the jobs of kept partitions live on, those of lost ones end.
"""

import asyncio
import contextlib
from collections.abc import Collection
from typing import Any, cast

from aiokafka import (
    AIOKafkaConsumer,
    AIOKafkaProducer,
    ConsumerRebalanceListener,
    ConsumerRecord,
    TopicPartition,
)
from aiokafka.errors import KafkaError
from faststream._internal.broker.registrator import Registrator
from faststream._internal.endpoint.subscriber.call_item import CallsCollection
from faststream.kafka import KafkaBroker
from faststream.kafka.configs import KafkaBrokerConfig
from faststream.kafka.schemas import Topic
from faststream.kafka.subscriber.config import KafkaSubscriberConfig, KafkaSubscriberSpecificationConfig
from faststream.kafka.subscriber.specification import KafkaSubscriberSpecification
from faststream.kafka.subscriber.usecase import DefaultSubscriber
from faststream.middlewares import AckPolicy

from chassis.kafka.commits import Committer
from chassis.kafka.dead_letters import DeadLetters
from chassis.kafka.health import Lately, SubscriberHealth
from chassis.kafka.lag import Lag
from chassis.kafka.lanes import Lanes
from chassis.kafka.retry import RetryPolicy
from chassis.kafka.safe_errors import reason_of
from chassis.kafka.window import Window
from chassis.kafka.work import Counters, Handler, Supersedes, Work
from chassis.logs import get_logger

log = get_logger(__name__)

# The coordinator throws out a member that takes longer to rejoin than the session (10 s).
ASSIGN_TIMEOUT_SECONDS = 4
# Leaving the group may wait for an answer of a broker that is away.
LEAVE_TIMEOUT_SECONDS = 3
# aiokafka leaves the group when nobody asked for a record for 300 s: with a full window we ask in vain.
KEEP_ALIVE_SECONDS = 60
FETCH_BACKOFF_SECONDS = 1

CONSUMER_DEFAULTS = {
    # FastStream's default is latest: what came before a new group's first start would be lost.
    "auto_offset_reset": "earliest",
    # How long a member takes to hear of a rebalance; all others wait for it.
    "heartbeat_interval_ms": 1000,
    # How long a partition that was resumed may wait behind a fetch that was sent without it.
    "fetch_max_wait_ms": 100,
    # How long what is made after the subscriber came, a topic or more partitions, may not be seen by it.
    "metadata_max_age_ms": 30_000,
    # With the prefetch of one megabyte a partition, bounds what lies in buffers.
    "fetch_max_bytes": 16 * 1024 * 1024,
}


class ParallelSubscriber(DefaultSubscriber):
    """Made by `parallel_subscriber`, which explains the settings."""

    def __init__(
        self,
        config: KafkaSubscriberConfig,
        specification: KafkaSubscriberSpecification,
        calls: CallsCollection[ConsumerRecord],
        *,
        handler: Handler,
        dead_letters: DeadLetters,
        retry: RetryPolicy,
        concurrency: int,
        max_value_bytes: int,
        window: Window[TopicPartition],
        stuck_after_seconds: float,
        supersedes: Supersedes | None,
    ) -> None:
        super().__init__(config, specification, calls)
        self._listener = _Listener(self)
        self._dead_letters = dead_letters
        self._window = window
        self._stuck_after_seconds = stuck_after_seconds
        self._lanes: Lanes[TopicPartition] = Lanes()
        self._assigned = asyncio.Event()
        self._committer = Committer(
            lanes=self._lanes, consumer=lambda: self.consumer, assigned=self._assigned
        )
        self._work = Work(
            handler=handler,
            concurrency=concurrency,
            max_value_bytes=max_value_bytes,
            retry=retry,
            dead_letters=dead_letters,
            on_change=self._job_ended,
            supersedes=supersedes,
        )
        self.lag = Lag(
            next_of=self._lanes.next_of,
            has_finished=self._lanes.has_finished,
            consumer=lambda: self.consumer,
            assigned=self._assigned,
            age_of=self._work.age_of,
            in_flight=lambda: len(self._work),
        )
        self._fetch_task: asyncio.Task[None] | None = None
        self._fetch_failure = Lately()
        self._turn = 0
        # Counts revocations: a record that was fetched before one must not be taken on after it.
        self._epoch = 0

    @property
    def counters(self) -> Counters:
        """Numbers for metrics."""
        self._work.counters.commits = self._committer.commits
        return self._work.counters

    def health(self) -> SubscriberHealth:
        """How the subscriber is right now; asks nobody."""
        consumer = self.consumer
        looping = self._fetch_task is not None and not self._fetch_task.done()
        return SubscriberHealth(
            running=self.running,
            joined=self._assigned.is_set(),
            partitions=0 if consumer is None else len(consumer.assignment()),
            fetching=looping and _client_lives(consumer),
            committing=self._committer.alive,
            in_flight=len(self._work),
            oldest_seconds=self._work.oldest_seconds,
            stuck_after_seconds=self._stuck_after_seconds,
            fetch_error=self._fetch_failure.reason,
            commit_error=self._committer.failure.reason,
            dead_letter_error=self._work.dead_letter_error,
        )

    async def check(self) -> str | None:
        """For readiness of who does nothing but consume: a sentence when something is wrong, else None."""
        return self.health().problem or self.lag.progress.problem

    async def check_alive(self) -> str | None:
        """For readiness of who also serves without Kafka: a sentence when a loop is dead, else None."""
        return self.health().broken

    async def check_progress(self) -> str | None:
        """For readiness: a sentence while records wait and the broker sees none of them done, else None."""
        return self.lag.progress.problem

    async def start(self) -> None:
        """Join the group and begin to work.

        Raises:
            KafkaError: there is no broker.
        """
        await super().start()
        # The base starts a loop of its own only for handlers of its own.
        self.add_task(self._run_consume_loop, (self.consumer,))
        self.add_task(self._committer.run)

    async def stop(self) -> None:
        """Stop fetching, let running jobs end within the broker's graceful timeout, commit, leave."""
        was_running, self.running = self.running, False
        if was_running:
            await self._work.drain(self._outer_config.graceful_timeout)
            await self._committer.commit_last()
        try:
            async with asyncio.timeout(LEAVE_TIMEOUT_SECONDS):
                await super().stop()
        except TimeoutError:
            log.warning("the group could not be left in time", group=self.group_id)
            self.consumer = None
        await self.close()
        self._assigned.clear()
        self._window.forget(list(self._lanes))
        self._lanes.clear()

    async def close(self) -> None:
        """Close the connection of the dead letters; a later one opens another."""
        await self._dead_letters.stop()

    async def _run_consume_loop(self, consumer: AIOKafkaConsumer) -> None:
        self._fetch_task = asyncio.current_task()
        while self.running:
            try:
                await super()._run_consume_loop(consumer)
            except Exception as error:  # noqa: BLE001 - nothing may end the loop in silence
                self._fetch_failure.note(error)
                log.warning("the fetch loop broke, will go on", reason=reason_of(error))
                await asyncio.sleep(FETCH_BACKOFF_SECONDS)
            else:
                return

    async def get_msg(self, consumer: AIOKafkaConsumer) -> ConsumerRecord | None:
        """The next record, of each partition in turn; None when there is none after all.

        `getone()` alone would empty one partition's buffer before it looks at the next.
        """
        try:
            if not await self._wait_for_room():
                # All partitions are paused, so this gives nothing: it is asked only to be seen asking.
                return _first(await consumer.getmany(timeout_ms=0, max_records=1))
            fetchable = sorted(consumer.assignment() - consumer.paused())
            for _ in fetchable:
                self._turn += 1
                partition = fetchable[self._turn % len(fetchable)]
                if record := _first(await consumer.getmany(partition, timeout_ms=0, max_records=1)):
                    return record
            return await consumer.getone()
        except KafkaError as error:
            # FastStream would sleep for five seconds.
            self._fetch_failure.note(error)
            log.warning("fetching failed, will try again", reason=reason_of(error))
            await asyncio.sleep(FETCH_BACKOFF_SECONDS)
            return None

    async def _wait_for_room(self) -> bool:
        if not self._window.room.is_set():
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(KEEP_ALIVE_SECONDS):
                    await self._window.room.wait()
        return self._window.room.is_set()

    async def consume_one(self, msg: ConsumerRecord) -> None:
        """Take a record on, unless it is open or finished here already; does not wait for its job."""
        epoch = self._epoch
        await self._assigned.wait()
        if epoch != self._epoch or not self.running:
            return
        partition, offset = TopicPartition(msg.topic, msg.partition), msg.offset
        lane = self._lanes.deliver(partition, offset)
        if lane is None:
            self._work.counters.duplicates += 1
            return
        self._work.start(msg, lambda: lane.finish(offset))
        self._balance(partition)

    def _job_ended(self, partition: TopicPartition) -> None:
        self._committer.dirty.set()
        self._balance(partition)

    def _balance(self, partition: TopicPartition) -> None:
        lane = self._lanes.get(partition)
        if self._window.update(
            partition,
            records=len(self._work),
            size=self._work.bytes_held,
            span=0 if lane is None else lane.span,
        ):
            self._pause_and_resume()

    def _pause_and_resume(self) -> None:
        consumer = self.consumer
        if consumer is None or not self.running:
            return
        for partition in consumer.assignment():
            if self._window.is_open(partition):
                consumer.resume(partition)
            else:
                consumer.pause(partition)

    async def on_revoked(self) -> None:
        """The group begins a new generation, and we have nothing until it is there."""
        self._epoch += 1
        was_assigned = self._assigned.is_set()
        self._assigned.clear()
        if was_assigned:
            await self._committer.commit_on_revocation()

    async def on_assigned(self, assigned: Collection[TopicPartition]) -> None:
        """The new generation is there: keep the lanes of kept partitions, end the jobs of lost ones."""
        consumer = self.consumer
        if consumer is None:
            return
        known = list(self._lanes)
        committed = await self._committed_offsets(consumer, [one for one in known if one in assigned])
        abandoned = self._lanes.reassign(assigned, committed)
        self._work.abandon(abandoned)
        self._window.forget(known)
        for partition, offset in committed.items():
            lane = self._lanes.get(partition)
            if lane is not None and offset is not None and offset < lane.next_offset:
                # Saves reading again what is open or finished here.
                consumer.seek(partition, lane.next_offset)
        log.info(
            "partitions assigned",
            group=self.group_id,
            partitions=len(assigned),
            kept=len(committed),
            abandoned=len(abandoned),
        )
        self._assigned.set()
        # What ended while we had no place in the group is committed now.
        self._committer.dirty.set()
        for partition in self._lanes:
            self._balance(partition)
        # A new assignment begins with nothing paused.
        self._pause_and_resume()

    async def _committed_offsets(
        self, consumer: AIOKafkaConsumer, partitions: list[TopicPartition]
    ) -> dict[TopicPartition, int | None]:
        try:
            async with asyncio.timeout(ASSIGN_TIMEOUT_SECONDS):
                offsets = await asyncio.gather(*map(consumer.committed, partitions))
        except (KafkaError, TimeoutError) as error:
            # At worst an offset that others moved is set back, and some of their jobs are repeated.
            log.warning("the committed offsets are unknown", reason=reason_of(error))
            return {}
        return dict(zip(partitions, offsets, strict=True))


def parallel_subscriber(
    broker: KafkaBroker,
    *topics: str,
    group_id: str,
    handler: Handler,
    concurrency: int = 64,
    window: int | None = None,
    window_bytes: int = 64 * 1024 * 1024,
    max_span: int = 2000,
    max_value_bytes: int = 4 * 1024 * 1024,
    stuck_after_seconds: float = 900.0,
    retry: RetryPolicy | None = None,
    supersedes: Supersedes | None = None,
    **consumer: Any,  # noqa: ANN401 - whatever AIOKafkaConsumer takes
) -> ParallelSubscriber:
    """Register a handler with a broker that is not started yet; to start and stop the broker is all.

    Records of one partition with the same key run in order, all others side by side. A record is done, and
    may be committed, when its handler returned or its dead letter is durable. Delivery is at least once.

    Args:
        handler: awaited with each record; raises PoisonRecord for what it cannot understand.
        concurrency: handlers at work at once.
        window: records taken on at once, be they at work, waiting for their predecessor or a slot, or backing
            off. More than `concurrency`; twice as many when not given.
        window_bytes: the same bound in bytes of their keys and values.
        max_span: how far a partition may run ahead of its oldest open record; a crash reads that much again.
        max_value_bytes: a larger value is poison.
        stuck_after_seconds: a record that is open for longer makes the subscriber unhealthy.
        supersedes: whether a record ends the job of an earlier one of its key, which then counts as done.
        retry: what is tried again; name the transient exceptions of the service's own infrastructure there.
        consumer: settings for AIOKafkaConsumer. `group_instance_id`, and another assignor, do not work.
    """
    declared = [Topic.validate(topic) for topic in topics]
    # FastStream casts likewise: the composition passes every attribute on.
    outer = cast("KafkaBrokerConfig", broker.config)
    calls = CallsCollection[ConsumerRecord]()
    records = 2 * concurrency if window is None else window
    subscriber = ParallelSubscriber(
        KafkaSubscriberConfig(
            topics=declared,
            group_id=group_id,
            connection_args={**CONSUMER_DEFAULTS, **consumer},
            no_reply=True,
            _outer_config=outer,
            _ack_policy=AckPolicy.MANUAL,
        ),
        KafkaSubscriberSpecification(
            _outer_config=outer,
            calls=calls,
            specification_config=KafkaSubscriberSpecificationConfig(
                topics=declared, title_=None, description_=None, include_in_schema=False
            ),
        ),
        calls,
        handler=handler,
        # With the broker's connection settings, but not its producer, which cannot be replaced once it died.
        dead_letters=DeadLetters(
            group_id=group_id, create_producer=lambda: AIOKafkaProducer(**broker._connection_kwargs)
        ),
        retry=retry or RetryPolicy(),
        concurrency=concurrency,
        max_value_bytes=max_value_bytes,
        # Resumed while more records than slots are there, so that no slot waits for the next fetch.
        window=Window(
            records=records, resume_at=(records + concurrency) // 2, size=window_bytes, span=max_span
        ),
        stuck_after_seconds=stuck_after_seconds,
        supersedes=supersedes,
    )
    # The broker's own method would build one of FastStream's subscribers; this only registers.
    Registrator.subscriber(broker, subscriber)
    return subscriber


class _Listener(ConsumerRebalanceListener):  # type: ignore[misc] # aiokafka has no types
    def __init__(self, subscriber: ParallelSubscriber) -> None:
        self._subscriber = subscriber

    async def on_partitions_revoked(self, revoked: set[TopicPartition]) -> None:  # noqa: ARG002 - always all
        await self._subscriber.on_revoked()

    async def on_partitions_assigned(self, assigned: set[TopicPartition]) -> None:
        await self._subscriber.on_assigned(assigned)


def _first(batches: dict[TopicPartition, list[ConsumerRecord]]) -> ConsumerRecord | None:
    return next((records[0] for records in batches.values() if records), None)


def _client_lives(consumer: AIOKafkaConsumer | None) -> bool:
    """Whether the consumer's own tasks live; when its fetcher ended, `getone()` waits for ever."""
    if consumer is None or consumer._fetcher is None or consumer._coordinator is None:
        return False
    return not (consumer._fetcher.error_future.done() or consumer._coordinator._coordination_task.done())
