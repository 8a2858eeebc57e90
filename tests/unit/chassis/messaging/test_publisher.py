"""Results for each message of a batch, with a fake producer."""

import asyncio

from aiokafka.errors import KafkaConnectionError, KafkaError, MessageSizeTooLargeError
from chassis.messaging.messages import StoredMessage
from chassis.messaging.publisher import NotAcknowledged, Publisher


class FakeProducer:
    """A producer that fails to accept or to deliver given values."""

    def __init__(self, *, not_taken: dict[str, KafkaError], lost: dict[str, KafkaError]) -> None:
        self.not_taken = not_taken
        self.lost = lost
        self.sent: list[str] = []
        self.stopped = False
        self._sender = self.client = self

    async def start(self) -> None:
        """Do nothing: the connection needs no time."""

    async def stop(self) -> None:
        self.stopped = True

    async def send(self, _topic: str, value: bytes, **_: object) -> "asyncio.Future[None]":
        text = value.decode()
        if text in self.not_taken:
            raise self.not_taken[text]
        self.sent.append(text)
        acknowledgement: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        if text in self.lost:
            acknowledgement.set_exception(self.lost[text])
        else:
            acknowledgement.set_result(None)
        return acknowledgement


def batch(*keys_and_values: tuple[str, str]) -> list[StoredMessage]:
    return [
        StoredMessage(seq=number, topic="t", key=key, value=value, headers={})
        for number, (key, value) in enumerate(keys_and_values)
    ]


async def test_message_never_overtakes_one_of_the_same_key() -> None:
    producer = FakeProducer(not_taken={"a1": KafkaConnectionError()}, lost={})
    publisher = Publisher(create_producer=lambda: producer)
    outcomes = await publisher.publish(batch(("a", "a1"), ("b", "b1"), ("a", "a2"), ("b", "b2")))
    assert producer.sent == ["b1", "b2"]
    assert [type(outcome) for outcome in outcomes] == [
        KafkaConnectionError,
        type(None),
        NotAcknowledged,
        type(None),
    ]
    assert producer.stopped


async def test_rejected_message_holds_up_no_other_and_keeps_the_producer() -> None:
    producer = FakeProducer(not_taken={"a1": MessageSizeTooLargeError()}, lost={})
    publisher = Publisher(create_producer=lambda: producer)
    outcomes = await publisher.publish(batch(("a", "a1"), ("a", "a2")))
    assert producer.sent == ["a2"]
    assert [type(outcome) for outcome in outcomes] == [MessageSizeTooLargeError, type(None)]
    assert not producer.stopped


async def test_producer_that_lost_a_message_is_replaced() -> None:
    producers = [FakeProducer(not_taken={}, lost={"a1": KafkaError()}) for _ in range(2)]
    waiting = iter(producers)
    publisher = Publisher(create_producer=lambda: next(waiting))
    await publisher.publish(batch(("a", "a1")))
    await publisher.publish(batch(("a", "again")))
    assert producers[0].stopped
    assert producers[1].sent == ["again"]
