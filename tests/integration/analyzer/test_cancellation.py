"""Cancelled, erased and expired analyses end at once, whether they run or wait."""

from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio
from analyzer.consumers import GROUP
from analyzer.main import create_app
from analyzer.settings import Settings
from contracts.events import AnalysisContext, AnalysisStarted, PrivateEvent
from contracts.topics import ANALYSIS_REQUESTS, ANALYSIS_RESULTS
from pydantic import HttpUrl, SecretStr

from tests.support import events
from tests.support.analyses import TEXT
from tests.support.fakes.labels import labelled
from tests.support.fakes.model import FakeModel, fake_model
from tests.support.http.in_process import run_app
from tests.support.polling import eventually
from tests.support.servers.kafka import publish, read_events, skip_to_end, wait_until_committed

# Longer than any test waits.
CALL_SECONDS = 60
SLOTS = 4
# Those of an analysis: about labels and about topics.
QUESTIONS = 2


@pytest_asyncio.fixture
async def model(kafka_bootstrap: str) -> AsyncIterator[FakeModel]:
    """Run an analyzer against a model that is slower than the test."""
    # Requests of other tests would take the slots.
    await skip_to_end(kafka_bootstrap, ANALYSIS_REQUESTS, group=GROUP)
    async with fake_model() as server:
        server.replies = [labelled(wait=CALL_SECONDS)] * 100
        settings = Settings(
            kafka_bootstrap_servers=kafka_bootstrap,
            openai_api_key=SecretStr("sk-canary-key"),
            openai_base_url=HttpUrl(server.url),
            drain_seconds=5,
            concurrency=SLOTS,
        )
        async with run_app(create_app(settings)):
            yield server


@pytest.mark.parametrize("end", [events.cancel_requested, events.erase_requested])
async def test_cancellation_ends_an_analysis_during_a_call(
    model: FakeModel, kafka_bootstrap: str, end: Callable[[AnalysisContext], PrivateEvent]
) -> None:
    about = events.analysis_context()
    await publish(kafka_bootstrap, events.requested(about, text=TEXT))
    await eventually(lambda: _count(model), until=lambda count: count == QUESTIONS)
    (started,) = await read_events(kafka_bootstrap, ANALYSIS_RESULTS, about.analysis_id, count=1)
    assert isinstance(started, AnalysisStarted)
    await publish(kafka_bootstrap, end(about))
    await wait_until_committed(kafka_bootstrap, ANALYSIS_REQUESTS, group=GROUP)
    assert len(model.requests) == QUESTIONS
    assert await read_events(kafka_bootstrap, ANALYSIS_RESULTS, about.analysis_id, count=1) == [started]


@pytest.mark.parametrize("end", [events.cancel_requested, events.erase_requested, events.expired])
async def test_cancellation_does_not_wait_for_a_slot(
    model: FakeModel, kafka_bootstrap: str, end: Callable[[AnalysisContext], PrivateEvent]
) -> None:
    """Fill all slots for a minute, with more requests than the analyzer takes on."""
    wanted = [events.analysis_context() for _ in range(5 * SLOTS)]
    for about in wanted:
        await publish(kafka_bootstrap, events.requested(about, text=TEXT))
    await eventually(lambda: _count(model), until=lambda count: count == QUESTIONS * SLOTS)
    for about in wanted:
        await publish(kafka_bootstrap, end(about))
    await wait_until_committed(kafka_bootstrap, ANALYSIS_REQUESTS, group=GROUP)
    for about in wanted:
        found = await read_events(kafka_bootstrap, ANALYSIS_RESULTS, about.analysis_id, count=0)
        assert all(isinstance(event, AnalysisStarted) for event in found)


async def _count(model: FakeModel) -> int:
    return len(model.requests)
