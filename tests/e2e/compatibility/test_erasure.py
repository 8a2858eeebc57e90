"""Deletion of a resume removes all of its data, in every layout."""

import asyncio

from contracts.topics import ANALYSIS_EVENTS, ANALYSIS_RESULTS, dead_letter_topic
from local_stack.stack import Stack

from tests.e2e.compatibility.conftest import Databases
from tests.support import events
from tests.support.http.api_client import ApiClient
from tests.support.polling import eventually
from tests.support.servers import kafka

ANALYSIS = "/api/v1/analysis"
UPLOADS = "/api/v1/resume_upload"
CANARY = "Canary7Quetzal"


def resume(text: str) -> bytes:
    head = [f"{CANARY} Example", "canary7quetzal@example.com"]
    lines = [*head, "Experience", "Engineer, Example Corp, 2019 - 2023"]
    return "\n".join([*lines, f"- Cut costs of {text} by 30% for 12 teams", "Education", "BSc"]).encode()


async def test_deleted_resume_leaves_no_data(
    system: Stack, databases: Databases, user: ApiClient, other: ApiClient, senior: ApiClient
) -> None:
    candidate_id = await user.new_candidate()
    uploaded = (await user.upload(candidate_id, f"{CANARY}.txt", resume(CANARY))).json()
    resume_id = uploaded["id"]
    first = (await user.analyze(resume_id)).json()["analysis_id"]
    await user.ended(first)
    second = (await senior.analyze(resume_id, industry="general")).json()["analysis_id"]
    assert (await user.http.delete(f"{UPLOADS}/{resume_id}")).status_code == 204
    assert (await user.http.get(f"{UPLOADS}/{resume_id}")).status_code == 404

    async def is_gone() -> bool:
        answers = [await user.status(first), await senior.status(second)]
        return all(answer.status_code == 404 for answer in answers)

    await eventually(is_gone)
    # A late result does not bring the analysis back.
    view = await databases.fetch("results_api", "SELECT * FROM analysis_views WHERE analysis_id = $1", first)
    context = events.analysis_context(
        analysis_id=view[0]["analysis_id"],
        resume_id=view[0]["resume_id"],
        candidate_id=view[0]["candidate_id"],
        requested_by=view[0]["requested_by"],
    )
    await kafka.publish(system.kafka.bootstrap_servers, events.succeeded(context))
    await kafka.wait_until_committed(system.kafka.bootstrap_servers, ANALYSIS_RESULTS, group="results-api")
    records = await kafka.read_records(
        system.kafka.bootstrap_servers,
        ANALYSIS_EVENTS,
        wanted=lambda record: record.key.decode() in (first, second),
        until=lambda records: sum(b"erased" in dict(each.headers)["ce_type"] for each in records) == 2,
    )
    assert not [each for each in records if CANARY.lower().encode() in (each.value or b"").lower()]

    async def is_drained() -> bool:
        rows = [
            *await databases.fetch("request_api", "SELECT 1 FROM request_outbox"),
            *await databases.fetch("results_api", "SELECT 1 FROM results_outbox"),
        ]
        return not rows

    await eventually(is_drained)
    assert (await user.status(first)).status_code == 404
    dump = (await databases.dump()).lower()
    assert "mina" in dump, "the dump holds nothing at all"
    assert CANARY.lower() not in dump
    for listed in (f"{ANALYSIS}/", f"{UPLOADS}/"):
        assert (await user.http.get(listed)).json()["total_count"] == 0


async def test_result_after_the_deletion_is_ignored(system: Stack, user: ApiClient) -> None:
    """Deletion and result arrive on two topics, so either can come first. Neither order keeps data."""
    for _ in range(3):
        resume_id = await user.new_resume(f"{CANARY}.txt", resume(CANARY))
        accepted = await user.analyze(resume_id)
        deleted = await user.http.delete(f"{UPLOADS}/{resume_id}")
        assert deleted.status_code == 204
        analysis_id = accepted.json()["analysis_id"]

        async def is_gone(analysis_id: str = analysis_id) -> bool:
            return (await user.status(analysis_id)).status_code == 404

        await eventually(is_gone)
    await kafka.wait_until_committed(system.kafka.bootstrap_servers, ANALYSIS_RESULTS, group="results-api")
    dead = dead_letter_topic(ANALYSIS_RESULTS, "results-api")
    assert await kafka.count_records(system.kafka.bootstrap_servers, dead) == 0


async def test_concurrent_request_and_deletion_are_consistent(user: ApiClient) -> None:
    resume_id = await user.new_resume("cv.txt", resume("x"))
    answers = await asyncio.gather(
        *(user.analyze(resume_id) for _ in range(8)), user.http.delete(f"{UPLOADS}/{resume_id}")
    )
    assert answers[-1].status_code == 204
    assert {answer.status_code for answer in answers[:-1]} <= {202, 404}
    for answer in answers[:-1]:
        if answer.status_code == 202:
            analysis_id = answer.json()["analysis_id"]

            async def is_gone(analysis_id: str = analysis_id) -> bool:
                return (await user.status(analysis_id)).status_code == 404

            await eventually(is_gone)
