"""Creates candidates, resumes and analyses, so that generated requests can refer to existing ids."""

from collections.abc import Mapping
from typing import Any

from tests.support import files
from tests.support.http.api_client import ApiClient

# The number of resumes, and of jobs, for the operations that delete them, which use each only once.
DISPOSABLE = 20

# Ids by their names in paths; those under "DELETE /path" are only for that operation.
Seeds = dict[str, list[str]]

DELETE_RESUME = "DELETE /api/v1/resume_upload/{resume_id}"
DELETE_JOB = "DELETE /api/v1/jobs/{job_id}"


async def plant(own: ApiClient, other: ApiClient) -> Seeds:
    """Create a candidate, resumes, analyses and jobs of one user, and some of another."""
    seeds: Seeds = {"candidate_id": [], "resume_id": [], "analysis_id": [], "job_id": []}
    for client, resumes in ((own, 3), (other, 1)):
        candidate_id = await client.new_candidate()
        seeds["candidate_id"].append(candidate_id)
        for _ in range(resumes):
            resume_id = await _upload(client, candidate_id)
            seeds["resume_id"].append(resume_id)
            accepted = await client.analyze(resume_id)
            analysis_id = accepted.json()["analysis_id"]
            await client.ended(analysis_id)
            seeds["analysis_id"].append(analysis_id)
            seeds["job_id"].append(await _new_job(client))
    seeds[DELETE_RESUME] = [await _upload(own, seeds["candidate_id"][0]) for _ in range(DISPOSABLE)]
    seeds[DELETE_JOB] = [await _new_job(own) for _ in range(DISPOSABLE)]
    return seeds


async def _new_job(client: ApiClient) -> str:
    answer = await client.http.post(
        "/api/v1/jobs", json={"title": "Engineer", "text": "Requirements: Python"}
    )
    assert answer.status_code == 201, answer.text
    job_id: str = answer.json()["id"]
    return job_id


async def _upload(client: ApiClient, candidate_id: str) -> str:
    answer = await client.upload(candidate_id, "cv.txt", files.strong_resume_txt())
    assert answer.status_code == 201, answer.text
    resume_id: str = answer.json()["id"]
    return resume_id


def with_examples(document: Mapping[str, Any], seeds: Seeds) -> Mapping[str, Any]:
    """Add an existing id as the example of each path parameter that is an id."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            ids = seeds.get(f"{method.upper()} {path}")
            for parameter in operation.get("parameters", []):
                found = ids or seeds.get(parameter["name"])
                if parameter["in"] == "path" and found:
                    parameter["example"] = found[0]
    return document
