"""Names and texts of users, from the upload to the response: never markup and never altered."""

from uuid import uuid4

import httpx2
import pytest
from contracts.report import Criterion, Evidence

from tests.integration.conftest import User
from tests.integration.request_api.calls import analyze
from tests.integration.results_api.reading import status_of
from tests.support import events
from tests.support.servers.databases import Database
from tests.support.servers.kafka import publish

MARKUP = "<script>alert('&')</script>"
# C1 and C0 control characters, which terminals execute, and an override of the text direction.
UNPRINTABLE = "\x9b31m\x1b]0;x\x07\u202egnp.\u2066"
PRINTABLE = "31m]0;xgnp."
TEXT = f"Mina Example\nExperience\n- Cut latency to <5 ms & costs by 30% ({MARKUP})\nEducation\nBSc\n"


def is_no_markup(answer: httpx2.Response) -> bool:
    assert answer.status_code < 300
    assert answer.headers["x-content-type-options"] == "nosniff"
    return not any(character in answer.text for character in "<>&\u2028\u2029")


async def test_file_name_and_text_are_unchanged_and_no_markup(
    request_api: httpx2.AsyncClient, user: User
) -> None:
    person = {"first_name": MARKUP[:40], "last_name": "\u202aExample\u202c", "phone": "\u202d+81 90\u202c"}
    created = await request_api.post("/api/v1/candidates", json=person, headers=user.headers)
    assert is_no_markup(created)
    candidate = created.json()["candidate"]
    assert (candidate["first_name"], candidate["last_name"]) == (MARKUP[:40], "Example")
    assert candidate["phone"] == "+81 90"

    # The test's HTTP client would send a bell as %07.
    file = {"file": (f"<b>cv{UNPRINTABLE}.txt".replace("\x07", ""), TEXT.encode(), "text/plain")}
    url = f"/api/v1/resume_upload/candidates/{candidate['id']}/resumes"
    uploaded = await request_api.post(url, files=file, headers=user.headers)
    assert is_no_markup(uploaded)
    assert uploaded.json()["filename"] == f"<b>cv{PRINTABLE}.txt"
    assert f"<5 ms & costs by 30% ({MARKUP})" in uploaded.json()["extracted_text"]

    analysis_id = (await analyze(request_api, user, uploaded.json()["id"])).json()["analysis_id"]
    for path in (
        "/api/v1/candidates",
        "/api/v1/resume_upload/",
        f"/api/v1/resume_upload/{uploaded.json()['id']}",
        f"/api/v1/analysis/requests/{analysis_id}",
    ):
        assert is_no_markup(await request_api.get(path, headers=user.headers))


async def test_texts_of_the_model_and_quotes_are_unchanged_and_no_markup(
    results_api: httpx2.AsyncClient, kafka_bootstrap: str, user: User
) -> None:
    quote = f"latency to <5 ms & costs by 30% ({MARKUP})"
    criterion = Criterion(
        id="content.amounts",
        area="content",
        points=5,
        max=10,
        method="model",
        evidence=(Evidence(quote=quote, start=0, end=len(quote)),),
        reason=f"Shown: {MARKUP}",
    )
    report = events.report()
    details = report.detailed_scores.model_copy(update={"criteria": (criterion,)})
    report = report.model_copy(update={"detailed_scores": details})
    about = events.analysis_context(
        requested_by=user.id, candidate_name=MARKUP, file_name=f"{MARKUP}{UNPRINTABLE}"
    )
    await publish(kafka_bootstrap, events.requested(about), events.succeeded(about, report=report))
    await status_of(results_api, about.analysis_id, user, until="completed")

    base = f"/api/v1/analysis/analysis/{about.analysis_id}"
    for path in (base, f"{base}/status", f"{base}/events", "/api/v1/analysis/"):
        assert is_no_markup(await results_api.get(path, headers=user.headers))
    result = await results_api.get(base, headers=user.headers)
    (shown,) = result.json()["detailed_scores"]["criteria"]
    assert (shown["evidence"][0]["quote"], shown["reason"]) == (quote, f"Shown: {MARKUP}")
    (listed,) = (await results_api.get("/api/v1/analysis/", headers=user.headers)).json()["analyses"]
    assert (listed["candidate_name"], listed["file_name"]) == (MARKUP, f"{MARKUP}{PRINTABLE}")
    # The ETag depends on the content, so it is the same for the same response.
    headers = {**user.headers, "if-none-match": result.headers["etag"]}
    assert (await results_api.get(base, headers=headers)).status_code == 304


@pytest.mark.parametrize(
    ("stored", "shown"),
    [
        (f"GPT-4 <turbo> {UNPRINTABLE}", "GPT-4-turbo-31m-0-x-gnp.-"),
        ("gpt-4.1-mini", "gpt-4.1-mini"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
async def test_stored_rows_that_break_the_rules_are_cleaned_when_shown(
    results_api: httpx2.AsyncClient,
    results_database: Database,
    kafka_bootstrap: str,
    user: User,
    stored: str | None,
    shown: str,
) -> None:
    about = events.analysis_context(requested_by=user.id)
    await publish(kafka_bootstrap, events.succeeded(about))
    await status_of(results_api, about.analysis_id, user, until="completed")
    await results_database.fetch(
        "UPDATE review_results SET ai_model_used = $2 WHERE review_request_id = $1", about.analysis_id, stored
    )
    await results_database.fetch(
        "UPDATE analysis_views SET candidate_name = $2, file_name = $2 WHERE analysis_id = $1",
        about.analysis_id,
        f"a{UNPRINTABLE}",
    )
    read = await results_api.get(f"/api/v1/analysis/analysis/{about.analysis_id}", headers=user.headers)
    assert (read.status_code, read.json()["ai_model_used"]) == (200, shown)
    (listed,) = (await results_api.get("/api/v1/analysis/", headers=user.headers)).json()["analyses"]
    assert (listed["candidate_name"], listed["file_name"]) == (f"a{PRINTABLE}",) * 2


async def test_stored_candidate_with_unusual_characters_is_listed_and_analysed(
    request_api: httpx2.AsyncClient, request_database: Database, user: User
) -> None:
    candidate_id = uuid4()
    await request_database.fetch(
        "INSERT INTO candidates (id, first_name, last_name, current_company, created_by_user_id) "
        "VALUES ($1, $2, $2, $2, $3)",
        candidate_id,
        f"a{UNPRINTABLE}",
        user.id,
    )
    await request_database.fetch(
        "INSERT INTO user_candidate_assignments (user_id, candidate_id) VALUES ($1, $2)",
        *(user.id, candidate_id),
    )
    url = f"/api/v1/resume_upload/candidates/{candidate_id}/resumes"
    file = {"file": ("cv.txt", TEXT.encode(), "text/plain")}
    resume_id = (await request_api.post(url, files=file, headers=user.headers)).json()["id"]
    await request_database.fetch(
        "UPDATE resumes SET original_filename = $2 WHERE id = $1", resume_id, f"b{UNPRINTABLE}"
    )
    (listed,) = (await request_api.get("/api/v1/candidates", headers=user.headers)).json()["candidates"]
    assert (listed["first_name"], listed["current_company"]) == (f"a{PRINTABLE}",) * 2
    (upload,) = (await request_api.get("/api/v1/resume_upload/", headers=user.headers)).json()["uploads"]
    assert upload["original_filename"] == f"b{PRINTABLE}"
    accepted = await analyze(request_api, user, resume_id)
    assert accepted.status_code == 202
    known = await request_api.get(
        f"/api/v1/analysis/requests/{accepted.json()['analysis_id']}", headers=user.headers
    )
    assert known.json()["candidate_name"] == f"a{PRINTABLE} a{PRINTABLE}"
