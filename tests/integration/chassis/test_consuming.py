"""A service begins to consume when Kafka comes, and again when its consumer has died."""

from pathlib import Path
from uuid import uuid4

from chassis.deadline import Deadline
from chassis.kafka.clients import create_broker
from chassis.kafka.consuming import Consuming
from chassis.kafka.records import Record
from chassis.kafka.subscriber import parallel_subscriber
from contracts.topics import TOPICS
from local_stack.kafka import Kafka
from local_stack.ports import free_ports
from local_stack.topics import create_topics

from tests.integration.chassis.subscribing import topic_of
from tests.support.kafka import producer_for
from tests.support.polling import eventually


async def test_consuming_waits_for_kafka(tmp_path: Path) -> None:
    port, controller_port = free_ports(2)
    kafka = Kafka(data_dir=tmp_path, port=port, controller_port=controller_port)
    broker = create_broker(bootstrap_servers=kafka.bootstrap_servers, client_id="waiting", drain_seconds=1)

    async def handle(_record: Record) -> None:
        """Nothing comes."""

    subscriber = parallel_subscriber(broker, TOPICS[0].name, group_id=str(uuid4()), handler=handle)
    consuming = Consuming(broker=broker, subscriber=subscriber)
    consuming.start()
    try:
        assert await consuming.check() == "there is no connection to Kafka; the log says why"
        assert await consuming.check_alive() is None
        async with kafka:
            await create_topics(kafka.bootstrap_servers)
            await eventually(consuming.check, until=lambda said: said is None)
    finally:
        await consuming.stop(deadline=Deadline(seconds=10))


async def test_a_dead_consumer_is_told_of_and_replaced(kafka_bootstrap: str) -> None:
    seen: list[bytes | None] = []

    async def handle(record: Record) -> None:
        seen.append(record.value)

    async with topic_of(kafka_bootstrap, 2) as topic:
        broker = create_broker(bootstrap_servers=kafka_bootstrap, client_id="mortal", drain_seconds=5)
        subscriber = parallel_subscriber(broker, topic.name, group_id=topic.group, handler=handle)
        consuming = Consuming(broker=broker, subscriber=subscriber)
        consuming.start()
        try:
            await eventually(consuming.check, until=lambda said: said is None)
            assert subscriber._fetch_task is not None
            subscriber._fetch_task.cancel()
            assert await eventually(consuming.check_alive, until=bool) == "The fetch loop has ended."
            async with producer_for(kafka_bootstrap) as producer:
                await producer.send_and_wait(topic.name, b"after")

            async def values() -> list[bytes | None]:
                return seen

            await eventually(values, until=lambda found: found == [b"after"])
            await eventually(consuming.check, until=lambda said: said is None)
        finally:
            await consuming.stop(deadline=Deadline(seconds=10))
