"""A scenario with one consultant's candidate, resume, analysis, job and matches, and all kinds of callers."""

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import UUID, uuid4

import httpx2

from tests.integration.conftest import User
from tests.support import events, files
from tests.support.auth.tokens import FakeIssuer
from tests.support.match_events import match_context, match_succeeded
from tests.support.polling import eventually
from tests.support.servers.databases import Database
from tests.support.servers.kafka import publish

CALLERS = ("owner", "senior", "admin", "assigned", "stranger")


@dataclass(frozen=True, slots=True, kw_only=True)
class Servers:
    """Both services with their databases, and the broker between them."""

    apis: dict[str, httpx2.AsyncClient]
    databases: dict[str, Database]
    kafka_bootstrap: str
    issuer: FakeIssuer

    async def contents(self) -> dict[str, str]:
        """Return a digest of every table of both services."""
        return {
            f"{service}: {table}": digest
            for service, database in self.databases.items()
            for table, digest in (await database.digests()).items()
        }

    async def wait_until_settled(self) -> None:
        """Wait until the tables of both services stop changing."""
        before: dict[str, str] = {}

        async def is_unchanged() -> bool:
            nonlocal before
            earlier, before = before, await self.contents()
            return earlier == before

        await eventually(is_unchanged, every_seconds=0.5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """Users by kind of caller, and ids by their names in paths."""

    users: dict[str, User]
    ids: dict[str, str]


async def create_scenario(servers: Servers, *, running: bool = False) -> Scenario:
    """Create a scenario whose analysis is completed in both services, or still `running`."""
    users = {
        who: User(servers.issuer, role={"senior": "senior_recruiter", "admin": "admin"}.get(who, _JUNIOR))
        for who in CALLERS
    }
    owner, requests, results = users["owner"], servers.apis["request-api"], servers.apis["results-api"]

    async def post(path: str, **sends: Any) -> dict[str, Any]:
        answer = await requests.post(path, headers=owner.headers, **sends)
        assert answer.is_success, answer.text
        body: dict[str, Any] = answer.json()
        return body

    person = {"first_name": "Mina", "last_name": "Example"}
    candidate_id = (await post("/api/v1/candidates", json=person))["candidate"]["id"]
    upload = {"file": ("cv.txt", files.strong_resume_txt())}
    resume_id = (await post(f"/api/v1/resume_upload/candidates/{candidate_id}/resumes", files=upload))["id"]
    order = {"industry": "strategy_tech"}
    accepted = await post(f"/api/v1/analysis/resumes/{resume_id}/analyze", json=order)
    ids = {"candidate_id": candidate_id, "resume_id": resume_id, "analysis_id": accepted["analysis_id"]}
    job = {"title": "Engineer", "text": "Requirements: Python"}
    job_id = (await post("/api/v1/jobs", json=job))["id"]

    await servers.databases["request-api"].fetch(
        "INSERT INTO user_candidate_assignments (user_id, candidate_id, is_active) VALUES ($1, $2, true)",
        users["assigned"].id,
        UUID(candidate_id),
    )
    if not running:
        about = events.analysis_context(
            requested_by=owner.id,
            requested_at=datetime.now(UTC),
            resume_version=1,
            **{name: UUID(one) for name, one in ids.items()},
        )
        await publish(servers.kafka_bootstrap, events.started(about), events.succeeded(about))

    async def statuses() -> set[str]:
        answers = (
            await results.get(
                f"/api/v1/analysis/analysis/{ids['analysis_id']}/status", headers=owner.headers
            ),
            await requests.get(f"/api/v1/analysis/requests/{ids['analysis_id']}", headers=owner.headers),
        )
        return {str(answer.json().get("status")) for answer in answers}

    await eventually(statuses, until={"pending" if running else "completed"}.__eq__)
    # Two of one job, so that they can be compared.
    matches = [match_context(job_id=job_id, resume_id=uuid4(), requested_by=owner.id) for _ in range(2)]
    await publish(servers.kafka_bootstrap, *(match_succeeded(each) for each in matches))

    async def completed() -> int:
        progress = await results.get(f"/api/v1/jobs/{job_id}/matches", headers=owner.headers)
        return int(progress.json()["counts"]["completed"])

    await eventually(completed, until=len(matches).__eq__)
    match_id, other_match_id = (str(each.match_id) for each in matches)
    return Scenario(
        users=users,
        ids={**ids, "job_id": job_id, "match_id": match_id, "other_match_id": other_match_id},
    )


_JUNIOR = "junior_recruiter"
