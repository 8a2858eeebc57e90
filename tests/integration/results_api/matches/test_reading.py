"""Single matches, comparisons, progress and live updates, and who may see them."""

from typing import Any
from uuid import uuid4

import httpx2
import pytest

from tests.integration.conftest import FakeRequestApi, User
from tests.integration.results_api.matches.job_of_tests import QUOTE, Job, outcomes, publish_and_wait
from tests.support.auth.tokens import FakeIssuer
from tests.support.match_events import (
    match_erase_requested,
    match_failed_to_run,
    match_requested,
    match_succeeded,
)
from tests.support.polling import eventually
from tests.support.servers.kafka import publish


@pytest.fixture
def job(fake_request_api: FakeRequestApi) -> Job:
    return Job(fake_request_api)


async def test_match_has_a_sentence_and_quotes_for_each_requirement(
    results_api: httpx2.AsyncClient, kafka_bootstrap: str, user: User, job: Job
) -> None:
    about = job.context(user)
    found = outcomes(62.5, sql="not_shown", go="unknown")
    await publish_and_wait(results_api, kafka_bootstrap, user, match_succeeded(about, result=found))
    address = f"/api/v1/jobs/{job.id}/matches/{about.match_id}"
    response = await results_api.get(address, headers=user.headers)
    body = response.json()
    assert (body["status"], body["score"], body["failure"]) == ("completed", 62.5, None)
    assert body["reason"].startswith("The score weighs each requirement")
    python, sql, go = body["requirements"]
    assert (python["id"], python["importance"], python["weight"]) == ("python", "must", 1)
    assert (python["text"], python["outcome"], python["credit"]) == ("Python is needed", "met", 1)
    assert [each["quote"] for each in python["evidence"]] == [QUOTE]
    assert (sql["text"], sql["terms"]) == ("SQL / PostgreSQL", ["SQL", "PostgreSQL"])
    assert sql["reason"] == 'The resume does not show "SQL".'
    assert (go["outcome"], go["evidence"]) == ("unknown", [])

    conditional = {**user.headers, "If-None-Match": response.headers["etag"]}
    assert (await results_api.get(address, headers=conditional)).status_code == 304
    in_japanese = await results_api.get(f"{address}?language=ja", headers=conditional)
    assert in_japanese.status_code == 200
    assert "SQL" in in_japanese.json()["requirements"][1]["reason"]
    assert in_japanese.json()["requirements"][1]["reason"] != sql["reason"]


async def test_sentences_are_in_the_language_of_the_job(
    results_api: httpx2.AsyncClient, kafka_bootstrap: str, user: User, fake_request_api: FakeRequestApi
) -> None:
    job = Job(fake_request_api, language="ja")
    about = job.context(user)
    await publish_and_wait(results_api, kafka_bootstrap, user, match_succeeded(about, result=outcomes(100)))
    response = await results_api.get(f"/api/v1/jobs/{job.id}/matches/{about.match_id}", headers=user.headers)
    assert response.json()["requirements"][0]["reason"] == "職務の記述に「Python」が1か所あります。"


async def test_match_without_a_result_has_the_reason(
    results_api: httpx2.AsyncClient, kafka_bootstrap: str, user: User, job: Job
) -> None:
    failed, pending = job.context(user), job.context(user)
    await publish_and_wait(results_api, kafka_bootstrap, user, match_failed_to_run(failed))
    await publish(kafka_bootstrap, match_requested(pending))

    async def read(match_id: object) -> dict[str, Any]:
        response = await results_api.get(f"/api/v1/jobs/{job.id}/matches/{match_id}", headers=user.headers)
        body: dict[str, Any] = response.json()
        return body

    body = await read(failed.match_id)
    assert body["failure"] == {"code": "internal_error", "detail": "The match failed."}
    assert (body["status"], body["score"], body["requirements"]) == ("failed", None, [])
    body = await eventually(
        lambda: read(pending.match_id), until=lambda body: body.get("status") == "pending"
    )
    assert (body["failure"], body["ended_at"]) == (None, None)


async def test_who_sees_the_job_sees_own_matches_and_seniors_see_all(
    results_api: httpx2.AsyncClient,
    kafka_bootstrap: str,
    issuer: FakeIssuer,
    user: User,
    other: User,
    senior: User,
    job: Job,
    fake_request_api: FakeRequestApi,
) -> None:
    mine, theirs = job.context(user), job.context(other)
    admin = User(issuer, role="admin")
    done = [match_succeeded(each, result=outcomes(80)) for each in (mine, theirs)]
    await publish_and_wait(results_api, kafka_bootstrap, senior, *done)

    async def seen_by(viewer: User) -> list[object]:
        address, headers = f"/api/v1/jobs/{job.id}", viewer.headers
        ranked = (await results_api.get(f"{address}/ranking", headers=headers)).json()
        progress = (await results_api.get(f"{address}/matches", headers=headers)).json()
        ids = [str(each.match_id) for each in (mine, theirs)]
        single = [
            (await results_api.get(f"{address}/matches/{each}", headers=headers)).status_code for each in ids
        ]
        both = await results_api.get(f"{address}/comparison", params={"match_id": ids}, headers=headers)
        names = sorted(ids.index(each["match_id"]) for each in ranked["ranked"])
        return [names, progress["counts"]["completed"], single, both.status_code]

    assert await seen_by(user) == [[0], 1, [200, 404], 404]
    assert await seen_by(other) == [[1], 1, [404, 200], 404]
    assert await seen_by(senior) == [[0, 1], 2, [200, 200], 200]
    assert await seen_by(admin) == [[0, 1], 2, [200, 200], 200]
    # The job is asked for with the token of the caller.
    assert fake_request_api.asked[-1] == (f"{job.id}?version=1", admin.headers["Authorization"])


ROUTES = (
    "ranking",
    "ranking?format=csv",
    "matches",
    "matches/events",
    "matches/{id}",
    "comparison?match_id={id}&match_id={other}",
)


@pytest.mark.parametrize("route", ROUTES)
async def test_who_does_not_see_the_job_sees_nothing(
    results_api: httpx2.AsyncClient,
    kafka_bootstrap: str,
    user: User,
    job: Job,
    fake_request_api: FakeRequestApi,
    route: str,
) -> None:
    one, two = job.context(user), job.context(user)
    done = [match_succeeded(each, result=outcomes(80)) for each in (one, two)]
    await publish_and_wait(results_api, kafka_bootstrap, user, *done)
    address = f"/api/v1/jobs/{job.id}/{route.format(id=one.match_id, other=two.match_id)}"
    fake_request_api.is_unavailable = True
    try:
        down = await results_api.get(address, headers=user.headers)
    finally:
        fake_request_api.is_unavailable = False
    assert (down.status_code, down.headers["retry-after"]) == (503, "1")
    job.hide()
    hidden = await results_api.get(address, headers=user.headers)
    assert (hidden.status_code, hidden.json()["code"]) == (404, "job_not_found")


async def test_erased_match_is_gone(
    results_api: httpx2.AsyncClient, kafka_bootstrap: str, user: User, job: Job
) -> None:
    about = job.context(user)
    await publish_and_wait(results_api, kafka_bootstrap, user, match_succeeded(about, result=outcomes(80)))
    await publish(kafka_bootstrap, match_erase_requested(about))

    async def read() -> httpx2.Response:
        return await results_api.get(f"/api/v1/jobs/{job.id}/matches/{about.match_id}", headers=user.headers)

    gone = await eventually(read, until=lambda response: response.status_code == 404)
    assert gone.json()["code"] == "match_not_found"
    ranking = await results_api.get(f"/api/v1/jobs/{job.id}/ranking", headers=user.headers)
    assert (ranking.json()["ranked"], ranking.json()["counts"]["completed"]) == ([], 0)


async def test_comparison_shows_requirements_by_candidates(
    results_api: httpx2.AsyncClient, kafka_bootstrap: str, user: User, job: Job
) -> None:
    first = job.context(user, candidate_name="<script>alert(1)</script>")
    second, failed = job.context(user, candidate_name="Ben"), job.context(user, candidate_name="Cy")
    await publish_and_wait(
        results_api,
        kafka_bootstrap,
        user,
        match_succeeded(first, result=outcomes(100)),
        match_succeeded(second, result=outcomes(62.5, sql="not_shown")),
        match_failed_to_run(failed),
    )
    ids = [str(each.match_id) for each in (second, first, failed)]
    address = f"/api/v1/jobs/{job.id}/comparison"
    response = await results_api.get(address, params={"match_id": ids}, headers=user.headers)
    body = response.json()
    assert [each["match_id"] for each in body["candidates"]] == ids
    assert [each["score"] for each in body["candidates"]] == [62.5, 100, None]
    assert body["candidates"][2]["reason"] == "The match failed."
    outcomes_of = {
        each["id"]: [it and it["outcome"] for it in each["outcomes"]] for each in body["requirements"]
    }
    assert outcomes_of == {
        "python": ["met", "met", None],
        "sql": ["not_shown", "met", None],
        "go": ["met", "met", None],
    }

    headers = {**user.headers, "Accept": "text/html"}
    for parameters in ({"match_id": ids}, {"match_id": ids, "format": "html", "language": "ja"}):
        page = await results_api.get(address, params=parameters, headers=headers)
        assert page.headers["content-type"] == "text/html; charset=utf-8"
        assert "script-src" not in page.headers["content-security-policy"]
        assert "<script>" not in page.text
        assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page.text
        assert "&lt;b&gt;Engineer&lt;/b&gt;" in page.text
        assert QUOTE in page.text
    assert "記載なし" in page.text
    as_json = await results_api.get(address, params={"match_id": ids, "format": "json"}, headers=headers)
    assert as_json.json() == body


async def test_comparison_has_limits(
    results_api: httpx2.AsyncClient, kafka_bootstrap: str, user: User, job: Job
) -> None:
    old, new = job.context(user), job.context(user, job_version=2)
    job.publish_version(2)
    await publish_and_wait(results_api, kafka_bootstrap, user, match_succeeded(old, result=outcomes(80)))
    await publish_and_wait(results_api, kafka_bootstrap, user, match_succeeded(new, result=outcomes(80)))

    async def refusal(*ids: object) -> tuple[int, object]:
        response = await results_api.get(
            f"/api/v1/jobs/{job.id}/comparison",
            params={"match_id": [str(each) for each in ids]},
            headers=user.headers,
        )
        return response.status_code, response.json().get("code")

    assert (await refusal(old.match_id))[0] == 422
    assert (await refusal(*(uuid4() for _ in range(6))))[0] == 422
    assert await refusal(old.match_id, old.match_id) == (422, "repeated_match")
    assert await refusal(old.match_id, new.match_id) == (422, "different_job_versions")
    assert await refusal(old.match_id, uuid4()) == (404, "match_not_found")
