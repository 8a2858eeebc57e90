"""The runner of a consumer starts when Kafka is available, and restarts a dead consumer."""

from pathlib import Path

import pytest
from chassis.messaging.consuming.health import SubscriberHealth
from local_stack.kafka.broker import Kafka
from local_stack.ports import free_ports

from tests.integration.chassis.messaging.subscribing import Member, Written, topic_of
from tests.support.polling import eventually


async def test_consumer_waits_for_kafka(tmp_path: Path) -> None:
    port, controller_port = free_ports(2)
    kafka = Kafka(data_dir=tmp_path, port=port, controller_port=controller_port)
    topic = Written(bootstrap_servers=kafka.bootstrap_servers, name="late", partitions=2)
    async with Member(topic) as member:
        consuming = member.consuming
        assert await consuming.check() == "there is no connection to Kafka; the log says why"
        assert await consuming.check_alive() is None
        async with kafka, topic_of(kafka.bootstrap_servers, 2, name="late"):
            await eventually(consuming.check, until=lambda said: said is None)


async def test_dead_consumer_is_reported_and_replaced(
    kafka_bootstrap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with topic_of(kafka_bootstrap, 2) as topic, Member(topic) as member:
        await eventually(member.consuming.check, until=lambda said: said is None)
        with monkeypatch.context() as broken:
            broken.setattr(SubscriberHealth, "broken", property(lambda _: "The fetch loop has ended."))
            assert await member.consuming.check_alive() == "The fetch loop has ended."
            await member.has(lambda one: not one.subscriber.health().running)
        await topic.write(1)
        await member.has(lambda one: len(one.finished) == 1)
        await eventually(member.consuming.check, until=lambda said: said is None)
