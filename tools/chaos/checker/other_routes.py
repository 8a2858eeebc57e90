"""I14: reports, exports, the list as CSV, and jobs."""

from collections.abc import Iterable
from typing import Final

from tools.chaos.checker.lookup import Findings
from tools.chaos.evidence.rows import Evidence, Operation

_DOCX: Final = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
# The media type of a successful response with a body, by operation.
_MEDIA_TYPES: Final = {
    "report": "text/html",
    "report-pdf": "application/pdf",
    "list-csv": "text/csv",
    "json-resume": "application/json",
    "blind-docx": _DOCX,
    "blind-pdf": "application/pdf",
    "job-create": "application/json",
    "job-read": "application/json",
    "job-edit": "application/json",
    "job-delete": "",
}
# The responses with which the services and the gateway report that a part is unavailable.
_UNAVAILABLE: Final = (502, 503, 504)
# A statement, a connection and a readiness check time out after 5 s, so different requests show the same
# outage up to this many seconds apart.
_AROUND_SECONDS: Final = 5.0
# The worker process of an export, a PDF or a job gives up after 6 s or more. A 503 after this time means that
# the machine had too little processor time for it, and says nothing about the fault.
_STARVED_SECONDS: Final = 6.0
_IN_WORKERS: Final = ("report-pdf", "json-resume", "blind-docx", "blind-pdf", "job-create")
# Nobody else changes or deletes what these name.
_NEVER_REFUSED: Final = ("list-csv", "job-create", "job-read", "job-delete")


def i14_other_routes(evidence: Evidence) -> Findings:
    """Other routes answer whenever those of analyses do, in the right format, and show the final result."""
    others = [each for each in evidence.history if each.op in _MEDIA_TYPES]
    outages = list(_outages(evidence))
    for each in others:
        http = each.http or 0
        is_starved = each.op in _IN_WORKERS and each.ended - each.begun >= _STARVED_SECONDS
        is_excused = is_starved or any(_overlap(each, outage) for outage in outages)
        if http >= 500 and not (http in _UNAVAILABLE and is_excused):
            yield f"{each.op} was answered with {http}, while other requests succeeded", _subject(each)
        if each.op in _NEVER_REFUSED and 400 <= http < 500:
            yield f"{each.op} was refused with {http}", _subject(each)
        if http in (200, 201) and each.content_type != _MEDIA_TYPES[each.op]:
            yield f"{each.op} was answered with {each.content_type}", _subject(each)
    yield from _wrong_scores(evidence)
    yield from _changed_under_etag(others)


def _outages(evidence: Evidence) -> Iterable[tuple[float, float]]:
    """Return when a part was paused, a request about analyses failed, or any request got no response."""
    yield from ((pause.since, pause.until) for pause in evidence.pauses)
    for each in evidence.history:
        if each.http is None or (each.http >= 500 and each.op not in _MEDIA_TYPES):
            yield each.begun, each.ended


def _overlap(operation: Operation, outage: tuple[float, float]) -> bool:
    since, until = outage
    return operation.begun <= until + _AROUND_SECONDS and since - _AROUND_SECONDS <= operation.ended


def _wrong_scores(evidence: Evidence) -> Findings:
    scores = {each.review_request_id: each.overall_score for each in evidence.results}
    for each in evidence.history:
        # The results of erased analyses are gone.
        if each.op in ("result", "report") and each.http == 200 and each.analysis_id in scores:
            stored = scores[each.analysis_id]
            if each.score != stored:
                yield f"{each.op} showed the score {each.score}, stored is {stored}", each.analysis_id


def _changed_under_etag(operations: Iterable[Operation]) -> Findings:
    digests: dict[tuple[str | None, str | None], str | None] = {}
    for each in operations:
        is_page = each.op == "report" and each.http == 200 and each.etag is not None
        if is_page and digests.setdefault((each.analysis_id, each.etag), each.digest) != each.digest:
            yield "two different reports have the same ETag", each.analysis_id or ""


def _subject(operation: Operation) -> str:
    return operation.analysis_id or operation.resume_id or operation.job_id or "all"
