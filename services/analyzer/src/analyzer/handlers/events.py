"""The subscriber of analysis requests."""

from collections.abc import Awaitable, Callable

import structlog
from chassis.kafka.records import PoisonRecord, Record
from chassis.trace import continued
from contracts.envelope import NotOurEvent, decode
from contracts.events import (
    AnalysisCancelRequested,
    AnalysisEraseRequested,
    AnalysisExpired,
    AnalysisRequested,
)

from analyzer.analyze import AnalyzeResume
from analyzer.erase import EraseAnswers

GROUP = "analyzer"

_OURS = AnalysisRequested | AnalysisCancelRequested | AnalysisEraseRequested | AnalysisExpired


def request_handler(
    analyze: AnalyzeResume, *, erase: EraseAnswers | None = None
) -> Callable[[Record], Awaitable[None]]:
    """What to do with each record of the requests topic; `erase` is None where nothing is remembered."""

    async def handle(record: Record) -> None:
        try:
            event = decode(record.value, record.headers)
        except NotOurEvent as error:
            raise PoisonRecord(str(error)) from error
        if not isinstance(event, _OURS):
            raise PoisonRecord("the event does not belong on this topic")
        with (
            continued(record.headers.get("traceparent")),
            structlog.contextvars.bound_contextvars(analysis_id=str(event.analysis.analysis_id)),
        ):
            match event:
                case AnalysisRequested():
                    await analyze(event)
                case AnalysisEraseRequested() if erase:
                    await erase(event.analysis.resume_id)
                case _:
                    # Its turn comes after the job it would end; results-api lets no later result through.
                    pass

    return handle
