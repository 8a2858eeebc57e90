"""The subscriber of analysis requests."""

from collections.abc import Awaitable, Callable

import structlog
from chassis.kafka.records import PoisonRecord, Record
from chassis.trace import continued
from contracts.envelope import NotOurEvent, decode
from contracts.events import AnalysisCancelRequested, AnalysisEraseRequested, AnalysisRequested

from analyzer.analyze import AnalyzeResume

GROUP = "analyzer"


def request_handler(analyze: AnalyzeResume) -> Callable[[Record], Awaitable[None]]:
    """What to do with each record of the requests topic."""

    async def handle(record: Record) -> None:
        try:
            event = decode(record.value, record.headers)
        except NotOurEvent as error:
            raise PoisonRecord(str(error)) from error
        match event:
            case AnalysisRequested():
                with (
                    continued(record.headers.get("traceparent")),
                    structlog.contextvars.bound_contextvars(analysis_id=str(event.analysis.analysis_id)),
                ):
                    await analyze(event)
            case AnalysisCancelRequested() | AnalysisEraseRequested():
                # Its turn comes after the job it would end; results-api lets no later result through.
                pass
            case _:
                raise PoisonRecord("the event does not belong on this topic")

    return handle
