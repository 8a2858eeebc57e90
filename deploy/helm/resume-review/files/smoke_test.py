"""The chart's test: upload a resume, analyse it with an idempotency key, wait for the report, and erase it.

It runs in an image of request-api (`helm test`) or anywhere with httpx2. The settings are SMOKE_TEST_TOKEN,
a bearer token of a user who may register candidates, and SMOKE_TEST_REQUESTS_URL and SMOKE_TEST_RESULTS_URL,
the addresses of the two APIs or of one gateway. Exit code 0: everything worked; 1: the last lines say what
did not, the first failure first.
"""

import os
import sys
import time
from functools import partial
from uuid import uuid4

import httpx2

WAIT_SECONDS = 120
# The limits of the API.
PAGE, MAX_OFFSET = 100, 100_000
PERSON = {"first_name": "Smoke", "last_name": "Test"}
RESUME = """Smoke Test
smoke.test@example.com | +44 20 7946 0958

Experience
Example Ltd, Engineer, January 2020 - Present
- Reduced the cost of hosting by 30 % by moving 12 services to containers.
- Built a Python pipeline that imports 2 million records a day.

Education
BSc Computer Science, Example University, 2019

Skills
Python, Kafka, PostgreSQL, Kubernetes
"""


class Failed(Exception):
    """A step failed; the message names it and the response."""


def call(step: str, api: httpx2.Client, method: str, path: str, **request: object) -> httpx2.Response:
    """Send a request and return its response of 2xx."""
    try:
        response = api.request(method, path, **request)  # type: ignore[arg-type] # as httpx2 takes them
    except httpx2.HTTPError as error:
        raise Failed(f"{step}: {type(error).__name__} at {api.base_url}") from error
    if not response.is_success:
        raise Failed(f"{step}: {response.status_code} {response.text[:300]}")
    print(f"{step}: {response.status_code}")
    return response


def find_candidate(api: httpx2.Client) -> str:
    """Return the candidate of earlier runs, or register it."""
    for offset in range(0, MAX_OFFSET, PAGE):
        page = {"limit": PAGE, "offset": offset}
        listed = call("list candidates", api, "GET", "/api/v1/candidates", params=page).json()["candidates"]
        for candidate in listed:
            if {name: candidate[name] for name in PERSON} == PERSON:
                return str(candidate["id"])
        if len(listed) < PAGE:
            break
    return str(call("register", api, "POST", "/api/v1/candidates", json=PERSON).json()["candidate"]["id"])


def run(requests: httpx2.Client, results: httpx2.Client) -> None:
    """Run all steps. The resume is erased whatever happens after its upload."""
    uploads = f"/api/v1/resume_upload/candidates/{find_candidate(requests)}/resumes"
    file = {"file": ("smoke-test.txt", RESUME.encode(), "text/plain")}
    resume_id = call("upload", requests, "POST", uploads, files=file).json()["id"]
    steps = (
        partial(analyse, requests, results, resume_id),
        partial(call, "erase", requests, "DELETE", f"/api/v1/resume_upload/{resume_id}"),
    )
    failures = []
    for step in steps:
        try:
            step()
        except Failed as failure:
            failures.append(str(failure))
        except (KeyError, ValueError) as error:
            failures.append(f"a response was not understood: {error!r}")
    if failures:
        raise Failed("\n".join(failures))


def analyse(requests: httpx2.Client, results: httpx2.Client, resume_id: str) -> None:
    """Request an analysis twice with one key, and wait for its report."""
    path, key = f"/api/v1/analysis/resumes/{resume_id}/analyze", {"Idempotency-Key": str(uuid4())}
    order = {"industry": "general", "analysis_depth": "quick"}
    first, again = (
        call(step, requests, "POST", path, json=order, headers=key).json()["analysis_id"]
        for step in ("analyse", "analyse again")
    )
    if first != again:
        raise Failed("analyse again: the same key made a second analysis")
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        status = call("status", results, "GET", f"/api/v1/analysis/analysis/{first}/status").json()
        if status["status"] == "completed":
            print(f"overall score: {status['result']['overall_score']}")
            return
        if status["status"] not in ("pending", "processing"):
            raise Failed(f"the analysis ended as {status['status']}")
        time.sleep(1)
    raise Failed(f"the analysis was not completed within {WAIT_SECONDS} s")


def main() -> int:
    """Run the test and return its exit code."""
    headers = {"Authorization": f"Bearer {os.environ['SMOKE_TEST_TOKEN']}"}
    urls = [os.environ[f"SMOKE_TEST_{name}_URL"] for name in ("REQUESTS", "RESULTS")]
    with (
        httpx2.Client(base_url=urls[0], headers=headers, timeout=30, trust_env=False) as requests,
        httpx2.Client(base_url=urls[1], headers=headers, timeout=30, trust_env=False) as results,
    ):
        try:
            run(requests, results)
        except Failed as error:
            print(error, file=sys.stderr)
            return 1
    print("smoke test: passed")
    return 0


if __name__ == "__main__":
    sys.exit(main())
