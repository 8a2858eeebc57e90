"""Outages of Kafka, PostgreSQL and services do not lose accepted analyses."""

import asyncio
from collections import Counter
from collections.abc import Callable

import pytest
from contracts.envelope import decode
from contracts.events import PublicEvent
from contracts.topics import ANALYSIS_EVENTS
from local_stack.stack import Stack

from tests.support import files
from tests.support.http.api_client import ApiClient
from tests.support.polling import eventually
from tests.support.servers.databases import service_database
from tests.support.servers.kafka import headers_of, read_records

ANALYSES = 50


async def new_resumes(consultant: ApiClient, count: int) -> list[str]:
    resume = await consultant.new_resume("cv.txt", files.strong_resume_txt())
    return [resume] * count


async def count_results(stack: Stack, ids: list[str]) -> Counter[str]:
    database = service_database(stack.postgres, "results_api")
    rows = await database.fetch(
        "SELECT review_request_id::text AS id FROM review_results WHERE review_request_id::text = ANY($1)",
        ids,
    )
    return Counter(row["id"] for row in rows)


async def assert_consecutive_versions(stack: Stack, ids: list[str]) -> None:
    """Assert that the events of each analysis have consecutive versions up to a final status."""
    keys = {analysis_id.encode() for analysis_id in ids}
    versions: dict[str, list[int]] = {analysis_id: [] for analysis_id in ids}
    ended: set[str] = set()

    def all_have_ended(records: object) -> bool:
        versions.update({analysis_id: [] for analysis_id in ids})
        for record in records:  # type: ignore[attr-defined]
            event = decode(record.value, headers_of(record))
            assert isinstance(event, PublicEvent)
            seen = versions[str(event.analysis_id)]
            if event.version not in seen:
                seen.append(event.version)
            if event.status == "completed":
                ended.add(str(event.analysis_id))
        return ended == set(ids)

    await read_records(
        stack.kafka.bootstrap_servers,
        ANALYSIS_EVENTS,
        wanted=lambda record: record.key in keys,
        until=all_have_ended,
    )
    assert all(seen == list(range(1, len(seen) + 1)) for seen in versions.values()), versions


async def test_analyses_accepted_without_kafka_complete_later(stack: Stack, consultant: ApiClient) -> None:
    resume_id = await consultant.new_resume("cv.txt", files.strong_resume_txt())
    await stack.stop("kafka")
    try:
        accepted = [await consultant.analyze(resume_id) for _ in range(10)]
        assert [answer.status_code for answer in accepted] == [202] * 10
        ids = [answer.json()["analysis_id"] for answer in accepted]
        for _ in range(3):
            for analysis_id in ids:
                answer = await consultant.status(analysis_id)
                assert (answer.status_code, answer.json()["status"]) == (200, "pending")
        uploaded = await consultant.upload(await consultant.new_candidate(), "cv.txt", b"Experience\nx y z")
        assert uploaded.status_code == 201
    finally:
        await stack.start("kafka")
    statuses = await consultant.all_ended(ids, deadline_seconds=60)
    assert [status["status"] for status in statuses] == ["completed"] * 10
    assert await count_results(stack, ids) == Counter(dict.fromkeys(ids, 1))
    await assert_consecutive_versions(stack, ids)


@pytest.mark.parametrize("victim", ["request-api", "analyzer", "results-api"])
async def test_killed_service_loses_no_analysis(
    stack: Stack, new_consultant: Callable[..., ApiClient], victim: str
) -> None:
    consultant = new_consultant()
    resumes = await new_resumes(consultant, ANALYSES)
    turns = asyncio.Semaphore(8)

    async def submit(resume_id: str) -> str:
        async with turns:
            return await consultant.analyze_for_sure(resume_id)

    submitting = [asyncio.create_task(submit(resume_id)) for resume_id in resumes]

    async def accepted() -> int:
        return sum(task.done() for task in submitting)

    await eventually(accepted, until=lambda count: count >= ANALYSES // 5, every_seconds=0.002)
    await stack.kill(victim)
    await stack.start(victim)
    ids = await asyncio.gather(*submitting)
    assert len(set(ids)) == ANALYSES

    statuses = await consultant.all_ended(list(ids), deadline_seconds=90)
    assert Counter(status["status"] for status in statuses) == {"completed": ANALYSES}
    assert await count_results(stack, list(ids)) == Counter(dict.fromkeys(ids, 1))
    await assert_consecutive_versions(stack, list(ids))
    await consultant.close()


async def test_requests_without_postgres_are_rejected_cleanly(stack: Stack, consultant: ApiClient) -> None:
    resume_id = await consultant.new_resume("cv.txt", files.strong_resume_txt())
    analysis_id = (await consultant.analyze(resume_id)).json()["analysis_id"]
    await consultant.ended(analysis_id)
    await stack.kill("postgres")
    try:
        refused = await consultant.analyze(resume_id)
        assert refused.status_code == 503
        assert "retry-after" in refused.headers
        status = await consultant.status(analysis_id)
        assert status.status_code == 503
    finally:
        await stack.start("postgres")

    async def works() -> bool:
        return (await consultant.analyze(resume_id)).status_code == 202

    await eventually(works, deadline_seconds=10)
    assert (await consultant.status(analysis_id)).json()["status"] == "completed"
