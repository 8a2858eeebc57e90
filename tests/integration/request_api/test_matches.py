"""Matches over HTTP: whom they are accepted from, once, within the limits, and what is published."""

import asyncio
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from contracts.match_events import MatchRequested
from contracts.topics import ANALYSIS_REQUESTS
from request_api.domain.match import MAX_MATCHES_PER_REQUEST

from tests.integration.conftest import User
from tests.integration.request_api.test_jobs import JOBS, Body, error_of, new_job, rewrite
from tests.integration.request_api.test_requests import new_resume
from tests.support.servers.databases import Database
from tests.support.servers.kafka import read_events


async def request_matches(
    api: httpx2.AsyncClient, user: User, job: Body, body: Body, *, key: str | None = None
) -> httpx2.Response:
    headers = {**user.headers, **({"Idempotency-Key": key} if key else {})}
    return await api.post(f"{JOBS}/{job['id']}/matches", json=body, headers=headers)


async def accepted(api: httpx2.AsyncClient, user: User, job: Body, *resume_ids: str) -> Body:
    answer = await request_matches(api, user, job, {"resume_ids": list(resume_ids)})
    assert answer.status_code == 202, answer.text
    body: Body = answer.json()
    return body


async def stored(database: Database, job: Body) -> list[Any]:
    return list(await database.fetch("SELECT * FROM matches WHERE job_id = $1", job["id"]))


async def test_match_is_accepted_and_published(
    request_api: httpx2.AsyncClient, user: User, kafka_bootstrap: str
) -> None:
    job = await new_job(request_api, user)
    resume_id = await new_resume(request_api, user)
    body = await accepted(request_api, user, job, resume_id, resume_id)
    (match,) = body.pop("matches")
    assert body == {"job_id": job["id"], "job_version": 1, "accepted": 1, "already_requested": 0}
    assert (match["resume_id"], match["status"]) == (resume_id, "pending")
    (event,) = await read_events(kafka_bootstrap, ANALYSIS_REQUESTS, match["match_id"], count=1)
    assert isinstance(event, MatchRequested)
    assert [each.id for each in event.requirements] == [each["id"] for each in job["requirements"]]
    assert (str(event.match.requested_by), str(event.match.candidate_id), event.emission) == (
        str(user.id),
        match["candidate_id"],
        1,
    )
    assert event.text
    assert event.signals is not None
