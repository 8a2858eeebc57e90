"""Lists of the product and of the legacy backend on one database: same content, same order."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import pytest
import pytest_asyncio
from contracts.vocabulary import INDUSTRIES

from tests.e2e.compatibility.conftest import SENIOR, frontend
from tests.support import files
from tests.support.auth.tokens import shared_secret_token
from tests.support.fakes.legacy_backend import FakeLegacyBackend, LegacyUser
from tests.support.http.api_client import ApiClient
from tests.support.polling import eventually
from tests.support.stacks.adopted import AdoptedStack

pytestmark = pytest.mark.parametrize("system", ["adopted", "restricted"], indirect=True)

ANALYSIS = "/api/v1/analysis"
CANDIDATES = "/api/v1/candidates"
UPLOADS = "/api/v1/resume_upload"


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """A user with a client for the legacy backend and one for the product."""

    there: LegacyUser
    here: ApiClient

    async def listed(self, path: str, name: str, **params: str | int) -> list[str]:
        """Return the ids in a list of the product."""
        answer = await self.here.http.get(path, params=params)
        assert answer.status_code == 200, answer.text
        return [each["id"] for each in answer.json()[name]]


class People:
    """Users of the legacy backend, with tokens that it issued."""

    def __init__(self, system: AdoptedStack) -> None:
        self._system = system
        self._made: list[Person] = []
        self.legacy: FakeLegacyBackend = system.legacy_backend()

    async def new(self, role: str = "junior_recruiter") -> Person:
        return self._person(await self.legacy.create_user(role))

    def senior_of_history(self) -> Person:
        return self._person(LegacyUser(id=SENIOR, role="senior_recruiter"))

    async def close(self) -> None:
        for person in self._made:
            await person.here.close()

    def _person(self, there: LegacyUser) -> Person:
        here = frontend(self._system, shared_secret_token(there.id))
        self._made.append(Person(there=there, here=here))
        return self._made[-1]


@pytest_asyncio.fixture
async def people(adopted: AdoptedStack) -> AsyncIterator[People]:
    people = People(adopted)
    yield people
    await people.close()


async def same_candidates(people: People, *persons: Person, limit: int = 100) -> list[list[str]]:
    """Return the list of each user. Asserts that both sides agree."""
    lists = []
    for person in persons:
        there = await people.legacy.candidates(person.there, limit=limit)
        assert await person.listed(CANDIDATES, "candidates", limit=limit) == there
        lists.append(there)
    return lists


async def test_candidates_are_visible_to_the_same_users_on_both_sides(people: People) -> None:
    creator, colleague = await people.new(), await people.new()
    senior, admin = await people.new("senior_recruiter"), await people.new("admin")
    legacy_candidate = await people.legacy.create_candidate(creator.there)
    new_candidate = await creator.here.new_candidate(first_name="Naoki")
    lists = await same_candidates(people, creator, colleague, senior, admin)
    assert lists[:2] == [[new_candidate, legacy_candidate], []]
    assert lists[2][:2] == lists[3][:2] == [new_candidate, legacy_candidate]
    for candidate_id in (new_candidate, legacy_candidate):
        for person in (creator, colleague, senior, admin):
            found = await people.legacy.has_candidate(person.there, candidate_id)
            answer = await person.here.http.get(f"{CANDIDATES}/{candidate_id}")
            assert answer.status_code == (200 if found else 404)
            upload = await person.here.upload(candidate_id, "cv.txt", files.strong_resume_txt())
            assert upload.status_code == (201 if found else 404)
    (row,) = await people.legacy.fetch(
        "SELECT user_id, assigned_by_user_id, assignment_type, is_active, unassigned_at"
        " FROM user_candidate_assignments WHERE candidate_id = $1",
        new_candidate,
    )
    assert tuple(row) == (creator.there.id, creator.there.id, "primary", True, None)


@pytest.mark.parametrize("made", ["here", "there"])
async def test_unassigned_user_sees_the_candidate_on_neither_side(people: People, made: str) -> None:
    creator, colleague = await people.new(), await people.new()
    if made == "here":
        candidate_id = await creator.here.new_candidate()
    else:
        candidate_id = await people.legacy.create_candidate(creator.there)
    await people.legacy.fetch(
        "UPDATE user_candidate_assignments SET is_active = false WHERE candidate_id = $1", candidate_id
    )
    await people.legacy.fetch(
        "INSERT INTO user_candidate_assignments (user_id, candidate_id, assignment_type)"
        " VALUES ($1, $2, 'viewer')",
        *(colleague.there.id, candidate_id),
    )
    assert await same_candidates(people, creator, colleague) == [[], [candidate_id]]
    assert (await creator.here.http.get(f"{CANDIDATES}/{candidate_id}")).status_code == 404


@pytest.mark.parametrize("status", ["archived", "placed"])
async def test_inactive_candidate_is_found_by_id_only(people: People, status: str) -> None:
    creator, senior = await people.new(), await people.new("senior_recruiter")
    active, other = await creator.here.new_candidate(), await creator.here.new_candidate()
    await people.legacy.fetch("UPDATE candidates SET status = $2 WHERE id = $1", other, status)
    lists = await same_candidates(people, creator, senior)
    assert lists[0] == [active]
    assert other not in lists[1]
    for person in (creator, senior):
        assert (await person.here.http.get(f"{CANDIDATES}/{other}")).json()["status"] == status
    body = (await creator.here.http.get(CANDIDATES)).json()
    assert (body["total_count"], body["limit"], body["offset"]) == (1, 10, 0)


async def test_pages_of_candidates_are_equal(people: People) -> None:
    creator = await people.new()
    for number in range(12):
        if number % 2:
            await creator.here.new_candidate()
        else:
            await people.legacy.create_candidate(creator.there)
    assert await creator.listed(CANDIDATES, "candidates") == await people.legacy.candidates(creator.there)
    there = await people.legacy.candidates(creator.there, limit=5, offset=9)
    assert await creator.listed(CANDIDATES, "candidates", limit=5, offset=9) == there
    assert len(there) == 3


async def test_resumes_of_both_sides_share_lists_and_versions(people: People) -> None:
    creator, senior = await people.new(), await people.new("senior_recruiter")
    candidate_id = await creator.here.new_candidate()
    there = await people.legacy.upload(creator.there, candidate_id)
    here = (await creator.here.upload(candidate_id, "cv.txt", files.strong_resume_txt())).json()["id"]
    seniors = (await senior.here.upload(candidate_id, "cv.txt", files.strong_resume_txt())).json()["id"]
    assert await creator.listed(f"{UPLOADS}/", "uploads") == [here, there]
    assert await senior.listed(f"{UPLOADS}/", "uploads") == [seniors]
    for person in (creator, senior):
        assert await people.legacy.resumes(person.there) == await person.listed(f"{UPLOADS}/", "uploads")
    versions = await people.legacy.fetch(
        "SELECT version_number FROM resumes WHERE candidate_id = $1 ORDER BY 1", candidate_id
    )
    assert [row[0] for row in versions] == [1, 2, 3]


async def test_analyses_are_listed_equally_for_each_role_and_filter(
    people: People, adopted: AdoptedStack
) -> None:
    creator, stranger = await people.new(), await people.new()
    seniors = (await people.new("senior_recruiter"), await people.new("admin"), people.senior_of_history())
    resume_id = await creator.here.new_resume("cv.txt", files.strong_resume_txt())
    candidate_id = (await creator.here.http.get(f"{UPLOADS}/{resume_id}")).json()["candidate_id"]
    # The legacy backend does not know the last one; it is stored under another name.
    unknown = next(each for each in INDUSTRIES if each not in adopted.industries)
    for industry in (*adopted.industries[:2], unknown):
        accepted = await creator.here.analyze(resume_id, industry=industry)
        await creator.here.ended(accepted.json()["analysis_id"])
    await adopted.stop("analyzer")
    try:
        cancelled = (await creator.here.analyze(resume_id, industry=adopted.industries[0])).json()[
            "analysis_id"
        ]
        assert (await creator.here.http.delete(f"{ANALYSIS}/{cancelled}/cancel")).status_code == 200
        assert (await creator.here.ended(cancelled))["status"] == "cancelled"
    finally:
        await adopted.start("analyzer")
    await people.legacy.request_analysis(creator.there, resume_id, industry=adopted.industries[0])
    filters: list[dict[str, Any]] = [
        {},
        {"industry": adopted.industries[0]},
        {"industry": adopted.industries[1], "status": "completed"},
        *({"industry": each} for each in adopted.industries[1:]),
        {"status": "pending"},
        {"status": "failed"},
        {"candidate_id": candidate_id},
        {"candidate_id": candidate_id, "status": "completed"},
    ]
    for person in (creator, stranger, *seniors):
        for narrowed in filters:

            async def differences(person: Person = person, narrowed: dict[str, Any] = narrowed) -> object:
                here = await person.listed(f"{ANALYSIS}/", "analyses", page_size=50, **narrowed)
                there = await people.legacy.analyses(person.there, **narrowed)
                return None if here == there[:50] else (here, there)

            # The status column is copied from the topic with a delay.
            await eventually(differences, until=lambda found: found is None)
    assert len(await people.legacy.analyses(creator.there)) == 5
    assert len(await creator.listed(f"{ANALYSIS}/", "analyses", industry=unknown)) == 1
    assert await people.legacy.analyses(creator.there, status="failed") == [cancelled]


async def test_analysis_interrupted_by_a_crash_is_listed_with_its_outcome(people: People) -> None:
    """Only this differs between the lists: the legacy backend keeps the old status (docs/adopting.md)."""
    creator = await people.new()
    resume_id = await creator.here.new_resume("cv.txt", files.strong_resume_txt())
    without_status = await people.legacy.request_analysis(creator.there, resume_id, status="processing")
    await people.legacy.fetch("INSERT INTO review_results (review_request_id) VALUES ($1)", without_status)
    without_result = await people.legacy.request_analysis(creator.there, resume_id, status="completed")
    there = {"processing": [without_status], "completed": [without_result], "failed": []}
    here = {"processing": [], "completed": [without_status], "failed": [without_result]}
    for status, ids in there.items():
        assert await people.legacy.analyses(creator.there, status=status) == ids
    for status, ids in here.items():
        assert await creator.listed(f"{ANALYSIS}/", "analyses", status=status) == ids
    both = [without_result, without_status]
    assert await creator.listed(f"{ANALYSIS}/", "analyses") == await people.legacy.analyses(creator.there)
    assert await people.legacy.analyses(creator.there) == both


@pytest.mark.parametrize("industry", INDUSTRIES)
async def test_legacy_list_can_read_any_accepted_industry(people: People, industry: str) -> None:
    creator = await people.new()
    resume_id = await creator.here.new_resume("cv.txt", files.strong_resume_txt())
    accepted = await creator.here.analyze(resume_id, industry=industry)
    assert accepted.status_code == 202, accepted.text
    analysis_id = accepted.json()["analysis_id"]
    body = await creator.here.ended(analysis_id)
    assert (body["status"], body["result"]["industry"]) == ("completed", industry)
    request = (await creator.here.http.get(f"{ANALYSIS}/requests/{analysis_id}")).json()
    assert request["industry"] == industry
    for narrowed in ({}, {"industry": industry}):
        assert await creator.listed(f"{ANALYSIS}/", "analyses", **narrowed) == [analysis_id]
    assert await people.legacy.analyses(creator.there) == [analysis_id]


async def test_reports_are_in_japanese_by_default(people: People) -> None:
    creator = await people.new()
    resume_id = await creator.here.new_resume("cv.txt", files.strong_resume_txt())
    summaries = {}
    for language in (None, "resume", "en", "ja"):
        options = {} if language is None else {"report_language": language}
        accepted = await creator.here.analyze(resume_id, **options)
        body = await creator.here.ended(accepted.json()["analysis_id"])
        summaries[language] = body["result"]["executive_summary"]
    assert summaries[None] == summaries["ja"] != summaries["en"] == summaries["resume"]
    assert any("\u3040" <= char <= "\u30ff" for char in summaries["ja"])
    refused = await creator.here.analyze(resume_id, report_language="fr")
    assert refused.status_code == 422
    assert "report_language" in refused.json()["detail"]
