"""Publish the analyzer's events. The analyzer has no outbox; it waits for the broker instead."""

import asyncio
from typing import Final, Protocol

from aiokafka.errors import KafkaError
from chassis.messaging.publisher import Publisher
from chassis.telemetry.logs import get_logger
from chassis.telemetry.trace import current_traceparent
from contracts.envelope import SerializedEvent, encode
from contracts.events import PrivateEvent
from contracts.match_events import PrivateMatchEvent

from contracts import sources

log = get_logger(__name__)

_FIRST_BACKOFF_SECONDS: Final = 0.1
_MAX_BACKOFF_SECONDS: Final = 5.0


class Publish(Protocol):
    """Publishes an event and returns once the broker has acknowledged it."""

    async def __call__(self, event: PrivateEvent | PrivateMatchEvent | SerializedEvent, /) -> None: ...


class PublishEvent:
    """Retries until the broker has the event, so that a finished and paid analysis is not lost."""

    def __init__(self, *, publisher: Publisher) -> None:
        self._publisher = publisher

    async def __call__(self, event: PrivateEvent | PrivateMatchEvent | SerializedEvent) -> None:
        """Publish an event and return once the broker has acknowledged it, unless cancelled before."""
        message = encode(event, source=sources.ANALYZER, traceparent=current_traceparent())
        backoff = _FIRST_BACKOFF_SECONDS
        while True:
            try:
                (error,) = await self._publisher.publish([message])
            except (KafkaError, OSError, TimeoutError) as failure:
                error = failure
            if error is None:
                return
            log.warning("event not published, retrying", error=type(error).__name__)
            await asyncio.sleep(backoff)
            backoff = min(backoff * 2, _MAX_BACKOFF_SECONDS)
