"""Failpoints: named places at which a service kills itself. The product itself does not know them.

A failpoint patches one method of the process in which it is armed. When the method has been passed a given
number of times, the process appends a line to a file and sends itself SIGKILL.
"""

import asyncio
import json
import os
import signal
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pkgutil import resolve_name
from typing import Any, Final, NoReturn

from contracts.events import AnalysisStarted

Method = Callable[..., Awaitable[Any]]

# How far into a model call: the request has been sent by then, and the fake model takes longer to answer.
DURING_SECONDS: Final = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Arming:
    """An order to die at the `passage`-th passage of `point`, and to record that in the file `kills`."""

    point: str
    passage: int
    kills: str
    service: str


class Trigger:
    """Count the passages of one failpoint and kill the process at the right one."""

    def __init__(self, arming: Arming) -> None:
        self._arming = arming
        self._left = arming.passage

    def due(self) -> bool:
        """Count a passage; return True if it is the one to die at."""
        self._left -= 1
        return self._left == 0

    def kill(self) -> NoReturn:
        """Record the failpoint and die."""
        line = {"at": time.monotonic(), "service": self._arming.service, "point": self._arming.point}
        file = os.open(self._arming.kills, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        os.write(file, json.dumps(line).encode() + b"\n")
        os.kill(os.getpid(), signal.SIGKILL)
        raise AssertionError("SIGKILL does not return")

    def passed(self) -> None:
        """Count a passage and die if it is the right one."""
        if self.due():
            self.kill()


def arm(arming: Arming) -> None:
    """Patch the current process."""
    point = POINTS[arming.point]
    owner = resolve_name(point.owner)
    setattr(owner, point.method, point.wrap(getattr(owner, point.method), Trigger(arming)))


def _before(method: Method, trigger: Trigger) -> Method:
    async def wrapped(*arguments: Any, **named: Any) -> Any:
        trigger.passed()
        return await method(*arguments, **named)

    return wrapped


def _after(method: Method, trigger: Trigger) -> Method:
    async def wrapped(*arguments: Any, **named: Any) -> Any:
        value = await method(*arguments, **named)
        trigger.passed()
        return value

    return wrapped


def _after_rows(oldest: Method, trigger: Trigger) -> Method:
    """Die after a batch was read that is not empty."""

    async def wrapped(*arguments: Any) -> Any:
        messages = await oldest(*arguments)
        if messages:
            trigger.passed()
        return messages

    return wrapped


def _mid_batch(publish: Method, trigger: Trigger) -> Method:
    """Die when the first half of a batch has reached the broker and the rest has not."""

    async def wrapped(publisher: Any, messages: Any) -> Any:
        if len(messages) > 1 and trigger.due():
            await publish(publisher, messages[: len(messages) // 2])
            trigger.kill()
        return await publish(publisher, messages)

    return wrapped


def _during(complete: Method, trigger: Trigger) -> Method:
    """Die while a call waits for its response."""

    async def wrapped(*arguments: Any, **named: Any) -> Any:
        if trigger.due():
            asyncio.get_running_loop().call_later(DURING_SECONDS, trigger.kill)
        return await complete(*arguments, **named)

    return wrapped


def _after_end(publish: Method, trigger: Trigger) -> Method:
    """Die after an event that ends an analysis was published."""

    async def wrapped(publisher: Any, event: Any) -> None:
        await publish(publisher, event)
        if event.type != AnalysisStarted.type:
            trigger.passed()

    return wrapped


def _while_revoked(on_revoked: Method, trigger: Trigger) -> Method:
    """Die between the revocation of partitions and the assignment of new ones."""

    async def wrapped(subscriber: Any, revoked: Any) -> None:
        had_any = subscriber._assigned.is_set()
        await on_revoked(subscriber, revoked)
        if had_any:
            trigger.passed()

    return wrapped


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A failpoint: a method of a class (`module:Class`) in a service, and its wrapper.

    The passage to die at is drawn from 1 to `passages`.
    """

    service: str
    owner: str
    method: str
    wrap: Callable[[Method, Trigger], Method]
    passages: int = 4


_RELAY: Final = "chassis.messaging.relay:OutboxRelay"
_PUBLISHER: Final = "chassis.messaging.publisher:Publisher"
_OUTBOX: Final = "chassis.messaging.outbox:Outbox"
_MODEL: Final = "analyzer.llm.client.model_client:ModelClient"


POINTS: Final[dict[str, Point]] = {
    "request-api.before-commit": Point(
        service="request-api", owner=_OUTBOX, method="publish_traced", wrap=_after, passages=2
    ),
    "request-api.after-commit": Point(
        service="request-api",
        owner="request_api.commands.submit_analysis:SubmitAnalysis",
        method="__call__",
        wrap=_after,
        passages=2,
    ),
    "relay.before-send": Point(
        service="request-api", owner=_RELAY, method="_next_batch", wrap=_after_rows, passages=2
    ),
    "relay.mid-batch": Point(
        service="request-api", owner=_PUBLISHER, method="publish", wrap=_mid_batch, passages=2
    ),
    "relay.between-ack-and-mark": Point(
        service="request-api", owner=_PUBLISHER, method="publish", wrap=_after, passages=2
    ),
    "analyzer.before-model": Point(
        service="analyzer", owner=_MODEL, method="complete", wrap=_before, passages=4
    ),
    "analyzer.during-model": Point(
        service="analyzer", owner=_MODEL, method="complete", wrap=_during, passages=4
    ),
    "analyzer.after-model": Point(
        service="analyzer", owner=_MODEL, method="complete", wrap=_after, passages=4
    ),
    "analyzer.after-publishing": Point(
        service="analyzer",
        owner="analyzer.pipeline.publish_event:PublishEvent",
        method="__call__",
        wrap=_after_end,
        passages=4,
    ),
    "analyzer.before-offset-commit": Point(
        service="analyzer", owner="aiokafka:AIOKafkaConsumer", method="commit", wrap=_before, passages=3
    ),
    "analyzer.while-revoked": Point(
        service="analyzer",
        owner="chassis.messaging.consuming.concurrent:ConcurrentSubscriber",
        method="on_partitions_revoked",
        wrap=_while_revoked,
        passages=1,
    ),
    "results-api.before-commit": Point(
        service="results-api", owner=_OUTBOX, method="publish_traced", wrap=_after, passages=2
    ),
    "results-api.after-commit": Point(
        service="results-api",
        owner="results_api.commands.record_events:RecordEvents",
        method="_record",
        wrap=_after,
        passages=2,
    ),
    "results-api.before-offset-commit": Point(
        service="results-api",
        owner="chassis.messaging.consuming.batches:BatchSubscriber",
        method="_commit",
        wrap=_before,
        passages=2,
    ),
}
