"""The subscriber of the public topic."""

from collections.abc import Awaitable, Callable

from chassis.kafka.records import PoisonRecord, Record
from chassis.trace import name_work
from contracts.envelope import NotOurEvent, decode
from contracts.events import PublicEvent

from request_api.copy_status import CopyStatus

GROUP = "request-api"


def status_handler(copy_status: CopyStatus) -> Callable[[Record], Awaitable[None]]:
    """What to do with each record of the public topic."""

    async def handle(record: Record) -> None:
        try:
            event = decode(record.value, record.headers)
        except NotOurEvent as error:
            raise PoisonRecord(str(error)) from error
        if not isinstance(event, PublicEvent):
            raise PoisonRecord("the event does not belong on this topic")
        name_work(analysis_id=str(event.analysis_id))
        await copy_status(event)

    return handle
