"""The subscriber of both private topics."""

import re
from collections.abc import Awaitable, Callable

from chassis.kafka.records import PoisonRecord, Record
from chassis.logs import get_logger
from chassis.trace import name_work
from contracts.envelope import NotOurEvent, decode
from contracts.events import PrivateEvent

from results_api.record import RecordEvent

log = get_logger(__name__)

GROUP = "results-api"

# NUL as JSON writes it: `\u0000` behind an even number of backslashes. PostgreSQL cannot store it, and the
# words of a model may hold it.
_NUL = re.compile(rb"(?<!\\)((?:\\\\)*)\\u0000")


def event_handler(record_event: RecordEvent) -> Callable[[Record], Awaitable[None]]:
    """What to do with each record of the private topics."""

    async def handle(record: Record) -> None:
        try:
            event = decode(_storable(record.value), record.headers)
        except NotOurEvent as error:
            raise PoisonRecord(str(error)) from error
        if not isinstance(event, PrivateEvent):
            raise PoisonRecord("the event does not belong on this topic")
        name_work(analysis_id=str(event.analysis.analysis_id))
        status = await record_event(event)
        if status is not None:
            log.info("analysis moved", status=status)

    return handle


def _storable(value: bytes | None) -> bytes | None:
    if value is None or b"\\u0000" not in value:
        return value
    return _NUL.sub(rb"\1\\ufffd", value)
