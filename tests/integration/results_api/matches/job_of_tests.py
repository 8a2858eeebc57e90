"""A job that the fake request-api knows, and matches to it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID, uuid4

import httpx2
from contracts.match_events import MatchContext, PrivateMatchEvent
from contracts.matching import Match, Outcome, Reason, ReasonValues, Requirement, RequirementMatch
from contracts.report import Evidence

from tests.integration.conftest import FakeRequestApi, User
from tests.support.match_events import TEXT, match_context
from tests.support.polling import eventually
from tests.support.servers.kafka import publish

REQUIREMENTS = (
    Requirement(id="python", kind="skill", importance="must", quote="Python is needed", terms=("Python",)),
    Requirement(id="sql", kind="skill", importance="must", terms=("SQL", "PostgreSQL")),
    Requirement(id="go", kind="skill", importance="nice_to_have", quote="Go", terms=("Go",), weight=2),
)
_CREDITS: Mapping[Outcome, float] = {"met": 1, "partly": 0.5, "not_shown": 0, "unknown": 0}
_REASONS: Mapping[Outcome, str] = {
    "met": "skill.shown",
    "partly": "skill.listed",
    "not_shown": "skill.not_shown",
    "unknown": "unknown.language",
}
QUOTE = "Ran Kubernetes clusters in Python"


class Job:
    """A job, which request-api returns to everybody until it is told otherwise."""

    def __init__(self, fake: FakeRequestApi, *, version: int = 1, language: str | None = None) -> None:
        self.id: UUID = uuid4()
        self._fake = fake
        self.publish_version(version, language=language)

    def publish_version(self, version: int, *, language: str | None = None) -> None:
        body = {
            "id": str(self.id),
            "version": version,
            "title": "<b>Engineer</b>",
            "language": language,
            "requirements": [each.model_dump(mode="json") for each in REQUIREMENTS],
        }
        self._fake.answers[str(self.id)] = self._fake.answers[f"{self.id}?version={version}"] = (200, body)

    def hide(self) -> None:
        for path in [each for each in self._fake.answers if each.startswith(str(self.id))]:
            del self._fake.answers[path]

    def context(self, user: User, **changes: Any) -> MatchContext:
        return match_context(**{"job_id": self.id, "resume_id": uuid4(), "requested_by": user.id, **changes})


def outcomes(score: float | None, **found: Outcome) -> Match:
    """Return a match of `REQUIREMENTS`, each of which is met unless it is named."""
    by_id: dict[str, Outcome] = {**{each.id: "met" for each in REQUIREMENTS}, **found}
    start = TEXT.index(QUOTE)
    quotes = (Evidence(quote=QUOTE, start=start, end=start + len(QUOTE)),)
    return Match(
        matcher_version="1/1",
        score=score,
        assessed=0.25 if score is None else 1,
        requirements=tuple(
            RequirementMatch(
                requirement_id=each.id,
                outcome=by_id[each.id],
                credit=_CREDITS[by_id[each.id]],
                evidence=quotes if by_id[each.id] in ("met", "partly") else (),
                reason=Reason(
                    key=_REASONS[by_id[each.id]], values=ReasonValues(term=each.terms[0], places=1)
                ),
            )
            for each in REQUIREMENTS
        ),
        reason=Reason(key="score.too_little" if score is None else "score.weighted"),
    )


async def publish_and_wait(
    api: httpx2.AsyncClient, kafka_bootstrap: str, user: User, *events: PrivateMatchEvent
) -> None:
    """Publish events of matches of one job, and wait until every match has ended."""
    await publish(kafka_bootstrap, *events)
    job_id = events[0].match.job_id
    resumes = {each.match.resume_id for each in events}

    async def poll() -> dict[str, int]:
        address = f"/api/v1/jobs/{job_id}/matches?job_version={events[0].match.job_version}"
        response = await api.get(address, headers=user.headers)
        counts: dict[str, int] = response.json()["counts"]
        return counts

    await eventually(
        poll,
        until=lambda counts: (
            counts["pending"] == 0
            and counts["completed"] + counts["failed"] + counts["cancelled"] == len(resumes)
        ),
    )
