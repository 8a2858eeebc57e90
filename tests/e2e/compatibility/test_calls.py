"""Each request of the legacy frontend, in every layout, through the gateway."""

from uuid import uuid4

import pytest

from tests.e2e.compatibility.conftest import Databases
from tests.support import files
from tests.support.auth.tokens import bearer
from tests.support.documents import rejected_files
from tests.support.http.api_client import ApiClient
from tests.support.polling import eventually

ANALYSIS = "/api/v1/analysis"
UPLOADS = "/api/v1/resume_upload"


async def completed(user: ApiClient, **body: object) -> tuple[str, str]:
    """Return the ids of a resume and of its completed analysis."""
    resume_id = await user.new_resume("cv.txt", files.strong_resume_txt())
    accepted = await user.analyze(resume_id, **body)
    analysis_id = accepted.json()["analysis_id"]
    assert (await user.ended(analysis_id))["status"] == "completed"
    return resume_id, analysis_id


async def test_analyze_status_and_result(user: ApiClient) -> None:
    resume_id = await user.new_resume("cv.pdf", files.strong_resume_pdf())
    accepted = await user.analyze(
        resume_id, analysis_depth="quick", compare_to_market=True, focus_areas=["leadership"], unknown=1
    )
    assert accepted.is_success
    body = accepted.json()
    assert (body["status"], body["message"]) == ("pending", "Analysis request created successfully")
    status = await user.ended(body["analysis_id"])
    assert {"analysis_id", "status", "requested_at", "completed_at", "result"} <= status.keys()
    result = status["result"]
    assert result["industry"] == "strategy_tech"
    for score in ("overall_score", "ats_score", "content_score", "formatting_score"):
        assert 0 <= result[score] <= 100
    detailed = result["detailed_scores"]
    assert set(detailed["structure_analysis"]["scores"]) == {"format", "organization", "tone", "completeness"}
    assert {"total_sections", "word_count", "reading_time"} <= detailed["structure_analysis"][
        "metadata"
    ].keys()
    assert {
        "relevant_achievements",
        "missing_skills",
        "competitive_advantages",
        "transferable_experience",
    } <= (detailed["appeal_analysis"]["feedback"].keys())
    assert detailed["ai_analysis_id"] == body["analysis_id"]
    alone = await user.http.get(f"{ANALYSIS}/analysis/{body['analysis_id']}")
    assert alone.json() == result


async def test_missing_result_is_404_with_a_sentence(user: ApiClient) -> None:
    answer = await user.http.get(f"{ANALYSIS}/analysis/{uuid4()}")
    assert answer.status_code == 404
    assert isinstance(answer.json()["detail"], str)


async def test_lists_are_filtered_and_paged(user: ApiClient, senior: ApiClient, other: ApiClient) -> None:
    resume_id, first = await completed(user, industry="consulting")
    second = (await user.analyze(resume_id, industry="general")).json()["analysis_id"]
    await user.ended(second)
    listed = (await user.http.get(f"{ANALYSIS}/", params={"page": 1, "page_size": 1})).json()
    assert (listed["total_count"], listed["page"], listed["page_size"]) == (2, 1, 1)
    (newest,) = listed["analyses"]
    assert {"id", "file_name", "candidate_name", "candidate_id", "industry", "overall_score", "market_tier",
            "status", "created_at"} <= newest.keys()  # fmt: skip
    assert newest["id"] == second
    following = await user.http.get(f"{ANALYSIS}/", params={"page_size": 1, "cursor": listed["next_cursor"]})
    assert [each["id"] for each in following.json()["analyses"]] == [first]
    assert following.json()["next_cursor"] is None
    for params, ids in (
        ({"industry": "consulting"}, [first]),
        ({"status": "completed", "candidate_id": newest["candidate_id"]}, [second, first]),
        ({"status": "pending"}, []),
        ({"status": "", "industry": ""}, [second, first]),
    ):
        answer = (await user.http.get(f"{ANALYSIS}/", params=params)).json()
        assert [each["id"] for each in answer["analyses"]] == ids, params
    of_resume = f"{ANALYSIS}/resumes/{resume_id}/analyses"
    assert [each["id"] for each in (await user.http.get(of_resume)).json()["analyses"]] == [second, first]
    assert (await other.http.get(of_resume)).json()["analyses"] == []
    assert len((await senior.http.get(of_resume)).json()["analyses"]) == 2
    assert (await user.http.get(f"{ANALYSIS}/", params={"cursor": "nonsense"})).status_code == 422


async def test_cancel(user: ApiClient, other: ApiClient, databases: Databases) -> None:
    _, ended = await completed(user)
    late = await user.http.delete(f"{ANALYSIS}/{ended}/cancel")
    assert (late.status_code, late.json()["detail"]) == (400, "This analysis has already ended.")
    assert (await other.http.delete(f"{ANALYSIS}/{ended}/cancel")).status_code == 404
    resume_id = await user.new_resume("cv.txt", files.strong_resume_txt())
    running = (await user.analyze(resume_id)).json()["analysis_id"]
    answer = await user.http.delete(f"{ANALYSIS}/{running}/cancel")
    # The analysis may have ended before the cancellation.
    assert answer.status_code in (200, 400)
    status = (await user.ended(running))["status"]
    if answer.status_code == 400:
        assert status == "completed"
    else:
        assert isinstance(answer.json()["message"], str)
        assert status in ("cancelled", "completed")

    async def copied() -> str:
        (row,) = await databases.fetch(
            "request_api", "SELECT status FROM review_requests WHERE id = $1", running
        )
        return str(row["status"])

    stored = {"cancelled": "failed", "completed": "completed"}[status]
    await eventually(copied, until=lambda word: word == stored)


async def test_statistics(user: ApiClient, other: ApiClient) -> None:
    empty = (await user.http.get(f"{ANALYSIS}/stats/summary")).json()
    assert (empty["total_analyses"], empty["average_score"], empty["industry_breakdown"]) == (0, 0, {})
    _, analysis_id = await completed(user, industry="finance")
    overall = (await user.ended(analysis_id))["result"]["overall_score"]
    answer = (await user.http.get(f"{ANALYSIS}/stats/summary")).json()
    assert answer["total_analyses"] == answer["completed_analyses"] == 1
    assert answer["failed_analyses"] == 0
    assert answer["average_score"] == overall
    assert answer["industry_breakdown"] == {"finance": 1}
    assert sum(answer["tier_breakdown"].values()) == 1
    assert (await other.http.get(f"{ANALYSIS}/stats/summary")).json()["total_analyses"] == 0


@pytest.mark.parametrize(
    "headers", [{}, bearer("expired"), None], ids=["no token", "a bad token", "a good one"]
)
async def test_limits(user: ApiClient, headers: dict[str, str] | None) -> None:
    if headers is not None:
        del user.http.headers["Authorization"]
    answer = await user.http.get(f"{ANALYSIS}/config/limits", headers=headers)
    assert answer.status_code == 200
    limits = answer.json()
    assert limits["max_file_size_mb"] == 30
    assert limits["max_analyses_per_day"] == 500
    assert limits["supported_file_types"] == ["pdf", "docx", "txt"]
    assert {"strategy_tech", "ma_finance", "general"} <= set(limits["supported_industries"])
    assert limits["rate_limits"]["requests_per_second"] == 60


async def test_uploaded_resume_can_be_read(user: ApiClient, other: ApiClient) -> None:
    candidate_id = await user.new_candidate()
    uploaded = (await user.upload(candidate_id, "cv.docx", files.strong_resume_docx())).json()
    assert (uploaded["status"], uploaded["progress"], uploaded["filename"]) == ("completed", 100, "cv.docx")
    assert {"name", "size", "type", "lastModified"} == uploaded["file"].keys()
    one = (await user.http.get(f"{UPLOADS}/{uploaded['id']}")).json()
    assert {"id", "original_filename", "file_size", "status", "extracted_text", "uploaded_at"} <= one.keys()
    assert one["extracted_text"] == uploaded["extracted_text"]
    listed = (await user.http.get(f"{UPLOADS}/", params={"page": 1, "page_size": 5})).json()
    assert (listed["total_count"], listed["page"], listed["page_size"]) == (1, 1, 5)
    assert [each["id"] for each in listed["uploads"]] == [uploaded["id"]]
    assert (await user.http.get(f"{UPLOADS}/", params={"status": "error"})).json()["uploads"] == []
    assert (await user.http.delete(f"{UPLOADS}/{uploaded['id']}/cancel")).status_code == 400
    assert (await other.http.get(f"{UPLOADS}/{uploaded['id']}")).status_code == 404
    assert (await other.http.delete(f"{UPLOADS}/{uploaded['id']}")).status_code == 404
    assert (await user.http.delete(f"{UPLOADS}/{uploaded['id']}")).is_success
    assert (await user.http.get(f"{UPLOADS}/{uploaded['id']}")).status_code == 404
    assert (await user.http.delete(f"{UPLOADS}/{uploaded['id']}")).status_code == 404


async def test_doc_file_is_rejected_with_advice(user: ApiClient) -> None:
    answer = await user.upload(await user.new_candidate(), "cv.doc", rejected_files.legacy_doc())
    assert answer.status_code == 415
    assert "docx" in answer.json()["detail"].lower()


async def test_candidates(user: ApiClient) -> None:
    created = await user.http.post(
        "/api/v1/candidates",
        json={"first_name": "Mina", "last_name": "Example", "email": f"{uuid4()}@example.com", "phone": ""},
    )
    assert {"success", "message", "candidate"} == created.json().keys()
    listed = (await user.http.get("/api/v1/candidates")).json()
    assert {"candidates", "total_count", "limit", "offset"} == listed.keys()
    (candidate,) = listed["candidates"]
    assert {"id", "first_name", "last_name", "email", "status", "created_at", "total_resumes",
            "latest_resume_version"} <= candidate.keys()  # fmt: skip


async def test_unchanged_status_is_304(user: ApiClient) -> None:
    _, analysis_id = await completed(user)
    first = await user.status(analysis_id)
    address = f"{ANALYSIS}/analysis/{analysis_id}/status"
    for tag in (first.headers["etag"], f'"x", W/{first.headers["etag"]}', "*"):
        again = await user.http.get(address, headers={"If-None-Match": tag})
        assert (again.status_code, again.content) == (304, b""), tag
    assert (await user.http.get(address, headers={"If-None-Match": '"x"'})).status_code == 200


async def test_errors_are_one_sentence(user: ApiClient) -> None:
    resume_id = await user.new_resume("cv.txt", files.strong_resume_txt())
    answer = await user.analyze(resume_id, industry="astrology")
    assert answer.status_code == 422
    assert "accepted are strategy_tech" in answer.json()["detail"]
