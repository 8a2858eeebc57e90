"""Matches over HTTP: whom they are accepted from, once and within the limits, and how they end."""

import asyncio
import json
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from chassis.db.database import Database as ServiceDatabase
from chassis.principal import Principal, Role
from contracts.match_events import (
    MatchCancelled,
    MatchCancelRequested,
    MatchCompleted,
    MatchEraseRequested,
    MatchExpired,
    MatchFailed,
    MatchPending,
    MatchRequested,
    PublicMatchEvent,
)
from contracts.topics import ANALYSIS_REQUESTS
from contracts.vocabulary import FailureCode
from request_api.commands.copy_statuses import CopyStatuses
from request_api.commands.matches.erase_matches import MAX_ERASED
from request_api.commands.watch_analyses import WatchAnalyses
from request_api.domain.match import MAX_MATCHES_PER_REQUEST
from request_api.domain.watchdog import WatchdogPolicy
from request_api.storage import Repository

from tests.integration.conftest import User
from tests.integration.request_api.conftest import MakeApp
from tests.integration.request_api.jobs.calls import JOBS, Body, error_of
from tests.integration.request_api.test_watch import database, reemit, sent, watch  # noqa: F401 - fixtures
from tests.support.events import NOW
from tests.support.http.in_process import run_app
from tests.support.polling import eventually
from tests.support.servers.databases import Database
from tests.support.servers.kafka import read_events

REQUIREMENT = {"id": "r1", "kind": "skill", "importance": "must", "terms": ["Python"], "origin": "text"}


async def new_job(database: Database, user: User) -> Body:  # noqa: F811 - not the fixture
    """Store an open job. Extracting its requirements has its own tests."""
    (row,) = await database.fetch(
        "WITH new AS (INSERT INTO jobs (id, created_by_user_id, status, version, created_at)"
        " VALUES (gen_random_uuid(), $1, 'open', 1, now()) RETURNING id)"
        " INSERT INTO job_versions (job_id, version, title, text, requirements, removed, left_out, dropped,"
        " written_by_user_id, written_at)"
        " SELECT id, 1, 'Engineer', 'Python', $2::text::jsonb, '[]', '[]', 0, $1, now() FROM new"
        " RETURNING job_id::text AS id",
        user.id,
        json.dumps([REQUIREMENT]),
    )
    return {"id": row["id"], "version": 1}


async def new_resume(
    database: Database,  # noqa: F811
    user: User,
    *,
    text: str | None = "Python",
    versions: int = 1,
    status: str = "active",
    upload_status: str = "completed",
) -> str:
    """Store resumes of a new candidate that is assigned to a user, and return the id of the newest."""
    rows = await database.fetch(
        "WITH c AS (INSERT INTO candidates (first_name, last_name, status, created_by_user_id)"
        " VALUES ('Mina', 'Example', $3, $1) RETURNING id), a AS"
        " (INSERT INTO user_candidate_assignments (user_id, candidate_id) SELECT $1, id FROM c)"
        " INSERT INTO resumes (candidate_id, uploaded_by_user_id, original_filename, stored_filename,"
        " file_hash, file_size, mime_type, version_number, extracted_text, status)"
        " SELECT id, $1, 'cv.txt', 'cv.txt', '', 1, 'text/plain', n, $2, $5"
        " FROM c, generate_series(1, $4::int) n RETURNING id::text",
        user.id,
        text,
        status,
        versions,
        upload_status,
    )
    return str(rows[-1]["id"]) if rows else ""


async def edit(api: httpx2.AsyncClient, user: User, job: Body) -> None:
    body = {"version": job["version"], "requirements": []}
    answer = await api.put(f"{JOBS}/{job['id']}/requirements", json=body, headers=user.headers)
    assert answer.status_code == 200, answer.text


async def ask(
    api: httpx2.AsyncClient, user: User, job: Body, body: Body, *, key: str | None = None
) -> httpx2.Response:
    headers = {**user.headers, **({"Idempotency-Key": key} if key else {})}
    return await api.post(f"{JOBS}/{job['id']}/matches", json=body, headers=headers)


async def match(api: httpx2.AsyncClient, user: User, job: Body, *resume_ids: str) -> Body:
    answer = await ask(api, user, job, {"resume_ids": list(resume_ids)})
    assert answer.status_code == 202, answer.text
    body: Body = answer.json()
    return body


async def cancel(api: httpx2.AsyncClient, user: User, job: Body) -> httpx2.Response:
    return await api.post(f"{JOBS}/{job['id']}/matches/cancel", headers=user.headers)


def counts(body: Body) -> tuple[int, int]:
    return body["accepted"], body["already_requested"]


async def stored(database: Database, job: Body) -> list[Any]:  # noqa: F811 - not the fixture
    return list(await database.fetch("SELECT * FROM matches WHERE original_job_id = $1", job["id"]))


async def copy(database: ServiceDatabase, *events: PublicMatchEvent) -> list[UUID]:  # noqa: F811
    return await CopyStatuses(database=database, repository=Repository())(events)


def ended(kind: type[PublicMatchEvent], about: Body, version: int = 2, **fields: Any) -> PublicMatchEvent:
    return kind(
        version=version,
        match_id=about["match_id"],
        job_id=uuid4(),
        job_version=1,
        resume_id=uuid4(),
        candidate_id=uuid4(),
        requested_by=uuid4(),
        requested_at=NOW,
        occurred_at=NOW,
        **fields,
    )


async def test_match_is_accepted_and_published(
    request_api: httpx2.AsyncClient, request_database: Database, user: User, kafka_bootstrap: str
) -> None:
    job = await new_job(request_database, user)
    resume_id = await new_resume(request_database, user)
    body = await match(request_api, user, job, resume_id, resume_id)
    (one,) = body.pop("matches")
    assert body == {"job_id": job["id"], "job_version": 1, "accepted": 1, "already_requested": 0}
    assert (one["resume_id"], one["status"]) == (resume_id, "pending")
    (event,) = await read_events(kafka_bootstrap, ANALYSIS_REQUESTS, one["match_id"], count=1)
    assert isinstance(event, MatchRequested)
    assert [each.id for each in event.requirements] == ["r1"]
    assert (event.match.requested_by, str(event.match.candidate_id), event.emission) == (
        user.id,
        one["candidate_id"],
        1,
    )
    assert (event.text, event.match.candidate_name) == ("Python", "Mina Example")


@pytest.mark.parametrize("text", [None, "", " \n", "x" * 100_001])
async def test_resume_that_cannot_be_read_is_matched_without_text(
    request_api: httpx2.AsyncClient,
    request_database: Database,
    user: User,
    kafka_bootstrap: str,
    text: str | None,
) -> None:
    job = await new_job(request_database, user)
    resume_id = await new_resume(request_database, user, text=text)
    (one,) = (await match(request_api, user, job, resume_id))["matches"]
    (event,) = await read_events(kafka_bootstrap, ANALYSIS_REQUESTS, one["match_id"], count=1)
    assert isinstance(event, MatchRequested)
    assert event.text.strip() == ""


async def test_all_candidates_are_those_that_the_caller_may_see(
    request_api: httpx2.AsyncClient, request_database: Database, user: User, other: User
) -> None:
    job = await new_job(request_database, user)
    newest = await new_resume(request_database, user, versions=2)
    await new_resume(request_database, user, versions=0)
    await new_resume(request_database, user, status="archived")
    await new_resume(request_database, other)
    body = (await ask(request_api, user, job, {"all_candidates": True})).json()
    assert [each["resume_id"] for each in body["matches"]] == [newest]


@pytest.mark.parametrize("upload_status", ["pending", "processing"])
async def test_resume_that_is_still_being_read_is_matched_later(
    request_api: httpx2.AsyncClient, request_database: Database, user: User, upload_status: str
) -> None:
    job = await new_job(request_database, user)
    newer = await new_resume(request_database, user, versions=2, upload_status=upload_status)
    older = "SELECT id::text FROM resumes WHERE uploaded_by_user_id = $1 AND version_number = 1"
    (read,) = await request_database.fetch(older, user.id)
    await new_resume(request_database, user, text=None, upload_status=upload_status)
    await request_database.fetch("UPDATE resumes SET extracted_text = NULL WHERE id = $1", newer)
    answer = await ask(request_api, user, job, {"resume_ids": [read["id"], newer]})
    assert error_of(answer) == (409, "resume_not_yet_read")
    assert await stored(request_database, job) == []
    body = (await ask(request_api, user, job, {"all_candidates": True})).json()
    assert [each["resume_id"] for each in body["matches"]] == [read["id"]]
    await request_database.fetch(
        "UPDATE resumes SET extracted_text = 'Python', status = 'completed' WHERE id = $1", newer
    )
    assert counts(await match(request_api, user, job, newer)) == (1, 0)


async def test_too_many_candidates_are_refused_with_their_number(
    request_api: httpx2.AsyncClient, request_database: Database, user: User
) -> None:
    job = await new_job(request_database, user)
    await request_database.fetch(
        "WITH c AS (INSERT INTO candidates (first_name, last_name, created_by_user_id)"
        " SELECT 'A', 'B', $1 FROM generate_series(1, $2::int) RETURNING id), a AS"
        " (INSERT INTO user_candidate_assignments (user_id, candidate_id) SELECT $1, id FROM c)"
        " INSERT INTO resumes (candidate_id, uploaded_by_user_id, original_filename, stored_filename,"
        " file_hash, file_size, mime_type, status)"
        " SELECT id, $1, 'cv.txt', 'cv.txt', '', 1, 'text/plain', 'completed' FROM c",
        user.id,
        MAX_MATCHES_PER_REQUEST + 1,
    )
    answer = await ask(request_api, user, job, {"all_candidates": True})
    assert error_of(answer) == (422, "too_many_candidates")
    assert "501 candidates" in answer.json()["detail"]
    assert await stored(request_database, job) == []


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"resume_ids": []},
        {"resume_ids": None},
        {"all_candidates": False},
        {"resume_ids": [str(uuid4())], "all_candidates": True},
        {"resume_ids": ["x"]},
        {"resume_ids": [str(uuid4()) for _ in range(MAX_MATCHES_PER_REQUEST + 1)]},
    ],
)
async def test_invalid_bodies_are_refused(
    request_api: httpx2.AsyncClient, request_database: Database, user: User, body: Body
) -> None:
    job = await new_job(request_database, user)
    assert (await ask(request_api, user, job, body)).status_code == 422


async def test_what_the_caller_may_not_see_is_not_found_and_nothing_is_stored(
    request_api: httpx2.AsyncClient, request_database: Database, user: User, other: User, senior: User
) -> None:
    job, own = await new_job(request_database, user), await new_resume(request_database, user)
    foreign = await new_resume(request_database, other)
    for resume_ids in ([own, foreign], [own, str(uuid4())]):
        answer = await ask(request_api, user, job, {"resume_ids": resume_ids})
        assert error_of(answer) == (404, "resume_not_found")
    assert error_of(await ask(request_api, other, job, {"resume_ids": [foreign]})) == (404, "job_not_found")
    assert error_of(await cancel(request_api, other, job)) == (404, "job_not_found")
    assert await stored(request_database, job) == []
    assert counts(await match(request_api, senior, job, own, foreign)) == (2, 0)


async def test_matches_of_others_that_the_caller_may_not_see_are_requested_again(
    request_api: httpx2.AsyncClient, request_database: Database, user: User, senior: User
) -> None:
    job, resume_id = await new_job(request_database, user), await new_resume(request_database, user)
    assert counts(await match(request_api, senior, job, resume_id)) == (1, 0)
    assert counts(await match(request_api, user, job, resume_id)) == (1, 0)
    for who in (senior, user):
        assert counts(await match(request_api, who, job, resume_id)) == (0, 1)


async def test_pending_match_of_another_user_is_requested_again_and_the_completed_one_is_not(
    request_api: httpx2.AsyncClient,
    request_database: Database,
    database: ServiceDatabase,  # noqa: F811
    user: User,
    senior: User,
) -> None:
    job, resume_id = await new_job(request_database, user), await new_resume(request_database, user)
    await match(request_api, user, job, resume_id)
    own = await match(request_api, senior, job, resume_id)
    assert counts(own) == (1, 0)
    assert (await cancel(request_api, user, job)).json() == {"cancelled": 1}
    again = await match(request_api, senior, job, resume_id)
    assert (counts(again), again["matches"]) == ((0, 1), own["matches"])
    other = await new_resume(request_database, user)
    theirs = await match(request_api, user, job, other)
    await copy(database, ended(MatchCompleted, theirs["matches"][0], score=50.0, assessed=1.0))
    assert counts(await match(request_api, senior, job, other)) == (0, 1)


async def test_closed_job_is_not_matched(
    request_api: httpx2.AsyncClient, request_database: Database, user: User
) -> None:
    job, resume_id = await new_job(request_database, user), await new_resume(request_database, user)
    await request_api.post(f"{JOBS}/{job['id']}/close", headers=user.headers)
    answer = await ask(request_api, user, job, {"resume_ids": [resume_id]})
    assert error_of(answer) == (409, "job_closed")
    assert await stored(request_database, job) == []


async def test_concurrent_requests_match_a_resume_once(
    request_api: httpx2.AsyncClient, request_database: Database, user: User
) -> None:
    job, resume_id = await new_job(request_database, user), await new_resume(request_database, user)
    answers = await asyncio.gather(*(match(request_api, user, job, resume_id) for _ in range(4)))
    assert sorted(counts(each) for each in answers) == [(0, 1)] * 3 + [(1, 0)]
    assert len(await stored(request_database, job)) == 1


async def test_failed_and_cancelled_matches_and_new_versions_are_requested_anew(
    request_api: httpx2.AsyncClient,
    request_database: Database,
    database: ServiceDatabase,  # noqa: F811
    user: User,
) -> None:
    job, resume_id = await new_job(request_database, user), await new_resume(request_database, user)
    (failing,) = (await match(request_api, user, job, resume_id))["matches"]
    await copy(database, ended(MatchFailed, failing, failure_code=FailureCode.INTERNAL_ERROR))
    assert counts(await match(request_api, user, job, resume_id)) == (1, 0)
    # Until its end is copied, a cancelled match is pending.
    assert (await cancel(request_api, user, job)).json() == {"cancelled": 1}
    (running,) = (await match(request_api, user, job, resume_id))["matches"]
    await copy(database, ended(MatchCompleted, running, score=50.0, assessed=1.0))
    again = await match(request_api, user, job, resume_id)
    assert (counts(again), again["matches"][0]["status"]) == ((0, 1), "completed")
    await edit(request_api, user, job)
    newer = await match(request_api, user, job, resume_id)
    assert (counts(newer), newer["job_version"]) == ((1, 0), 2)


async def test_repeated_key_returns_the_same_matches(
    request_api: httpx2.AsyncClient, request_database: Database, user: User
) -> None:
    job, resume_id = await new_job(request_database, user), await new_resume(request_database, user)
    body = {"resume_ids": [resume_id]}
    first = (await ask(request_api, user, job, body, key="k")).json()
    await edit(request_api, user, job)
    assert (await ask(request_api, user, job, body, key="k")).json() == first
    changed = await ask(request_api, user, job, {"all_candidates": True}, key="k")
    assert error_of(changed) == (409, "idempotency_key_reused")
    assert len(await stored(request_database, job)) == 1
    answers = await asyncio.gather(*(ask(request_api, user, job, body, key="l") for _ in range(3)))
    (answer,) = {each.text for each in answers}
    assert '"accepted":1' in answer


async def test_repeated_key_returns_what_is_left_after_an_erasure(
    request_api: httpx2.AsyncClient, request_database: Database, user: User
) -> None:
    job = await new_job(request_database, user)
    erased, kept = [await new_resume(request_database, user) for _ in range(2)]
    body = {"resume_ids": [erased, kept]}
    await ask(request_api, user, job, body, key="k")
    assert (await request_api.delete(f"/api/v1/resume_upload/{erased}", headers=user.headers)).is_success
    again = await ask(request_api, user, job, body, key="k")
    assert (again.status_code, counts(again.json())) == (202, (2, 0))
    assert [each["resume_id"] for each in again.json()["matches"]] == [kept]


async def test_limits_are_exact_and_name_their_error(
    make_app: MakeApp, request_database: Database, user: User
) -> None:
    async with run_app(make_app(max_unfinished_matches=2, max_matches_per_day=3)) as api:
        job = await new_job(request_database, user)
        first, second, third = [await new_resume(request_database, user) for _ in range(3)]
        await match(api, user, job, first)
        answers = await asyncio.gather(
            *(ask(api, user, job, {"resume_ids": [each]}) for each in (second, third))
        )
        assert sorted(each.status_code for each in answers) == [202, 429]
        (refused,) = (each for each in answers if each.status_code == 429)
        assert error_of(refused) == (429, "too_many_unfinished_matches")
        assert refused.headers["retry-after"]
        # Those that were requested before need no room.
        assert counts(await match(api, user, job, first)) == (0, 1)
        await request_database.fetch("UPDATE matches SET status = 'completed' WHERE job_id = $1", job["id"])
        await match(api, user, job, second, third)
        await request_database.fetch("UPDATE matches SET status = 'failed' WHERE job_id = $1", job["id"])
        refused = await ask(api, user, job, {"resume_ids": [first]})
        assert error_of(refused) == (429, "daily_match_limit_reached")
        assert refused.headers["retry-after"]
    assert len(await stored(request_database, job)) == 3


async def test_only_own_matches_are_cancelled_once(
    request_api: httpx2.AsyncClient,
    request_database: Database,
    user: User,
    senior: User,
    kafka_bootstrap: str,
) -> None:
    job, resume_id = await new_job(request_database, user), await new_resume(request_database, user)
    (own,) = (await match(request_api, user, job, resume_id))["matches"]
    assert (await cancel(request_api, senior, job)).json() == {"cancelled": 0}
    answers = [await cancel(request_api, user, job) for _ in range(2)]
    assert [(each.status_code, each.json()["cancelled"]) for each in answers] == [(202, 1), (202, 0)]
    events = await read_events(kafka_bootstrap, ANALYSIS_REQUESTS, own["match_id"], count=2)
    assert [type(each) for each in events] == [MatchRequested, MatchCancelRequested]


@pytest.mark.parametrize("deleted", ["job", "resume"])
async def test_erasure_is_published_last(
    request_api: httpx2.AsyncClient,
    request_database: Database,
    user: User,
    senior: User,
    kafka_bootstrap: str,
    deleted: str,
) -> None:
    job, resume_id = await new_job(request_database, user), await new_resume(request_database, user)
    found = [
        each for who in (user, senior) for each in (await match(request_api, who, job, resume_id))["matches"]
    ]
    await cancel(request_api, user, job)
    path = f"{JOBS}/{job['id']}" if deleted == "job" else f"/api/v1/resume_upload/{resume_id}"
    assert (await request_api.delete(path, headers=user.headers)).is_success
    assert await stored(request_database, job) == []
    for each in {one["match_id"] for one in found}:
        *_, last = await read_events(kafka_bootstrap, ANALYSIS_REQUESTS, each, count=2)
        if isinstance(last, MatchCancelRequested):
            *_, last = await read_events(kafka_bootstrap, ANALYSIS_REQUESTS, each, count=3)
        assert (type(last), last.version) == (MatchEraseRequested, 3)


@pytest.mark.parametrize("table", ["resumes", "candidates", "jobs"])
async def test_deletion_by_another_application_is_published_with_the_ids_of_the_match(
    request_api: httpx2.AsyncClient,
    request_database: Database,
    watch: WatchAnalyses,  # noqa: F811
    user: User,
    kafka_bootstrap: str,
    table: str,
) -> None:
    job, resume_id = await new_job(request_database, user), await new_resume(request_database, user)
    (one,) = (await match(request_api, user, job, resume_id))["matches"]
    deleted = {"resumes": resume_id, "candidates": one["candidate_id"], "jobs": job["id"]}[table]
    await request_database.fetch(f"DELETE FROM {table} WHERE id = $1", deleted)  # noqa: S608 - see above
    await asyncio.gather(watch(), watch())
    assert await stored(request_database, job) == []
    first, last = await read_events(kafka_bootstrap, ANALYSIS_REQUESTS, one["match_id"], count=2)
    assert isinstance(first, MatchRequested)
    assert isinstance(last, MatchEraseRequested)
    assert last.match == first.match.model_copy(update={"candidate_name": "", "file_name": ""})


async def test_orphaned_match_is_neither_returned_nor_emitted_again(
    request_api: httpx2.AsyncClient,
    request_database: Database,
    database: ServiceDatabase,  # noqa: F811
    user: User,
) -> None:
    job, resume_id = await new_job(request_database, user), await new_resume(request_database, user)
    (one,) = (await match(request_api, user, job, resume_id))["matches"]
    match_id, matches = UUID(one["match_id"]), Repository().matches
    principal = Principal(user_id=user.id, role=Role.ADMIN)
    now = WatchdogPolicy(reemit_after=timedelta(0), deadline=timedelta(hours=2))
    async with database.transaction() as connection:
        assert len(await matches.get(connection, principal, [match_id])) == 1
        assert await matches.lock_due(connection, match_id, policy=now) is not None
        await connection.execute("UPDATE matches SET job_id = NULL WHERE id = $1", match_id)
        assert await matches.get(connection, principal, [match_id]) == []
        assert await matches.lock_due(connection, match_id, policy=now) is None


async def test_any_number_of_matches_is_erased_in_bounded_batches(
    request_api: httpx2.AsyncClient,
    request_database: Database,
    database: ServiceDatabase,  # noqa: F811
    watch: WatchAnalyses,  # noqa: F811
    user: User,
    kafka_bootstrap: str,
) -> None:
    job, resume_id = await new_job(request_database, user), await new_resume(request_database, user)
    await match(request_api, user, job, resume_id)
    columns = "job_id, job_version, resume_id, requested_by_user_id, original_job_id, original_resume_id,"
    columns += " original_requester_id, resume_version, candidate_id, requested_at"
    await request_database.fetch(
        f"INSERT INTO matches (id, status, {columns}) SELECT gen_random_uuid(), 'completed', {columns}"  # noqa: S608
        " FROM matches, generate_series(1, $2::int) WHERE matches.job_id = $1",
        job["id"],
        MAX_ERASED + 1,
    )
    async with database.autocommit() as connection:
        await connection.execute("BEGIN")
        await connection.execute("DELETE FROM jobs WHERE id = $1", UUID(job["id"]))
        assert len(await Repository().matches.delete_orphaned(connection, limit=2)) == 2
        assert len(await Repository().matches.delete_orphaned(connection, limit=MAX_ERASED)) == MAX_ERASED
        await connection.execute("ROLLBACK")
    rows = await stored(request_database, job)
    last = max(str(each["id"]) for each in rows if each["status"] == "completed")
    assert (await request_api.delete(f"{JOBS}/{job['id']}", headers=user.headers)).is_success
    await watch()
    await eventually(partial(stored, request_database, job), until=lambda rows: not rows)
    (*_, event) = await read_events(kafka_bootstrap, ANALYSIS_REQUESTS, last, count=1)
    assert isinstance(event, MatchEraseRequested)


async def test_only_newer_ends_are_copied(
    request_api: httpx2.AsyncClient,
    request_database: Database,
    database: ServiceDatabase,  # noqa: F811
    user: User,
) -> None:
    job, resume_id = await new_job(request_database, user), await new_resume(request_database, user)
    (one,) = (await match(request_api, user, job, resume_id))["matches"]
    assert await copy(database, ended(MatchPending, one, version=1)) == []
    cancelled = ended(MatchCancelled, one)
    assert await copy(database, cancelled, cancelled) == [UUID(one["match_id"])]
    late = ended(MatchCompleted, one, version=1, score=None, assessed=0.0)
    unknown = ended(MatchCancelled, {"match_id": str(uuid4())})
    assert await copy(database, late, cancelled, unknown) == []
    (row,) = await stored(request_database, job)
    assert (row["status"], row["version"], row["ended_at"]) == ("cancelled", 2, NOW)


@pytest.mark.parametrize(
    ("minutes", "is_cancelled", "event"),
    [
        (11, False, MatchRequested),
        (121, False, MatchExpired),
        (11, True, MatchCancelRequested),
        (121, True, MatchCancelRequested),
    ],
)
async def test_overdue_match_is_emitted_again_or_expires(
    request_api: httpx2.AsyncClient,
    request_database: Database,
    watch: WatchAnalyses,  # noqa: F811
    user: User,
    kafka_bootstrap: str,
    minutes: int,
    is_cancelled: bool,
    event: type,
) -> None:
    job, resume_id = await new_job(request_database, user), await new_resume(request_database, user)
    (one,) = (await match(request_api, user, job, resume_id))["matches"]
    # A results-api that also runs must not end the match: its events have lower versions.
    await request_database.fetch("UPDATE matches SET version = 1000000 WHERE id = $1", one["match_id"])
    before = 1
    if is_cancelled:
        await cancel(request_api, user, job)
        before = 2
    # A later version does not change what is compared.
    await edit(request_api, user, job)
    await sent(request_database, one["match_id"])
    await request_database.fetch(
        "UPDATE matches SET emitted_at = now() - make_interval(mins => $2),"
        " requested_at = now() - make_interval(mins => $2) WHERE id = $1",
        one["match_id"],
        minutes,
    )
    await asyncio.gather(watch(), watch())
    events = await read_events(kafka_bootstrap, ANALYSIS_REQUESTS, one["match_id"], count=before + 1)
    assert type(events[-1]) is event
    if isinstance(events[-1], MatchRequested):
        assert (events[-1].emission, len(events[-1].requirements)) == (2, 1)
    (row,) = await stored(request_database, job)
    assert row["emissions"] == 2
