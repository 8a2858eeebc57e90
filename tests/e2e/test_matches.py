"""The way of a recruiter from a job and resumes to a ranking, and what becomes of it."""

from typing import Any

import pytest

from tests.support.http.api_client import ApiClient
from tests.support.polling import eventually

JOB = """Requirements
- 3+ years with Kubernetes
- Python
- Bachelor's degree
Nice to have
- Terraform
"""
STRONG = """{name}
Experience
Backend engineer, Example Ltd, 2018-01 to 2024-01
- Cut the cost of our Kubernetes clusters by 30 % with Terraform
- Built billing in Python
Education
BSc Computer Science, 2017
"""
WEAK = """{name}
Experience
Accountant, Example Ltd, 2018-01 to 2024-01
- Closed the books of 12 companies in 4 days
"""
# A language that the matcher does not read.
KOREAN = """{name}
경력
백엔드 개발자, 예시 주식회사, 2018년 1월 - 2024년 1월
- 대규모 결제 시스템을 설계하고 운영하여 장애 시간을 절반으로 줄였습니다
"""


async def new_job(consultant: ApiClient, text: str = JOB) -> dict[str, Any]:
    answer = await consultant.http.post("/api/v1/jobs", json={"title": "Backend engineer", "text": text})
    assert answer.status_code == 201, answer.text
    job: dict[str, Any] = answer.json()
    return job


async def new_resume(consultant: ApiClient, name: str, text: str) -> str:
    candidate_id = await consultant.new_candidate(first_name=name, last_name="Example")
    uploaded = await consultant.upload(candidate_id, "cv.txt", text.format(name=f"{name} Example").encode())
    assert uploaded.status_code == 201, uploaded.text
    resume_id: str = uploaded.json()["id"]
    return resume_id


async def ranking_of(consultant: ApiClient, job_id: str, *, scored: int) -> dict[str, Any]:
    """Wait until so many matches have a score and none is pending, and return the ranking."""

    async def ask() -> dict[str, Any]:
        answer = await consultant.http.get(f"/api/v1/jobs/{job_id}/ranking")
        assert answer.status_code == 200, answer.text
        ranking: dict[str, Any] = answer.json()
        return ranking

    return await eventually(
        ask, until=lambda it: (it["counts"]["scored"], it["counts"]["pending"]) == (scored, 0)
    )


async def test_resumes_are_matched_ranked_and_erased(consultant: ApiClient) -> None:
    job = await new_job(consultant)
    matches = f"/api/v1/jobs/{job['id']}/matches"
    ids = [
        await new_resume(consultant, name, text)
        for name, text in (("Anna", STRONG), ("Ben", STRONG), ("Carla", WEAK))
    ]
    requested = await consultant.http.post(matches, json={"resume_ids": ids})
    assert requested.status_code == 202, requested.text
    assert requested.json()["accepted"] == 3
    again = await consultant.http.post(matches, json={"all_candidates": True})
    assert (again.json()["accepted"], again.json()["already_requested"]) == (0, 3)

    ranking = await ranking_of(consultant, job["id"], scored=3)
    ranked = ranking["ranked"]
    assert [each["rank"] for each in ranked] == [1, 1, 3]
    assert {each["candidate_name"] for each in ranked[:2]} == {"Anna Example", "Ben Example"}
    assert ranked[0]["score"] == ranked[1]["score"] > ranked[2]["score"]

    match = (await consultant.http.get(f"{matches}/{ranked[0]['match_id']}")).json()
    text = STRONG.format(name=ranked[0]["candidate_name"])
    assert [each["outcome"] for each in match["requirements"]].count("met") >= 3
    for each in match["requirements"]:
        assert each["reason"]
        for quote in each["evidence"]:
            assert text[quote["start"] : quote["end"]] == quote["quote"]

    csv = await consultant.http.get(f"/api/v1/jobs/{job['id']}/ranking", headers={"Accept": "text/csv"})
    assert csv.status_code == 200
    assert "Carla Example" in csv.text
    page = await consultant.http.get(
        f"/api/v1/jobs/{job['id']}/comparison",
        params=[("match_id", each["match_id"]) for each in ranked] + [("format", "html")],
    )
    assert page.status_code == 200
    assert "Anna Example" in page.text

    erased = await consultant.http.delete(f"/api/v1/resume_upload/{ranked[0]['resume_id']}")
    assert erased.status_code == 204
    left = await ranking_of(consultant, job["id"], scored=2)
    assert ranked[0]["match_id"] not in str(left)
    assert (await consultant.http.get(f"{matches}/{ranked[0]['match_id']}")).status_code == 404


async def test_resume_that_cannot_be_assessed_is_listed_apart(consultant: ApiClient) -> None:
    job = await new_job(consultant)
    ids = [
        await new_resume(consultant, "Anna", STRONG),
        await new_resume(consultant, "Minji", KOREAN),
    ]
    answer = await consultant.http.post(f"/api/v1/jobs/{job['id']}/matches", json={"resume_ids": ids})
    assert answer.status_code == 202, answer.text
    ranking = await ranking_of(consultant, job["id"], scored=1)
    (apart,) = ranking["not_assessed"]
    assert (apart["candidate_name"], apart["status"]) == ("Minji Example", "completed")
    assert apart["reason"]


@pytest.mark.parametrize("path", ["ranking", "matches", "matches/events"])
async def test_nobody_sees_the_matches_of_another_users_job(
    consultant: ApiClient, stranger: ApiClient, path: str
) -> None:
    job = await new_job(consultant)
    answer = await stranger.http.get(f"/api/v1/jobs/{job['id']}/{path}")
    assert answer.status_code == 404, answer.text


async def test_matches_end_beside_an_analysis(consultant: ApiClient) -> None:
    job = await new_job(consultant)
    resume_ids = [await new_resume(consultant, f"Person{number}", STRONG) for number in range(30)]
    answer = await consultant.http.post(f"/api/v1/jobs/{job['id']}/matches", json={"all_candidates": True})
    assert answer.json()["accepted"] == 30
    accepted = await consultant.analyze(resume_ids[0])
    assert (await consultant.ended(accepted.json()["analysis_id"]))["status"] == "completed"
    ranking = await ranking_of(consultant, job["id"], scored=30)
    assert {each["rank"] for each in ranking["ranked"]} == {1}
