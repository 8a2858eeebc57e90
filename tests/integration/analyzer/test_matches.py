"""The analyzer from a requested match on Kafka to its result on Kafka."""

from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio
from analyzer.consumers import GROUP
from analyzer.main import create_app
from analyzer.pipeline import match_resume
from analyzer.settings import Settings
from contracts.events import AnalysisSucceeded, Event
from contracts.match_events import MatchContext, MatchFailedToRun, MatchRequested, MatchSucceeded
from contracts.topics import ANALYSIS_REQUESTS, ANALYSIS_RESULTS, dead_letter_topic

from tests.support import events, match_events
from tests.support.fakes.steps import die
from tests.support.http.in_process import run_app
from tests.support.servers.kafka import (
    headers_of,
    producer_for,
    publish,
    read_events,
    read_records,
    skip_to_end,
    wait_until_committed,
)


@pytest_asyncio.fixture(scope="module", autouse=True)
async def analyzer(kafka_bootstrap: str) -> AsyncIterator[None]:
    await skip_to_end(kafka_bootstrap, ANALYSIS_REQUESTS, group=GROUP)
    settings = Settings(kafka_bootstrap_servers=kafka_bootstrap, drain_seconds=5, started_after_seconds=60)
    async with run_app(create_app(settings)):
        yield


async def results_of(kafka_bootstrap: str, about: MatchContext, *, count: int = 1) -> list[Event]:
    return await read_events(kafka_bootstrap, ANALYSIS_RESULTS, about.match_id, count=count)


async def test_request_results_in_a_match_with_verbatim_quotes(kafka_bootstrap: str) -> None:
    about = match_events.match_context()
    await publish(kafka_bootstrap, match_events.match_requested(about))
    (ended,) = await results_of(kafka_bootstrap, about)
    assert isinstance(ended, MatchSucceeded)
    assert (ended.match, ended.result.score) == (about, 75)
    (quote,) = ended.result.requirements[0].evidence
    assert match_events.TEXT[quote.start : quote.end] == quote.quote


async def test_redelivery_publishes_the_same_result(kafka_bootstrap: str) -> None:
    about = match_events.match_context()
    requested = match_events.match_requested(about)
    await publish(kafka_bootstrap, requested, requested.model_copy(update={"emission": 2}))
    # A second delivery of a running match only waits, so a third one follows after its end.
    await wait_until_committed(kafka_bootstrap, ANALYSIS_REQUESTS, group=GROUP)
    before = len(await results_of(kafka_bootstrap, about))
    await publish(kafka_bootstrap, requested.model_copy(update={"emission": 3}))
    ends = await results_of(kafka_bootstrap, about, count=before + 1)
    assert len(ends) > 1
    first, *others = (end.model_dump(exclude={"finished_at"}) for end in ends)
    assert all(other == first for other in others)


async def test_unreadable_resume_results_in_a_match_without_a_score(kafka_bootstrap: str) -> None:
    about = match_events.match_context()
    await publish(kafka_bootstrap, match_events.match_requested(about, text=""))
    (ended,) = await results_of(kafka_bootstrap, about)
    assert isinstance(ended, MatchSucceeded)
    assert (ended.result.score, ended.result.reason.key) == (None, "score.unreadable")


@pytest.mark.parametrize(
    "end",
    [match_events.match_cancel_requested, match_events.match_erase_requested, match_events.match_expired],
)
async def test_ended_match_is_skipped_when_requested_again(
    kafka_bootstrap: str, end: Callable[[MatchContext], Event]
) -> None:
    ended, other = match_events.match_context(), match_events.match_context()
    await publish(kafka_bootstrap, end(ended), match_events.match_requested(ended))
    await publish(kafka_bootstrap, match_events.match_requested(other))
    assert await results_of(kafka_bootstrap, other)
    await wait_until_committed(kafka_bootstrap, ANALYSIS_REQUESTS, group=GROUP)
    assert not await results_of(kafka_bootstrap, ended, count=0)


async def test_poison_becomes_a_dead_letter_and_later_matches_are_handled(kafka_bootstrap: str) -> None:
    about = match_events.match_context()
    key = str(about.match_id).encode()
    poison = [b"not json", b'{"text": "canary"}']
    headers = [("ce_specversion", b"1.0"), ("ce_type", MatchRequested.type.encode())]
    async with producer_for(kafka_bootstrap) as producer:
        for value in poison:
            await producer.send_and_wait(ANALYSIS_REQUESTS, value, key=key, headers=headers)
    await publish(kafka_bootstrap, match_events.match_requested(about))
    assert await results_of(kafka_bootstrap, about)
    dead = await read_records(
        kafka_bootstrap,
        dead_letter_topic(ANALYSIS_REQUESTS, "analyzer"),
        wanted=lambda record: record.key == key,
        until=lambda found: len(found) >= len(poison),
    )
    assert [record.value for record in dead] == poison
    assert not any("canary" in headers_of(record)["dlq_reason"] for record in dead)


async def test_fault_of_a_match_fails_no_other_work(
    kafka_bootstrap: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Let one match end every worker that it runs in."""
    broken, other, analysis = (
        match_events.match_context(),
        match_events.match_context(),
        events.analysis_context(),
    )
    with monkeypatch.context() as patch:
        patch.setattr(match_resume, "match_resume", die)
        await publish(kafka_bootstrap, match_events.match_requested(broken))
        (failed,) = await results_of(kafka_bootstrap, broken)
    await publish(kafka_bootstrap, match_events.match_requested(other), events.requested(analysis))
    (succeeded,) = await results_of(kafka_bootstrap, other)
    (report,) = await read_events(kafka_bootstrap, ANALYSIS_RESULTS, analysis.analysis_id, count=1)
    assert isinstance(failed, MatchFailedToRun)
    assert failed.failure.code == "internal_error"
    assert isinstance(succeeded, MatchSucceeded)
    assert isinstance(report, AnalysisSucceeded)
