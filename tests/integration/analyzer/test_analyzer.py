"""The analyzer from a request on Kafka to a report on Kafka."""

from collections.abc import AsyncIterator

import httpx2
import pytest_asyncio
from analyzer.consumers import GROUP
from analyzer.main import create_app
from analyzer.settings import Settings
from contracts.events import AnalysisFailedToRun, AnalysisSucceeded
from contracts.topics import ANALYSIS_REQUESTS, ANALYSIS_RESULTS, dead_letter_topic

from tests.support import events, files
from tests.support.http.in_process import run_app
from tests.support.polling import eventually
from tests.support.servers.kafka import (
    headers_of,
    producer_for,
    publish,
    read_events,
    read_records,
    wait_until_committed,
)


@pytest_asyncio.fixture(scope="module")
async def analyzer(kafka_bootstrap: str) -> AsyncIterator[httpx2.AsyncClient]:
    settings = Settings(kafka_bootstrap_servers=kafka_bootstrap, drain_seconds=5, started_after_seconds=60)
    async with run_app(create_app(settings)) as client:

        async def ready() -> int:
            return (await client.get("/health/ready")).status_code

        await eventually(ready, until=lambda status: status == 200)
        yield client


async def test_request_results_in_a_report_with_verbatim_quotes(
    analyzer: httpx2.AsyncClient, kafka_bootstrap: str
) -> None:
    about, text = events.analysis_context(), files.strong_resume_txt().decode()
    await publish(kafka_bootstrap, events.requested(about, text=text))
    (ended,) = await read_events(kafka_bootstrap, ANALYSIS_RESULTS, about.analysis_id, count=1)
    assert isinstance(ended, AnalysisSucceeded)
    assert ended.analysis == about
    details = ended.report.detailed_scores
    quotes = [quote for criterion in details.criteria for quote in criterion.evidence]
    assert len(quotes) > 5
    for quote in quotes:
        assert text[quote.start : quote.end] == quote.quote
    assert details.ai_analysis_id == about.analysis_id


async def test_resume_without_text_results_in_a_failure(
    analyzer: httpx2.AsyncClient, kafka_bootstrap: str
) -> None:
    about = events.analysis_context()
    await publish(kafka_bootstrap, events.requested(about, text=" "))
    (ended,) = await read_events(kafka_bootstrap, ANALYSIS_RESULTS, about.analysis_id, count=1)
    assert isinstance(ended, AnalysisFailedToRun)
    assert ended.failure.code == "no_text"


async def test_poison_records_become_dead_letters_and_later_records_are_handled(
    analyzer: httpx2.AsyncClient, kafka_bootstrap: str
) -> None:
    about = events.analysis_context()
    key = str(about.analysis_id).encode()
    poison = [
        (b"not json", "1.0", "com.resume-review.analysis-requests.requested.v1"),
        (b'{"text": "canary"}', "1.0", "com.resume-review.analysis-requests.requested.v1"),
        (b"{}", "1.0", "com.resume-review.analysis-requests.requested.v2"),
        (b"{}", "0.3", "com.resume-review.analysis-requests.requested.v1"),
        (None, "1.0", "com.resume-review.analysis-requests.requested.v1"),
    ]
    async with producer_for(kafka_bootstrap) as producer:
        for value, specversion, event_type in poison:
            headers = [("ce_specversion", specversion.encode()), ("ce_type", event_type.encode())]
            await producer.send_and_wait(ANALYSIS_REQUESTS, value, key=key, headers=headers)
    await publish(kafka_bootstrap, events.requested(about))
    await read_events(kafka_bootstrap, ANALYSIS_RESULTS, about.analysis_id, count=1)
    dead = await read_records(
        kafka_bootstrap,
        dead_letter_topic(ANALYSIS_REQUESTS, "analyzer"),
        wanted=lambda record: record.key == key,
        until=lambda found: len(found) >= len(poison),
    )
    assert [record.value for record in dead] == [value for value, _, _ in poison]
    assert not any("canary" in headers_of(record)["dlq_reason"] for record in dead)


async def test_ended_analysis_is_skipped_when_requested_again(
    analyzer: httpx2.AsyncClient, kafka_bootstrap: str
) -> None:
    other = events.analysis_context()
    ended = [events.analysis_context() for _ in range(3)]
    ends = [
        events.cancel_requested(ended[0]),
        events.erase_requested(ended[1]),
        events.expired(ended[2]),
    ]
    for end, about in zip(ends, ended, strict=True):
        await publish(kafka_bootstrap, end, events.requested(about))
    await publish(kafka_bootstrap, events.requested(other))
    found = await read_events(kafka_bootstrap, ANALYSIS_RESULTS, other.analysis_id, count=1)
    assert isinstance(found[-1], AnalysisSucceeded)
    await wait_until_committed(kafka_bootstrap, ANALYSIS_REQUESTS, group=GROUP)
    for about in ended:
        assert not await read_events(kafka_bootstrap, ANALYSIS_RESULTS, about.analysis_id, count=0)
