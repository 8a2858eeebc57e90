"""Statuses of results-api are copied to the columns that the legacy backend reads."""

from typing import Any
from uuid import UUID, uuid4

import asyncpg
import httpx2
import pytest
from aiokafka import ConsumerRecord
from contracts.envelope import encode
from contracts.events import (
    AnalysisCancelled,
    AnalysisCompleted,
    AnalysisFailed,
    AnalysisProcessing,
    PublicEvent,
)
from contracts.topics import ANALYSIS_EVENTS, dead_letter_topic
from contracts.vocabulary import MarketTier
from request_api.consumers import GROUP

from tests.integration.conftest import User
from tests.integration.request_api.calls import analyze, new_resume
from tests.support.events import NOW
from tests.support.polling import eventually
from tests.support.servers.databases import Database
from tests.support.servers.kafka import headers_of, producer_for, publish, read_records, wait_until_committed

SCORES = {"overall_score": 1, "ats_score": 1, "content_score": 1, "formatting_score": 1}


def status_event(kind: type[PublicEvent], analysis_id: str, version: int, **fields: Any) -> PublicEvent:
    return kind(
        version=version,
        analysis_id=UUID(analysis_id),
        resume_id=uuid4(),
        candidate_id=uuid4(),
        requested_by=uuid4(),
        industry="general",
        requested_at=NOW,
        occurred_at=NOW,
        **fields,
    )


@pytest.mark.parametrize(
    ("end", "stored", "shown", "failure_code"),
    [
        ((AnalysisCompleted, {**SCORES, "market_tier": MarketTier.MID}), "completed", "completed", None),
        ((AnalysisFailed, {"failure_code": "no_text"}), "failed", "failed", "no_text"),
        ((AnalysisCancelled, {}), "failed", "cancelled", None),
    ],
)
async def test_only_a_newer_status_is_copied(
    request_api: httpx2.AsyncClient,
    request_database: Database,
    kafka_bootstrap: str,
    user: User,
    end: tuple[type[PublicEvent], dict[str, Any]],
    stored: str,
    shown: str,
    failure_code: str | None,
) -> None:
    resume_id = await new_resume(request_api, user)
    analysis_id = (await analyze(request_api, user, resume_id)).json()["analysis_id"]
    kind, fields = end
    ending = status_event(kind, analysis_id, 3, **fields)
    processing = status_event(AnalysisProcessing, analysis_id, 2)
    # A late event, a repeat, and an event of an unknown analysis.
    await publish(
        kafka_bootstrap, ending, processing, ending, status_event(AnalysisProcessing, str(uuid4()), 2)
    )
    await wait_until_committed(kafka_bootstrap, ANALYSIS_EVENTS, group=GROUP)

    (row,) = await request_database.fetch(
        "SELECT r.status AS stored, d.status AS shown FROM review_requests r "
        "JOIN analysis_details d ON d.review_request_id = r.id WHERE r.id = $1",
        analysis_id,
    )
    assert (row["stored"], row["shown"]) == (stored, shown)
    read = await request_api.get(f"/api/v1/analysis/requests/{analysis_id}", headers=user.headers)
    assert (read.json()["status"], read.json()["failure_code"]) == (shown, failure_code)
    assert read.json()["completed_at"] is not None


async def test_status_that_waited_for_a_lock_does_not_replace_a_newer_one(
    request_api: httpx2.AsyncClient, request_database: Database, kafka_bootstrap: str, user: User
) -> None:
    """A statement sees the rows as they are after it waited for a lock."""
    resume_id = await new_resume(request_api, user)
    analysis_id = (await analyze(request_api, user, resume_id)).json()["analysis_id"]
    status = "SELECT status, version FROM analysis_details WHERE review_request_id = $1"

    holder = await asyncpg.connect(request_database.dsn)
    try:
        async with holder.transaction():
            await holder.execute("SELECT FROM review_requests WHERE id = $1 FOR UPDATE", analysis_id)
            await publish(kafka_bootstrap, status_event(AnalysisProcessing, analysis_id, 2))
            await eventually(request_database.lock_waiters)
            await holder.execute(
                "UPDATE analysis_details SET status = 'cancelled', version = 3 WHERE review_request_id = $1",
                analysis_id,
            )
    finally:
        await holder.close()
    await wait_until_committed(kafka_bootstrap, ANALYSIS_EVENTS, group=GROUP)
    assert [tuple(row) for row in await request_database.fetch(status, analysis_id)] == [("cancelled", 3)]


async def test_poison_record_goes_to_the_dead_letters_unchanged(
    request_api: httpx2.AsyncClient, kafka_bootstrap: str
) -> None:
    key = f"poison-{uuid4()}".encode()
    headers = [("ce_specversion", b"1.0"), ("ce_type", b"com.resume-review.analysis.pending.v9")]
    async with producer_for(kafka_bootstrap) as producer:
        sent = await producer.send_and_wait(ANALYSIS_EVENTS, b"canary", key=key, headers=headers)

    def is_ours(record: ConsumerRecord) -> bool:
        return bool(record.key == key)

    (dead,) = await read_records(
        kafka_bootstrap,
        dead_letter_topic(ANALYSIS_EVENTS, "request-api"),
        wanted=is_ours,
        until=lambda found: len(found) >= 1,
    )
    assert dead.value == b"canary"
    assert headers_of(dead)["dlq_origin_offset"] == str(sent.offset)
    assert "canary" not in headers_of(dead)["dlq_reason"]
    assert (await request_api.get("/health/ready")).status_code == 200


@pytest.mark.parametrize("version", [3, 2**31 - 1, 2**31, 10**30])
async def test_event_with_an_impossible_version_is_a_dead_letter(
    request_api: httpx2.AsyncClient, kafka_bootstrap: str, user: User, version: int
) -> None:
    resume_id = await new_resume(request_api, user)
    analysis_id = (await analyze(request_api, user, resume_id)).json()["analysis_id"]
    forged = encode(status_event(AnalysisProcessing, analysis_id, 2), source="/forger", traceparent=None)
    value = forged.value.replace('"version":2', f'"version":{version}').encode()
    async with producer_for(kafka_bootstrap) as producer:
        headers = [(name, text.encode()) for name, text in forged.headers.items()]
        await producer.send_and_wait(ANALYSIS_EVENTS, value, key=forged.key.encode(), headers=headers)
    await publish(kafka_bootstrap, status_event(AnalysisFailed, analysis_id, 2, failure_code="no_text"))

    (dead,) = await read_records(
        kafka_bootstrap,
        dead_letter_topic(ANALYSIS_EVENTS, GROUP),
        wanted=lambda record: record.key == forged.key.encode(),
        until=lambda found: len(found) >= 1,
    )
    assert dead.value == value
    dead_headers = headers_of(dead)
    assert "does not fit at: version " in dead_headers["dlq_reason"]
    assert dead_headers["dlq_attempts"] == "1"
    await wait_until_committed(kafka_bootstrap, ANALYSIS_EVENTS, group=GROUP)
    read = await request_api.get(f"/api/v1/analysis/requests/{analysis_id}", headers=user.headers)
    assert read.json()["status"] == "failed"
