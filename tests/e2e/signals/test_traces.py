"""One trace covers an analysis from the POST to `completed`, even if the relay is killed."""

import secrets

from contracts.topics import ANALYSIS_EVENTS, ANALYSIS_REQUESTS, ANALYSIS_RESULTS
from local_stack.stack import Stack

from tests.support import files
from tests.support.fakes.trace_collector import FakeTraceCollector, Span
from tests.support.http.api_client import ApiClient
from tests.support.polling import eventually

POST = "POST /api/v1/analysis/resumes/{resume_id}/analyze"


class CallerTrace:
    """Trace context of a request, chosen by the caller."""

    def __init__(self) -> None:
        self.id = secrets.token_hex(16)
        self.parent = secrets.token_hex(8)
        self.headers = {"traceparent": f"00-{self.id}-{self.parent}-01"}


async def accepted(consultant: ApiClient, traced: CallerTrace, *, name: str = "cv.txt") -> str:
    resume_id = await consultant.new_resume(name, files.strong_resume_txt())
    answer = await consultant.http.post(
        f"/api/v1/analysis/resumes/{resume_id}/analyze",
        json={"industry": "strategy_tech"},
        headers=traced.headers,
    )
    assert answer.status_code == 202, answer.text
    analysis_id: str = answer.json()["analysis_id"]
    return analysis_id


def roots(trace: list[Span]) -> list[Span]:
    """Return the spans whose parent is missing."""
    known = {span.span_id for span in trace}
    return [span for span in trace if span.parent_id not in known]


async def complete_trace(spans: FakeTraceCollector, traced: CallerTrace) -> list[Span]:
    """Wait for all spans of the trace, including the status copy in request-api, and return them."""

    def is_whole(trace: list[Span]) -> bool:
        # Two events are expected, pending and completed. The analysis is too short for processing.
        ends = [span for span in trace if (span.service, span.kind) == ("request-api", "consumer")]
        return len(ends) >= 2 and len(roots(trace)) == 1

    async def trace() -> list[Span]:
        return spans.trace(traced.id)

    return await eventually(trace, until=is_whole, deadline_seconds=30)


def path_to(span: Span, trace: list[Span]) -> list[tuple[str, str, str]]:
    """Return the spans from the first one down to this one."""
    by_id = {each.span_id: each for each in trace}
    way: list[tuple[str, str, str]] = []
    current: Span | None = span
    while current is not None:
        way.insert(0, (current.service, current.kind, current.name))
        current = by_id.get(current.parent_id)
    return way


FIRST = [("request-api", "server", POST), ("request-api", "producer", f"send {ANALYSIS_REQUESTS}")]
PATH = [
    *FIRST,
    ("analyzer", "consumer", f"process {ANALYSIS_REQUESTS}"),
    ("analyzer", "producer", f"send {ANALYSIS_RESULTS}"),
    ("results-api", "consumer", f"process {ANALYSIS_RESULTS}"),
    ("results-api", "producer", f"send {ANALYSIS_EVENTS}"),
    ("request-api", "consumer", f"process {ANALYSIS_EVENTS}"),
]


async def test_trace_covers_the_post_and_the_completion(
    consultant: ApiClient, spans: FakeTraceCollector
) -> None:
    traced = CallerTrace()
    analysis_id = await accepted(consultant, traced)
    assert (await consultant.ended(analysis_id))["status"] == "completed"

    trace = await complete_trace(spans, traced)
    ways = [path_to(span, trace) for span in trace]
    assert PATH in ways
    # results-api reads the first topic, too, and publishes `pending`.
    assert [*FIRST, ("results-api", "consumer", f"process {ANALYSIS_REQUESTS}")] in ways
    assert [*PATH[:3], ("analyzer", "client", "chat gpt-4.1-mini")] in ways
    # Every span has a known parent, except for the first, whose parent is the caller's span.
    (root,) = roots(trace)
    assert (root.name, root.parent_id) == (POST, traced.parent)
    assert not any(span.failed for span in trace)
    about = {span.attributes.get("analysis_id") for span in trace if span.kind in ("server", "consumer")}
    assert about == {analysis_id}


async def test_trace_survives_a_kill_before_the_relay_publishes(
    stack: Stack, consultant: ApiClient, spans: FakeTraceCollector
) -> None:
    traced = CallerTrace()
    # Kafka is stopped, so the event is still in the outbox when the service is killed.
    await stack.kill("kafka")
    try:
        analysis_id = await accepted(consultant, traced)

        async def post_spans() -> list[Span]:
            return [span for span in spans.trace(traced.id) if span.name == POST]

        await eventually(post_spans)
        await stack.kill("request-api")
    finally:
        await stack.start("kafka")
        await stack.start("request-api")
    assert (await consultant.ended(analysis_id, deadline_seconds=60))["status"] == "completed"

    trace = await complete_trace(spans, traced)
    assert PATH in [path_to(span, trace) for span in trace]
    about = [span for span in spans.spans if span.attributes.get("analysis_id") == analysis_id]
    assert {span.trace_id for span in about if span.kind == "consumer"} == {traced.id}
