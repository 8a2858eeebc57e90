"""Run a consumer in a process that a test can kill. It appends each start and end of a job to a file.

Arguments: bootstrap servers, topic, group, file, longest duration of a job in seconds.
"""

import asyncio
import os
import signal
import sys
from functools import partial
from uuid import uuid4

from analyzer.pipeline.active_work import ActiveWork
from chassis.deadline import Deadline
from chassis.messaging.clients import create_broker, create_producer
from chassis.messaging.consuming.concurrent import ConcurrentSubscriber
from chassis.messaging.consuming.dead_letters import DeadLetters
from chassis.messaging.consuming.records import Record
from chassis.messaging.consuming.retry import RetryPolicy
from chassis.messaging.consuming.runner import ConsumerRunner


async def main(bootstrap_servers: str, topic: str, group: str, path: str, seconds: str) -> None:
    """Consume until SIGTERM."""
    effects = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT)

    def note(what: str, record: Record) -> None:
        os.write(effects, f"{what} {record.partition} {record.offset}\n".encode())

    async def handle(record: Record) -> None:
        note("start", record)
        # Jobs end in another order than they started.
        await asyncio.sleep((0.2 + 0.1 * (record.offset * 7 % 9)) * float(seconds))
        note("end", record)

    broker = create_broker(bootstrap_servers=bootstrap_servers, client_id="process", drain_seconds=10)
    work = ActiveWork(slots=48)
    consuming = ConsumerRunner(
        broker=broker,
        subscriber=ConcurrentSubscriber(
            broker,
            topic,
            group_id=group,
            decode=lambda record: record,
            handle=lambda record: work.run(uuid4(), lambda: handle(record)),
            jobs=work,
            max_in_flight=96,
            dead_letters=DeadLetters(
                group_id=group,
                create_producer=partial(
                    create_producer, bootstrap_servers=bootstrap_servers, client_id="dead-letters"
                ),
            ),
            retry=RetryPolicy(),
            # The shortest that the broker allows, because a rebalance waits this long for a killed member.
            session_timeout_ms=6000,
        ),
    )
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    await consuming.start()
    await ended.wait()
    await consuming.stop(deadline=Deadline(seconds=20))


if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
