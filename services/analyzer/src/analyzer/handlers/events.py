"""The subscriber of analysis requests."""

from collections.abc import Awaitable, Callable
from typing import Final

from chassis.kafka.records import PoisonRecord, Record
from chassis.trace import name_work
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

_OURS: Final = AnalysisRequested | AnalysisCancelRequested | AnalysisEraseRequested | AnalysisExpired
_ENDS: Final = (AnalysisCancelRequested.type, AnalysisEraseRequested.type, AnalysisExpired.type)


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
        name_work(analysis_id=str(event.analysis.analysis_id))
        match event:
            case AnalysisRequested():
                await analyze(event)
            case AnalysisEraseRequested() if erase:
                await erase(event.analysis.resume_id)
            case _:
                # By its arrival it has ended the job; results-api lets no later result through.
                pass

    return handle


def ends_job(later: Record, earlier: Record) -> bool:
    """Whether nobody wants the analysis any more that the earlier record asks for."""
    if later.headers.get("ce_type") not in _ENDS or earlier.headers.get("ce_type") != AnalysisRequested.type:
        return False
    try:
        event = decode(later.value, later.headers)
    except NotOurEvent:
        return False
    return str(event.subject) == later.key
