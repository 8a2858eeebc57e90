"""request-api's watchdog with results-api: an analysis ends whichever event was lost."""

from typing import Any
from uuid import UUID

import httpx2
import pytest
from contracts.events import AnalysisContext, PublicEvent
from contracts.topics import ANALYSIS_EVENTS, ANALYSIS_REQUESTS
from results_api.consumers import GROUP

from tests.integration.conftest import User
from tests.integration.request_api.calls import analyze, new_resume
from tests.integration.results_api.reading import status_of
from tests.support import events
from tests.support.polling import eventually
from tests.support.servers.databases import Database
from tests.support.servers.kafka import count_records, publish, read_events, wait_until_committed


async def accepted(api: httpx2.AsyncClient, user: User, kafka_bootstrap: str) -> AnalysisContext:
    resume_id = await new_resume(api, user)
    analysis_id = (await analyze(api, user, resume_id)).json()["analysis_id"]
    (event,) = await read_events(kafka_bootstrap, ANALYSIS_REQUESTS, analysis_id, count=1)
    context: AnalysisContext = event.analysis  # type: ignore[attr-defined]
    return context


async def copy_of(database: Database, about: AnalysisContext) -> tuple[Any, ...]:
    (row,) = await database.fetch(
        "SELECT d.status, d.version, d.failure_code, r.status AS stored, r.completed_at"
        " FROM analysis_details d JOIN review_requests r ON r.id = d.review_request_id WHERE r.id = $1",
        about.analysis_id,
    )
    return tuple(row)


async def forget(database: Database, analysis_id: UUID, *, hours: int) -> None:
    """Reset an analysis as if no event about it had arrived for some hours."""
    await database.fetch(
        "UPDATE analysis_details SET status = 'pending', version = 0, failure_code = NULL,"
        " accepted_at = now() - make_interval(hours => $2), emitted_at = now() - make_interval(hours => $2)"
        " WHERE review_request_id = $1",
        analysis_id,
        hours,
    )
    await database.fetch(
        "UPDATE review_requests SET status = 'pending', completed_at = NULL WHERE id = $1", analysis_id
    )


@pytest.mark.parametrize("hours", [1, 25])
@pytest.mark.parametrize("end", ["succeeded", "failed_to_run", "cancel_requested"])
async def test_lost_final_event_is_published_again(
    request_api: httpx2.AsyncClient,
    results_api: httpx2.AsyncClient,
    request_database: Database,
    kafka_bootstrap: str,
    user: User,
    end: str,
    hours: int,
) -> None:
    about = await accepted(request_api, user, kafka_bootstrap)
    await publish(kafka_bootstrap, getattr(events, end)(about))

    async def copy() -> tuple[Any, ...]:
        return await copy_of(request_database, about)

    ended = await eventually(copy, until=lambda row: row[0] in ("completed", "failed", "cancelled"))
    await forget(request_database, about.analysis_id, hours=hours)
    assert await eventually(copy, until=lambda row: row[0] != "pending") == ended
    published = await read_events(kafka_bootstrap, ANALYSIS_EVENTS, about.analysis_id, count=3)
    assert all(isinstance(one, PublicEvent) for one in published)
    assert [one.version for one in published] == [1, 2, 2]
    assert published[1] == published[2]


async def test_analysis_that_never_ends_fails_at_its_deadline(
    request_api: httpx2.AsyncClient,
    results_api: httpx2.AsyncClient,
    request_database: Database,
    kafka_bootstrap: str,
    user: User,
) -> None:
    about = await accepted(request_api, user, kafka_bootstrap)
    await publish(kafka_bootstrap, events.started(about))

    async def copy() -> tuple[Any, ...]:
        return await copy_of(request_database, about)

    await eventually(copy, until=lambda row: row[0] == "processing")
    await forget(request_database, about.analysis_id, hours=25)
    body = await status_of(results_api, about.analysis_id, user, until="failed")
    assert body["failure"] == {
        "code": "deadline_exceeded",
        "detail": "The analysis did not end in time; please ask for it again.",
    }
    copied = await eventually(copy, until=lambda row: row[0] == "failed")
    assert copied[:4] == ("failed", 3, "deadline_exceeded", "failed")


async def test_erased_analysis_is_not_published_again(
    results_api: httpx2.AsyncClient, results_database: Database, kafka_bootstrap: str
) -> None:
    async def count_events() -> int:
        await wait_until_committed(kafka_bootstrap, ANALYSIS_REQUESTS, group=GROUP)
        await eventually(
            lambda: results_database.fetch("SELECT FROM results_outbox"), until=lambda rows: not rows
        )
        return await count_records(kafka_bootstrap, ANALYSIS_EVENTS)

    about = events.analysis_context()
    await publish(kafka_bootstrap, events.requested(about), events.erase_requested(about))
    before = await count_events()
    await publish(kafka_bootstrap, events.requested(about, emission=2), events.expired(about))
    assert await count_events() == before
