"""The way of a recruiter from a file to its scores."""

import asyncio
import json
import re
import sys
from pathlib import Path
from uuid import uuid4

import pytest
from contracts.events import AnalysisRequested, AnalysisSucceeded, PrivateEvent
from contracts.topics import (
    ANALYSIS_EVENTS,
    ANALYSIS_REQUESTS,
    ANALYSIS_RESULTS,
    CONSUMERS,
    dead_letter_topic,
)
from local_stack.stack import Stack

from tests.support import files
from tests.support.http.api_client import ApiClient
from tests.support.polling import eventually
from tests.support.servers.databases import service_database
from tests.support.servers.kafka import producer_for, read_records

ROOT = Path(__file__).resolve().parents[2]
PRIVATE_EVENTS: dict[str, type[PrivateEvent]] = {
    ANALYSIS_REQUESTS: AnalysisRequested,
    ANALYSIS_RESULTS: AnalysisSucceeded,
}


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("cv.pdf", files.strong_resume_pdf()),
        ("cv.docx", files.strong_resume_docx()),
        ("cv.txt", files.strong_resume_txt()),
        ("履歴書.pdf", files.japanese_resume_pdf()),
    ],
    ids=["pdf", "docx", "txt", "japanese"],
)
async def test_upload_analyze_poll_read_list(consultant: ApiClient, name: str, data: bytes) -> None:
    candidate_id = await consultant.new_candidate()
    uploaded = (await consultant.upload(candidate_id, name, data)).json()
    accepted = await consultant.analyze(uploaded["id"])
    assert accepted.status_code == 202
    analysis_id = accepted.json()["analysis_id"]
    first = await consultant.http.get(accepted.headers["location"])
    assert first.status_code == 200

    status = await consultant.ended(analysis_id)
    assert status["status"] == "completed", status
    result = (await consultant.http.get(f"/api/v1/analysis/analysis/{analysis_id}")).json()
    assert result == status["result"]
    for score in ("overall_score", "ats_score", "content_score", "formatting_score"):
        assert 0 < result[score] <= 100
    assert result["ai_model_used"].startswith("rules/")
    text = uploaded["extracted_text"]
    quotes = [q for c in result["detailed_scores"]["criteria"] for q in c["evidence"]]
    assert quotes
    for quote in quotes:
        assert text[quote["start"] : quote["end"]] == quote["quote"]

    page = await consultant.http.get(f"/api/v1/analysis/analysis/{analysis_id}/report")
    assert f'<html lang="{"ja" if name == "履歴書.pdf" else "en"}">' in page.text
    assert "<mark>" in page.text
    pdf = await consultant.http.get(f"/api/v1/analysis/analysis/{analysis_id}/report?format=pdf", timeout=60)
    assert pdf.content.startswith(b"%PDF-"), pdf.text

    listed = (await consultant.http.get("/api/v1/analysis/")).json()
    assert [(item["id"], item["file_name"]) for item in listed["analyses"]] == [(analysis_id, name)]
    history = await consultant.http.get(f"/api/v1/analysis/resumes/{uploaded['id']}/analyses")
    assert history.json()["total_count"] == 1

    async def request_status() -> str:
        answer = await consultant.http.get(f"/api/v1/analysis/requests/{analysis_id}")
        return str(answer.json()["status"])

    await eventually(request_status, until=lambda word: word == "completed")


async def test_improved_version_lists_improved_criteria(
    stack: Stack, consultant: ApiClient, senior: ApiClient
) -> None:
    candidate_id = await consultant.new_candidate()
    strong = files.strong_resume_txt().decode()
    without_amounts = [
        re.sub(r"\$?\d[\d.]*( million|%)?", "much", line) if line.startswith("- ") else line
        for line in strong.splitlines()
    ]
    weak = "\n".join(without_amounts)
    ids = []
    for name, text in (("old.txt", weak), ("new.txt", strong)):
        resume_id = (await consultant.upload(candidate_id, name, text.encode())).json()["id"]
        ids.append((await consultant.analyze(resume_id)).json()["analysis_id"])
        assert (await consultant.ended(ids[-1]))["status"] == "completed"

    first, second = [(await consultant.http.get(f"/api/v1/analysis/analysis/{each}")).json() for each in ids]
    assert first["changes"] is None
    changes = second["changes"]
    since = changes["since"]
    assert (since["analysis_id"], since["resume_version"], since["file_name"]) == (ids[0], 1, "old.txt")
    assert (changes["is_comparable"], changes["note"]) == (True, None)
    gain = second["overall_score"] - first["overall_score"]
    assert changes["scores"]["overall"]["change"] == gain > 0
    improved = {each["id"]: each for each in changes["criteria"] if each["change"] > 0}
    assert {"content.quantified", "content.results"} <= improved.keys()
    assert improved["content.quantified"]["reason_before"] != improved["content.quantified"]["reason"]
    sizes = [abs(each["change"]) for each in changes["criteria"]]
    assert sizes == sorted(sizes, reverse=True)
    seen_by_senior = (await senior.http.get(f"/api/v1/analysis/analysis/{ids[1]}")).json()
    assert seen_by_senior["changes"] == changes

    items = await service_database(stack.postgres, "results_api").fetch(
        """SELECT feedback_type FROM review_feedback_items
           JOIN review_results AS results ON results.id = review_result_id WHERE review_request_id = $1""",
        ids[1],
    )
    assert {"strength", "weakness"} <= {item["feedback_type"] for item in items}


async def test_data_of_other_users_is_not_found(
    consultant: ApiClient, stranger: ApiClient, senior: ApiClient
) -> None:
    candidate_id = await consultant.new_candidate()
    uploaded = await consultant.upload(candidate_id, "cv.txt", files.strong_resume_txt())
    resume_id = uploaded.json()["id"]
    analysis_id = (await consultant.analyze(resume_id)).json()["analysis_id"]
    await consultant.ended(analysis_id)
    reads = [
        f"/api/v1/analysis/analysis/{analysis_id}/status",
        f"/api/v1/analysis/analysis/{analysis_id}",
        f"/api/v1/analysis/requests/{analysis_id}",
    ]
    for address in reads:
        assert (await stranger.http.get(address)).status_code == 404
        assert (await senior.http.get(address)).status_code == 200
    assert (await stranger.upload(candidate_id, "cv.txt", b"x")).status_code == 404
    assert (await stranger.analyze(resume_id)).status_code == 404
    for address in ("/api/v1/analysis/", f"/api/v1/analysis/resumes/{resume_id}/analyses"):
        assert (await stranger.http.get(address)).json()["total_count"] == 0
    assert (await stranger.http.get("/api/v1/candidates")).json()["total_count"] == 0


async def test_result_is_readable_when_a_subscriber_gets_its_event(
    stack: Stack, consultant: ApiClient, tmp_path: Path
) -> None:
    resume_id = await consultant.new_resume("cv.txt", files.strong_resume_txt())
    analysis_id = (await consultant.analyze(resume_id)).json()["analysis_id"]
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        ROOT / "contracts" / "examples" / "subscriber.py",
        tmp_path / "analyses.db",
        stdout=asyncio.subprocess.PIPE,
        env={"KAFKA_BOOTSTRAP_SERVERS": stack.kafka.bootstrap_servers, "KAFKA_GROUP": f"test-{uuid4()}"},
    )
    assert process.stdout is not None
    try:
        async with asyncio.timeout(30):
            async for line in process.stdout:
                words = line.decode().split()
                if words[0] == analysis_id and words[2] == "completed":
                    break
    finally:
        process.terminate()
        await process.wait()
    # No polling: the event is published only after the result is readable.
    answer = await consultant.http.get(f"/api/v1/analysis/analysis/{analysis_id}")
    assert answer.status_code == 200
    assert words[3] == str(answer.json()["overall_score"])


async def cause_errors_with(canary: str, stack: Stack, consultant: ApiClient, resume_id: str) -> None:
    """Make the services log exceptions whose texts quote their input."""
    database = service_database(stack.postgres, "request_api")
    await database.fetch("ALTER TABLE candidates RENAME TO candidates_away")
    try:
        person = {"first_name": canary, "last_name": canary}
        assert (await consultant.http.post("/api/v1/candidates", json=person)).status_code == 500
    finally:
        await database.fetch("ALTER TABLE candidates_away RENAME TO candidates")

    key = str(uuid4()).encode()
    async with producer_for(stack.kafka.bootstrap_servers) as producer:
        for topic, event in PRIVATE_EVENTS.items():
            headers = [("ce_specversion", b"1.0"), ("ce_type", event.type.encode())]
            for value in (canary, json.dumps({"version": canary, "text": canary})):
                await producer.send_and_wait(topic, value.encode(), key=key, headers=headers)
    for topic in PRIVATE_EVENTS:
        for consumer in CONSUMERS[topic]:
            await read_records(
                stack.kafka.bootstrap_servers,
                dead_letter_topic(topic, consumer),
                wanted=lambda record: bool(record.key == key),
                until=lambda found: len(found) >= 2,
            )

    await stack.kill("postgres")
    try:
        assert (await consultant.http.post("/api/v1/candidates", json=person)).status_code == 503
        assert (await consultant.analyze(resume_id)).status_code == 503
    finally:
        await stack.start("postgres")

    async def works() -> bool:
        return (await consultant.analyze(resume_id)).status_code == 202

    await eventually(works, deadline_seconds=10)


async def test_resume_text_is_in_no_log_and_no_public_event(
    stack: Stack, consultant: ApiClient, log_file: Path
) -> None:
    canary = f"canary{uuid4().hex}"
    text = files.strong_resume_txt() + f"\nSkills\n{canary}\n".encode()
    candidate_id = await consultant.new_candidate(first_name=f"name-{canary}")
    uploaded = await consultant.upload(candidate_id, f"{canary}.txt", text)
    assert canary in uploaded.json()["extracted_text"]
    analysis_id = (await consultant.analyze(uploaded.json()["id"])).json()["analysis_id"]
    assert (await consultant.ended(analysis_id))["status"] == "completed"
    await consultant.upload(candidate_id, f"{canary}.pdf", b"%PDF-1.7 " + canary.encode())
    await consultant.http.get(f"/api/v1/analysis/?industry={canary}")
    await cause_errors_with(canary, stack, consultant, uploaded.json()["id"])

    records = await read_records(
        stack.kafka.bootstrap_servers,
        ANALYSIS_EVENTS,
        until=lambda found: sum(record.key == analysis_id.encode() for record in found) >= 2,
    )
    written = b"".join(record.value + str(record.headers).encode() for record in records)
    assert canary.encode() not in written
    log = await asyncio.to_thread(log_file.read_text)
    assert analysis_id in log
    # The errors are logged without their input.
    assert "UndefinedTableError" in log
    assert "record written to the dead letter queue" in log
    assert canary not in log
    assert "--- Logging error ---" not in log
