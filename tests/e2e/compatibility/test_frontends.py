"""Requests of each frontend version. Responses are checked with the strictness of its pages."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID, uuid4

import pytest
from contracts.topics import ANALYSIS_RESULTS
from local_stack.stack import Stack

from tests.e2e.compatibility.conftest import JUNIOR, SENIOR, Databases, frontend
from tests.support import events, files
from tests.support.auth.tokens import shared_secret_token
from tests.support.http import frontend_pages as pages
from tests.support.http.api_client import ApiClient
from tests.support.http.frontend_pages import HISTORY, OPTIONAL, UNFINISHED, Field, draw
from tests.support.polling import eventually
from tests.support.servers import kafka

ANALYSIS = "/api/v1/analysis"
UPLOADS = "/api/v1/resume_upload"
CANDIDATES = "/api/v1/candidates"
# Each version sends its own names of industries.
INDUSTRIES = {"september": "strategy_tech", "october": "full_service_consulting", "newest": "ma_finance"}
RESUMES = {
    "english": ("cv.pdf", files.strong_resume_pdf()),
    "japanese": ("職務経歴書.txt", files.japanese_resume_txt()),
    "hardly any": ("cv.txt", b"EXPERIENCE\nClerk | Acme | Jan 2020 - Present\n- Did things\n"),
}
OLDER_LISTS = ("issues", "recommendations", "priority_improvements")
every_version = pytest.mark.parametrize("version", INDUSTRIES)


class Frontend:
    """A version of the frontend."""

    def __init__(self, user: ApiClient, version: str) -> None:
        self.user = user
        self.version = version

    async def get(self, address: str, fields: Sequence[Field], **params: str | int) -> dict[str, Any]:
        answer = await self.user.http.get(address, params=params)
        assert answer.status_code == 200, answer.text
        body: dict[str, Any] = answer.json()
        draw(body, fields)
        return body

    async def history_page(self, address: str = f"{ANALYSIS}/", **params: str | int) -> dict[str, Any]:
        """Draw a list of analyses and return its entries by id."""
        body = await self.get(address, pages.PAGE, **params)
        for line in body["analyses"]:
            draw(line, pages.LISTED, null=_nulls(line["id"], line["status"]))
            assert all(line["industry"].split("_"))
        return {line["id"]: line for line in body["analyses"]}

    async def status(self, analysis_id: str) -> dict[str, Any]:
        body: dict[str, Any] = (await self.user.status(analysis_id)).json()
        draw(body, pages.STATUS, null=_nulls(analysis_id, body["status"]))
        assert (body["result"] is not None) is (body["status"] == "completed")
        return body

    async def result_page(self, analysis_id: str) -> dict[str, Any]:
        """Draw the result of an analysis, or the reason for its absence."""
        status = await self.status(analysis_id)
        alone = await self.user.http.get(f"{ANALYSIS}/analysis/{analysis_id}")
        if status["result"] is None:
            assert alone.status_code == 404
            draw(alone.json(), pages.PROBLEM)
            return {**status, "missing": alone.json()}
        for result in (status["result"], alone.json()):
            draw(result, pages.RESULT_OF[self.version], null=_nulls(analysis_id, status["status"]))
            assert all(result["industry"].split("_"))
        return status

    async def candidates_page(self) -> list[dict[str, Any]]:
        body = await self.get(CANDIDATES, pages.CANDIDATES)
        for candidate in body["candidates"]:
            draw(candidate, pages.CANDIDATE)
        return list(body["candidates"])

    async def uploads_page(self) -> list[dict[str, Any]]:
        """Draw the list of uploads and each upload."""
        body = await self.get(f"{UPLOADS}/", pages.PAGE)
        for upload in body["uploads"]:
            draw(upload, pages.LISTED_UPLOAD)
            await self.get(f"{UPLOADS}/{upload['id']}", pages.UPLOAD)
        return list(body["uploads"])


def _nulls(analysis_id: str, status: str) -> tuple[str, ...]:
    nulls = (OPTIONAL,) if status == "completed" else (OPTIONAL, UNFINISHED)
    return (*nulls, HISTORY) if analysis_id.startswith("40000000-") else nulls


@pytest.mark.parametrize("resume", RESUMES)
@every_version
async def test_pages_from_candidate_to_result(user: ApiClient, version: str, resume: str) -> None:
    page = Frontend(user, version)
    created = await user.http.post(CANDIDATES, json={"first_name": "葵", "last_name": "Example"})
    draw(created.json(), pages.CREATED)
    candidate_id = created.json()["candidate"]["id"]
    (candidate,) = await page.candidates_page()
    assert (candidate["total_resumes"], candidate["latest_resume_version"]) == (0, 0)
    uploaded = (await user.upload(candidate_id, *RESUMES[resume])).json()
    draw(uploaded, pages.UPLOADED)
    assert [each["id"] for each in await page.uploads_page()] == [uploaded["id"]]
    assert (await page.candidates_page())[0]["latest_resume_version"] == 1

    assert (
        INDUSTRIES[version]
        in (await page.get(f"{ANALYSIS}/config/limits", pages.LIMITS))["supported_industries"]
    )
    accepted = (await user.analyze(uploaded["id"], industry=INDUSTRIES[version])).json()
    draw(accepted, pages.ACCEPTED)
    analysis_id = accepted["analysis_id"]

    async def poll() -> str:
        return str((await page.status(analysis_id))["status"])

    await eventually(poll, until=lambda word: word == "completed", deadline_seconds=30)
    result = (await page.result_page(analysis_id))["result"]
    assert (result["industry"], result["ai_model_used"] > "") == (INDUSTRIES[version], True)
    for lines in (
        await page.history_page(),
        await page.history_page(industry=INDUSTRIES[version], status="completed"),
        await page.history_page(f"{ANALYSIS}/resumes/{uploaded['id']}/analyses"),
    ):
        assert lines.keys() == {analysis_id}
        assert lines[analysis_id]["market_tier"] == result["market_tier"]
    await page.get(f"{ANALYSIS}/stats/summary", pages.STATISTICS)

    # These lists are never empty.
    structure = result["detailed_scores"]["structure_analysis"]["feedback"]
    for name in OLDER_LISTS:
        assert result[name] == structure[name] != [], name
    assert result["missing_sections"] == structure["missing_sections"]
    assert (result["missing_sections"] != []) is (resume == "hardly any")
    assert result["analysis_summary"] == result["executive_summary"] != ""
    assert set(structure["strengths"]) <= set(result["structure_feedback"].splitlines())
    assert result["appeal_feedback"]


@every_version
async def test_pages_without_a_result_show_the_reason(
    system: Stack, databases: Databases, user: ApiClient, version: str
) -> None:
    page = Frontend(user, version)
    resume_id = await user.new_resume("cv.txt", files.strong_resume_txt())
    await system.stop("analyzer")
    try:
        cancelled, failed = [
            (await user.analyze(resume_id, industry=INDUSTRIES[version])).json()["analysis_id"]
            for _ in range(2)
        ]
        for analysis_id in (cancelled, failed):
            pending = await page.result_page(analysis_id)
            assert (pending["status"], pending["detail"]) == ("pending", "")
            assert "still running" in pending["missing"]["detail"]
        # Lists contain analyses whose first event has arrived. A status does not need it.
        await eventually(page.history_page, until=lambda lines: lines.keys() == {cancelled, failed})
        draw((await user.http.delete(f"{ANALYSIS}/{cancelled}/cancel")).json(), pages.ACCEPTED[-1:])
        (row,) = await databases.fetch(
            "request_api", "SELECT requested_by_user_id FROM review_requests WHERE id = $1", UUID(failed)
        )
        about = events.analysis_context(
            analysis_id=UUID(failed), resume_id=UUID(resume_id), requested_by=row[0]
        )
        await kafka.publish(system.kafka.bootstrap_servers, events.failed_to_run(about))
        await user.ended(cancelled)
        await user.ended(failed)
        for analysis_id, reason in (
            (cancelled, "The analysis was cancelled."),
            (failed, "There is no text to analyse."),
        ):
            ended = await page.result_page(analysis_id)
            reasons = (ended["detail"], ended["message"], ended["missing"]["detail"])
            assert reasons == (reason, reason, reason)
        lines = await page.history_page()
        assert {lines[cancelled]["status"], lines[failed]["status"]} == {"cancelled", "failed"}
    finally:
        await system.start("analyzer")
    await kafka.wait_until_committed(system.kafka.bootstrap_servers, ANALYSIS_RESULTS, group="results-api")


async def test_results_stored_with_empty_lists_are_drawn(databases: Databases, user: ApiClient) -> None:
    page = Frontend(user, "october")
    resume_id = await user.new_resume(*RESUMES["english"])
    analysis_id = (await user.analyze(resume_id)).json()["analysis_id"]
    await user.ended(analysis_id)
    fresh = (await page.result_page(analysis_id))["result"]
    await databases.fetch(
        "results_api",
        """UPDATE review_results SET detailed_scores = jsonb_set(jsonb_set(
               detailed_scores #- '{structure_analysis,feedback,priority_improvements}',
               '{structure_analysis,feedback,issues}', '[]'),
               '{structure_analysis,feedback,recommendations}', '[]')
           WHERE review_request_id = $1""",
        UUID(analysis_id),
    )
    before = (await page.result_page(analysis_id))["result"]
    assert before["priority_improvements"] == fresh["priority_improvements"]
    for name in OLDER_LISTS:
        assert before[name], name
    assert before["overall_score"] == fresh["overall_score"]


@pytest.mark.parametrize("system", ["adopted", "restricted"], indirect=True)
@every_version
async def test_pages_of_legacy_analyses(system: Stack, version: str) -> None:
    junior, senior = (
        Frontend(frontend(system, shared_secret_token(user_id)), version) for user_id in (JUNIOR, SENIOR)
    )
    lines = await senior.history_page(page_size=50, candidate_id="20000000-0000-4000-8000-000000000001")
    history = {f"40000000-0000-4000-8000-{number:012}" for number in range(1, 6)}
    assert history <= lines.keys()
    for analysis_id in history:
        drawn = await senior.result_page(analysis_id)
        if drawn["status"] == "failed":
            assert drawn["detail"] == drawn["missing"]["detail"] != ""
    assert [each["id"] for each in await junior.uploads_page()] == ["30000000-0000-4000-8000-000000000001"]
    assert await junior.candidates_page()
    assert await senior.candidates_page()
    await senior.get(f"{ANALYSIS}/stats/summary", pages.STATISTICS)


ODD_HISTORY = (
    ("completed", None, None),
    ("completed", "", '["x"]'),
    ("completed", "general", '"x"'),
    ("processing", None, '{"structure_analysis": [], "appeal_analysis": "x", "market_tier": 3}'),
    ("completed", None, '{"structure_analysis": {"scores": 1, "feedback": {"issues": {"a": 1}}}}'),
    ("completed", None, '{"appeal_analysis": {"feedback": {"specific_feedback": [1, {"category": 2}]}}}'),
    ("completed", None, '{"a":' * 2_000 + "1" + "}" * 2_000),
)


@pytest.mark.parametrize("system", ["adopted"], indirect=True)
@every_version
async def test_pages_of_incomplete_legacy_rows(databases: Databases, user: ApiClient, version: str) -> None:
    page = Frontend(user, version)
    resume_id = UUID(await user.new_resume("cv.txt", files.strong_resume_txt()))
    (row,) = await databases.fetch(
        "request_api", "SELECT uploaded_by_user_id FROM resumes WHERE id = $1", resume_id
    )
    left = set()
    for number, (status, industry, detailed_scores) in enumerate(ODD_HISTORY):
        analysis_id = UUID(f"40000000-0000-4000-9000-{uuid4().hex[:11]}{number}")
        left.add(str(analysis_id))
        await databases.fetch(
            "request_api",
            "INSERT INTO review_requests (id, resume_id, requested_by_user_id, target_industry, status)"
            " VALUES ($1, $2, $3, $4, $5)",
            analysis_id,
            resume_id,
            row[0],
            industry,
            status,
        )
        await databases.fetch(
            "results_api",
            "INSERT INTO review_results (review_request_id, detailed_scores) VALUES ($1, $2::text::jsonb)",
            analysis_id,
            detailed_scores,
        )
    await databases.fetch(
        "request_api", "UPDATE resumes SET extracted_text = NULL, status = 'error' WHERE id = $1", resume_id
    )
    assert (await page.history_page()).keys() == left
    assert len(await page.history_page(industry="unspecified")) == 6
    for each in left:
        assert (await page.result_page(each))["status"] == "completed"
    (upload,) = await page.uploads_page()
    assert upload["status"] == "error"
