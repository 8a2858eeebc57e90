"""The ranking of the candidates of a job: ranks, ties, what decides, filters, pages and CSV."""

import csv
import io
from typing import Any
from uuid import uuid4

import httpx2
import pytest
from contracts.match_events import MatchContext

from tests.integration.conftest import FakeRequestApi, User
from tests.integration.results_api.matches.job_of_tests import Job, outcomes, publish_and_wait
from tests.support.match_events import match_failed_to_run, match_requested, match_succeeded
from tests.support.polling import eventually
from tests.support.servers.databases import Database
from tests.support.servers.kafka import publish


async def ranking(api: httpx2.AsyncClient, job: Job, user: User, **parameters: Any) -> dict[str, Any]:
    response = await api.get(f"/api/v1/jobs/{job.id}/ranking", params=parameters, headers=user.headers)
    assert response.status_code == 200, response.text
    body: dict[str, Any] = response.json()
    return body


def named(job: Job, user: User, name: str) -> MatchContext:
    return job.context(user, candidate_name=name, candidate_id=uuid4())


@pytest.fixture
def job(fake_request_api: FakeRequestApi) -> Job:
    return Job(fake_request_api)


async def test_ties_share_a_rank_and_each_is_compared_with_the_next_lower_score(
    results_api: httpx2.AsyncClient, kafka_bootstrap: str, user: User, job: Job
) -> None:
    first, second, third, last = (named(job, user, name) for name in ("Ann", "Ben", "Cy", "Di"))
    await publish_and_wait(
        results_api,
        kafka_bootstrap,
        user,
        match_succeeded(last, result=outcomes(0, python="not_shown", sql="not_shown", go="not_shown")),
        match_succeeded(third, result=outcomes(75, go="not_shown")),
        match_succeeded(second, result=outcomes(75, go="not_shown")),
        match_succeeded(first, result=outcomes(100)),
    )
    body = await ranking(results_api, job, user)
    assert [(each["rank"], each["score"]) for each in body["ranked"]] == [(1, 100), (2, 75), (2, 75), (4, 0)]
    assert {each["candidate_name"] for each in body["ranked"][1:3]} == {"Ben", "Cy"}
    assert (body["total_count"], body["is_comparable"], body["job_title"]) == (4, True, "<b>Engineer</b>")
    assert body["counts"] == {"pending": 0, "completed": 4, "failed": 0, "cancelled": 0, "scored": 4}

    top, *tied, lowest = (each["decides"] for each in body["ranked"])
    assert top["lower_score"] == 75
    # A must weighs 3 and the wish 2: 3 + 3 + 2 points of weight are 100 points of score.
    assert top["requirements"] == [
        {
            "requirement_id": "go",
            "text": "Go",
            "points": 25,
            "outcome": "met",
            "lower_outcome": "not_shown",
        }
    ]
    assert [each["lower_candidate_name"] for each in tied] == ["Di", "Di"]
    assert [(each["text"], each["points"]) for each in tied[0]["requirements"]] == [
        ("Python is needed", 37.5),
        ("SQL / PostgreSQL", 37.5),
    ]
    assert lowest is None

    # On pages of one, ranks and comparisons stay the same.
    pages = [await ranking(results_api, job, user, page=page, page_size=1) for page in range(1, 6)]
    assert [each["ranked"] for each in pages] == [[each] for each in body["ranked"]] + [[]]
    assert [each["total_count"] for each in pages] == [4] * 5


async def test_candidates_without_a_score_are_listed_apart(
    results_api: httpx2.AsyncClient, kafka_bootstrap: str, user: User, job: Job
) -> None:
    scored, unscored, failed = (named(job, user, name) for name in ("Ann", "Ben", "Cy"))
    await publish_and_wait(
        results_api,
        kafka_bootstrap,
        user,
        match_succeeded(scored, result=outcomes(0, python="not_shown", sql="not_shown", go="not_shown")),
        match_succeeded(unscored, result=outcomes(None, python="unknown", sql="unknown")),
        match_failed_to_run(failed),
    )
    body = await ranking(results_api, job, user)
    assert [each["candidate_name"] for each in body["ranked"]] == ["Ann"]
    assert body["ranked"][0]["decides"] is None
    apart = {each["candidate_name"]: each for each in body["not_assessed"]}
    assert (sorted(apart), body["not_assessed_count"]) == (["Ben", "Cy"], 2)
    assert apart["Ben"]["reason"] == "Too few requirements could be assessed for a score."
    assert (apart["Ben"]["assessed"], apart["Ben"]["status"]) == (0.25, "completed")
    assert (apart["Cy"]["reason"], apart["Cy"]["status"]) == ("The match failed.", "failed")
    assert body["counts"] == {"pending": 0, "completed": 2, "failed": 1, "cancelled": 0, "scored": 1}
    in_japanese = await ranking(results_api, job, user, language="ja")
    reasons = {each["candidate_name"]: each["reason"] for each in in_japanese["not_assessed"]}
    assert "スコア" in reasons["Ben"]


async def test_filters_leave_the_ranks_as_they_are(
    results_api: httpx2.AsyncClient, kafka_bootstrap: str, user: User, job: Job
) -> None:
    events = [
        match_succeeded(named(job, user, "Ann"), result=outcomes(100)),
        match_succeeded(named(job, user, "Ben"), result=outcomes(75, go="not_shown")),
        match_succeeded(named(job, user, "Cy"), result=outcomes(62.5, sql="not_shown")),
        match_succeeded(named(job, user, "Di"), result=outcomes(50, sql="partly", go="not_shown")),
    ]
    await publish_and_wait(results_api, kafka_bootstrap, user, *events)

    async def ranks(**parameters: Any) -> list[tuple[int, str]]:
        body = await ranking(results_api, job, user, **parameters)
        assert body["total_count"] == len(body["ranked"])
        return [(each["rank"], each["candidate_name"]) for each in body["ranked"]]

    assert await ranks(min_score=62.5) == [(1, "Ann"), (2, "Ben"), (3, "Cy")]
    assert await ranks(requirement="go", outcome="met") == [(1, "Ann"), (3, "Cy")]
    assert await ranks(requirement="sql", outcome=["partly", "not_shown"]) == [(3, "Cy"), (4, "Di")]
    # The next lower one is that of the list.
    body = await ranking(results_api, job, user, requirement="go", outcome="met")
    assert body["ranked"][0]["decides"]["lower_candidate_name"] == "Cy"


@pytest.mark.parametrize(
    "parameters",
    [
        {"page_size": 101},
        {"page": 0},
        {"min_score": 101},
        {"min_score": "nan"},
        {"requirement": "go"},
        {"outcome": "met"},
        {"requirement": "unknown", "outcome": "met"},
        {"requirement": "go", "outcome": ["met"] * 5},
        {"job_version": 0},
        {"language": "fr"},
    ],
)
async def test_parameters_beyond_a_limit_are_refused(
    results_api: httpx2.AsyncClient, user: User, job: Job, parameters: dict[str, Any]
) -> None:
    response = await results_api.get(
        f"/api/v1/jobs/{job.id}/ranking", params=parameters, headers=user.headers
    )
    assert response.status_code == 422, response.text
    assert response.json()["detail"]


async def test_each_resume_counts_once_with_its_completed_match(
    results_api: httpx2.AsyncClient, kafka_bootstrap: str, user: User, senior: User, job: Job
) -> None:
    resume_id = uuid4()
    failed, done = (job.context(user, resume_id=resume_id) for _ in range(2))
    pending = job.context(senior, resume_id=resume_id)
    await publish(
        kafka_bootstrap,
        match_failed_to_run(failed),
        match_requested(pending),
        match_succeeded(done, result=outcomes(80)),
    )
    body = await eventually(
        lambda: ranking(results_api, job, senior), until=lambda body: body["counts"]["completed"] == 1
    )
    assert [each["match_id"] for each in body["ranked"]] == [str(done.match_id)]
    assert body["counts"] == {"pending": 0, "completed": 1, "failed": 0, "cancelled": 0, "scored": 1}
    assert body["not_assessed"] == []


async def test_scores_of_different_rules_are_marked(
    results_api: httpx2.AsyncClient, kafka_bootstrap: str, user: User, job: Job
) -> None:
    newer = outcomes(70).model_copy(update={"matcher_version": "2/1"})
    await publish_and_wait(
        results_api,
        kafka_bootstrap,
        user,
        match_succeeded(job.context(user), result=outcomes(80)),
        match_succeeded(job.context(user), result=newer),
    )
    assert (await ranking(results_api, job, user))["is_comparable"] is False


async def test_newest_version_is_ranked_unless_another_is_named(
    results_api: httpx2.AsyncClient, kafka_bootstrap: str, user: User, job: Job
) -> None:
    await publish_and_wait(
        results_api, kafka_bootstrap, user, match_succeeded(job.context(user), result=outcomes(80))
    )
    job.publish_version(2)
    newest = await ranking(results_api, job, user)
    assert (newest["job_version"], newest["ranked"]) == (2, [])
    assert len((await ranking(results_api, job, user, job_version=1))["ranked"]) == 1


async def test_ranking_of_500_is_complete(
    results_api: httpx2.AsyncClient, results_database: Database, user: User, job: Job
) -> None:
    await results_database.fetch(
        """
        INSERT INTO match_views (match_id, job_id, job_version, resume_id, resume_version, candidate_id,
            candidate_name, file_name, requested_by, status, version, requested_at, ended_at, score, assessed,
            matcher_version, outcomes, result)
        SELECT gen_random_uuid(), $1, 1, gen_random_uuid(), 1, gen_random_uuid(), 'Candidate ' || n, '', $2,
            'completed', 2, now(), now(), n / 10, 1, '1/1', '{"go": ["met", 1]}', '{"reason": {}}'
        FROM generate_series(1, 500) n
        """,
        job.id,
        user.id,
    )
    pages = [await ranking(results_api, job, user, page=page, page_size=100) for page in range(1, 6)]
    listed = [each for page in pages for each in page["ranked"]]
    assert len({each["match_id"] for each in listed}) == 500
    scores = [each["score"] for each in listed]
    assert scores == sorted(scores, reverse=True)
    assert [each["rank"] for each in listed] == [scores.index(score) + 1 for score in scores]
    assert {page["total_count"] for page in pages} == {500}


async def test_csv_holds_the_whole_ranking(
    results_api: httpx2.AsyncClient, kafka_bootstrap: str, user: User, job: Job
) -> None:
    formula = named(job, user, "=HYPERLINK(1)")
    await publish_and_wait(
        results_api,
        kafka_bootstrap,
        user,
        match_succeeded(formula, result=outcomes(100)),
        match_succeeded(named(job, user, "Ben"), result=outcomes(75, go="not_shown")),
        match_succeeded(named(job, user, "Cy"), result=outcomes(None)),
    )
    headers = {**user.headers, "Accept": "text/csv"}
    response = await results_api.get(f"/api/v1/jobs/{job.id}/ranking?page_size=1", headers=headers)
    assert response.headers["content-type"] == "text/csv; charset=utf-8"
    assert response.headers["content-disposition"] == f'attachment; filename="ranking-{job.id}.csv"'
    rows = list(csv.DictReader(io.StringIO(response.content.decode("utf-8-sig"))))
    assert [(row["rank"], row["score"], row["candidate_name"], row["decides"]) for row in rows] == [
        ("1", "100.0", "'=HYPERLINK(1)", "Go (+25)"),
        ("2", "75.0", "Ben", ""),
        ("", "", "Cy", ""),
    ]
    assert rows[2]["reason"] == "Too few requirements could be assessed for a score."
