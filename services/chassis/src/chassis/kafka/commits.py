"""Commits what the lanes allow, several times a second, and at the moments when it matters."""

import asyncio
import contextlib
from collections.abc import Callable

from aiokafka import AIOKafkaConsumer, TopicPartition
from aiokafka.errors import IllegalStateError, KafkaError

from chassis.kafka.health import Lately
from chassis.kafka.lanes import Lanes
from chassis.kafka.safe_errors import reason_of
from chassis.logs import get_logger

log = get_logger(__name__)

COMMIT_INTERVAL_SECONDS = 0.25
# A commit that has no answer by then is reported and tried again; aiokafka would go on silently for ever.
COMMIT_TIMEOUT_SECONDS = 5
# A group that rebalances waits for all its members, so nobody in it works meanwhile.
REVOKE_TIMEOUT_SECONDS = 2
LAST_COMMIT_TIMEOUT_SECONDS = 3


class Committer:
    """Commits for one consumer of a group. `assigned` is set while the group is settled and we are in it."""

    def __init__(
        self,
        *,
        lanes: Lanes[TopicPartition],
        consumer: Callable[[], AIOKafkaConsumer | None],
        assigned: asyncio.Event,
    ) -> None:
        self.dirty = asyncio.Event()
        """Set it when there may be something to commit."""
        self.failure = Lately()
        self.commits = 0
        self._lanes = lanes
        self._consumer = consumer
        self._assigned = assigned
        self._one_at_a_time = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    @property
    def alive(self) -> bool:
        """Whether `run` runs."""
        return self._task is not None and not self._task.done()

    async def run(self) -> None:
        """Commit until cancelled."""
        self._task = asyncio.current_task()
        while True:
            await self.dirty.wait()
            await asyncio.sleep(COMMIT_INTERVAL_SECONDS)
            # Between revocation and assignment a commit could set another member's partition back.
            await self._assigned.wait()
            self.dirty.clear()
            try:
                async with asyncio.timeout(COMMIT_TIMEOUT_SECONDS), self._one_at_a_time:
                    if self._assigned.is_set():
                        await self._commit()
            except Exception as error:  # noqa: BLE001 - whatever it is, the next commit may go well
                self.dirty.set()
                self.failure.note(error)
                log.warning("the commit failed, will try again", reason=reason_of(error))

    async def commit_on_revocation(self) -> None:
        """Commit for the generation that ends; gives up soon, and is then made good for by repeating jobs."""
        try:
            async with asyncio.timeout(REVOKE_TIMEOUT_SECONDS), self._one_at_a_time:
                await self._commit()
        except (KafkaError, IllegalStateError, TimeoutError) as error:
            log.warning("the commit before the rebalance failed", reason=reason_of(error))

    async def commit_last(self) -> None:
        """Commit before the group is left; a rebalance that goes on just then is waited for."""
        if not self._lanes.committable(list(self._lanes)):
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(LAST_COMMIT_TIMEOUT_SECONDS):
                while True:
                    await self._assigned.wait()
                    try:
                        async with self._one_at_a_time:
                            await self._commit()
                    except (KafkaError, IllegalStateError) as error:
                        log.warning("the last commit failed, will try again", reason=reason_of(error))
                        # Not with the lock held: the rebalance has a commit of its own to make.
                        await asyncio.sleep(COMMIT_INTERVAL_SECONDS)
                    else:
                        return
        log.error("stopped without the last commit: some jobs will be repeated")

    async def _commit(self) -> None:
        consumer = self._consumer()
        if consumer is None:
            return
        commits = self._lanes.committable(consumer.assignment())
        if commits:
            await consumer.commit(commits)
            self._lanes.acknowledge(commits)
            self.commits += 1
        self.failure.clear()
