"""Things that exist, so that not every generated request ends at a 404."""

from collections.abc import Mapping
from typing import Any

from tests.support import files
from tests.support.http.api_client import ApiClient

# Resumes for the operation that deletes: once deleted, one is of no more use.
DISPOSABLE = 20

# By the names that ids have in paths; those of "DELETE /path" are for that operation alone.
Seeds = dict[str, list[str]]

DELETE_RESUME = "DELETE /api/v1/resume_upload/{resume_id}"


async def plant(mine: ApiClient, theirs: ApiClient) -> Seeds:
    """A candidate, resumes and analyses of `mine`, and some of somebody else's."""
    seeds: Seeds = {"candidate_id": [], "resume_id": [], "analysis_id": []}
    for who, resumes in ((mine, 3), (theirs, 1)):
        candidate_id = await who.new_candidate()
        seeds["candidate_id"].append(candidate_id)
        for _ in range(resumes):
            resume_id = await _upload(who, candidate_id)
            seeds["resume_id"].append(resume_id)
            accepted = await who.analyze(resume_id)
            analysis_id = accepted.json()["analysis_id"]
            await who.ended(analysis_id)
            seeds["analysis_id"].append(analysis_id)
    seeds[DELETE_RESUME] = [await _upload(mine, seeds["candidate_id"][0]) for _ in range(DISPOSABLE)]
    return seeds


async def _upload(who: ApiClient, candidate_id: str) -> str:
    answer = await who.upload(candidate_id, "cv.txt", files.strong_resume_txt())
    assert answer.status_code == 201, answer.text
    resume_id: str = answer.json()["id"]
    return resume_id


def with_examples(document: Mapping[str, Any], seeds: Seeds) -> Mapping[str, Any]:
    """The document with an id that exists as the example of each parameter that is one."""
    for path, item in document["paths"].items():
        for method, operation in item.items():
            own = seeds.get(f"{method.upper()} {path}")
            for parameter in operation.get("parameters", []):
                found = own or seeds.get(parameter["name"])
                if parameter["in"] == "path" and found:
                    parameter["example"] = found[0]
    return document
