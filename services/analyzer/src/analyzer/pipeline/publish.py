"""Publish the analyzer's events. It has no outbox: it waits for the broker instead."""

import asyncio

from aiokafka.errors import KafkaError
from chassis.messaging.publisher import Publisher
from chassis.telemetry.logs import get_logger
from chassis.telemetry.trace import current_traceparent
from contracts.envelope import SerializedEvent, encode
from contracts.events import PrivateEvent

from contracts import sources

log = get_logger(__name__)

MAX_BACKOFF_SECONDS = 5.0


class PublishEvent:
    """Tries until the broker has the event: an analysis that was paid for is not thrown away."""

    def __init__(self, *, publisher: Publisher) -> None:
        self._publisher = publisher

    async def __call__(self, event: PrivateEvent | SerializedEvent) -> None:
        """Returns once the broker has acknowledged it; ends early only by being cancelled."""
        message = encode(event, source=sources.ANALYZER, traceparent=current_traceparent())
        backoff = 0.1
        while True:
            try:
                (error,) = await self._publisher.publish([message])
            except (KafkaError, OSError, TimeoutError) as failure:
                error = failure
            if error is None:
                return
            log.warning("event not published yet", error=type(error).__name__)
            await asyncio.sleep(backoff)
            backoff = min(backoff * 2, MAX_BACKOFF_SECONDS)
