"""Comparison of a result with the result of an earlier version of the resume."""

from typing import Any
from uuid import UUID, uuid4

import httpx2
import pytest
from contracts.events import AnalysisContext
from contracts.report import Criterion, Report

from tests.integration.conftest import User
from tests.integration.results_api.reading import status_of
from tests.support import events
from tests.support.polling import eventually
from tests.support.servers.databases import Database
from tests.support.servers.kafka import publish


def scored(points: float, *, rubric: str = "1", model: str | None = None) -> Report:
    criterion = Criterion(
        id="content.quantified",
        area="content",
        points=points,
        max=30,
        method="rule",
        reason=f"{points:g} 点（30点満点）",
    )
    base = events.report()
    detailed = base.detailed_scores.model_copy(update={"criteria": (criterion,), "rubric_version": rubric})
    return base.model_copy(update={"detailed_scores": detailed, "ai_model_used": model or f"rules/{rubric}"})


class Candidate:
    """A candidate with analyses of several versions of a resume."""

    def __init__(self, api: httpx2.AsyncClient, bootstrap: str) -> None:
        self.id = uuid4()
        self._api = api
        self._bootstrap = bootstrap

    async def complete_analysis(
        self, user: User, version: int | None, report: Report | None = None, **context: Any
    ) -> AnalysisContext:
        """Publish a result and wait until it is readable."""
        analysis = events.analysis_context(
            **{
                "candidate_id": self.id,
                "resume_id": uuid4(),
                "requested_by": user.id,
                "resume_version": version,
                "file_name": f"v{version}.pdf",
                **context,
            }
        )
        await publish(self._bootstrap, events.succeeded(analysis, report=report or events.report()))
        await status_of(self._api, analysis.analysis_id, user, until="completed")
        return analysis

    async def changes(self, analysis: AnalysisContext, user: User) -> dict[str, Any] | None:
        address = f"/api/v1/analysis/analysis/{analysis.analysis_id}"
        answer = await self._api.get(address, headers=user.headers)
        changes: dict[str, Any] | None = answer.json()["changes"]
        return changes

    async def compared_with(self, analysis: AnalysisContext, user: User) -> UUID | None:
        found = await self.changes(analysis, user)
        return None if found is None else UUID(found["since"]["analysis_id"])


@pytest.fixture
def candidate(results_api: httpx2.AsyncClient, kafka_bootstrap: str) -> Candidate:
    return Candidate(results_api, kafka_bootstrap)


async def test_newer_version_has_changes(
    candidate: Candidate, results_api: httpx2.AsyncClient, user: User
) -> None:
    first = await candidate.complete_analysis(user, 1, scored(12), file_name="職務経歴書.pdf")
    second = await candidate.complete_analysis(user, 2, scored(27))
    found = await candidate.changes(second, user)
    assert found is not None
    assert found["since"] == {
        "analysis_id": str(first.analysis_id),
        "resume_version": 1,
        "completed_at": "2026-01-02T03:04:05Z",
        "file_name": "職務経歴書.pdf",
    }
    assert (found["is_comparable"], found["note"]) == (True, None)
    assert found["scores"]["overall"] == {"before": 61, "after": 61, "change": 0}
    assert found["criteria"] == [
        {
            "id": "content.quantified",
            "area": "content",
            "before": 12.0,
            "after": 27.0,
            "max": 30.0,
            "change": 15.0,
            "reason_before": "12 点（30点満点）",
            "reason": "27 点（30点満点）",
        }
    ]
    assert await candidate.changes(first, user) is None
    status = await status_of(results_api, second.analysis_id, user, until="completed")
    assert isinstance(status["result"], dict)
    assert status["result"]["changes"] == found


async def test_nearest_lower_version_is_compared_regardless_of_time(candidate: Candidate, user: User) -> None:
    third = await candidate.complete_analysis(user, 3, requested_at=events.NOW.replace(minute=0))
    first = await candidate.complete_analysis(user, 1, requested_at=events.NOW.replace(minute=9))
    assert await candidate.compared_with(third, user) == first.analysis_id
    older = await candidate.complete_analysis(user, 2, requested_at=events.NOW.replace(minute=1))
    newer = await candidate.complete_analysis(user, 2, requested_at=events.NOW.replace(minute=2))
    assert await candidate.compared_with(third, user) == newer.analysis_id
    assert await candidate.compared_with(newer, user) == first.analysis_id
    assert await candidate.compared_with(older, user) == first.analysis_id


async def test_same_version_or_other_industry_has_no_comparison(candidate: Candidate, user: User) -> None:
    for version in (None, 1, 1):
        analysis = await candidate.complete_analysis(user, version)
        assert await candidate.changes(analysis, user) is None
    again = await candidate.complete_analysis(user, 2, industry="general")
    assert await candidate.changes(again, user) is None


async def test_other_candidates_and_unfinished_analyses_are_ignored(
    candidate: Candidate, results_api: httpx2.AsyncClient, kafka_bootstrap: str, user: User
) -> None:
    await candidate.complete_analysis(user, 1, industry="general")
    await candidate.complete_analysis(user, 1, candidate_id=uuid4())
    unfinished = {
        name: events.analysis_context(candidate_id=candidate.id, requested_by=user.id, resume_version=1)
        for name in ("requested", "started", "failed_to_run", "cancel_requested")
    }
    for name, analysis in unfinished.items():
        await publish(kafka_bootstrap, getattr(events, name)(analysis))
    statuses = {"requested": "pending", "started": "processing", "failed_to_run": "failed"}
    for name, analysis in unfinished.items():
        await status_of(results_api, analysis.analysis_id, user, until=statuses.get(name, "cancelled"))
    assert await candidate.changes(await candidate.complete_analysis(user, 2), user) is None


async def test_comparison_uses_visible_analyses_only(
    candidate: Candidate, user: User, other: User, senior: User
) -> None:
    mine = await candidate.complete_analysis(user, 1)
    other_analysis = await candidate.complete_analysis(other, 2)
    last = await candidate.complete_analysis(user, 3)
    assert await candidate.compared_with(last, user) == mine.analysis_id
    assert await candidate.compared_with(last, senior) == other_analysis.analysis_id
    assert await candidate.changes(other_analysis, other) is None
    assert await candidate.compared_with(other_analysis, senior) == mine.analysis_id


async def test_erased_analysis_is_in_no_comparison(
    candidate: Candidate, kafka_bootstrap: str, user: User
) -> None:
    first = await candidate.complete_analysis(user, 1, scored(10))
    second = await candidate.complete_analysis(user, 2, scored(20))
    third = await candidate.complete_analysis(user, 3, scored(30))
    assert await candidate.compared_with(third, user) == second.analysis_id

    async def compared() -> UUID | None:
        return await candidate.compared_with(third, user)

    await publish(kafka_bootstrap, events.erase_requested(second))
    await eventually(compared, until=lambda found: found == first.analysis_id)
    await publish(kafka_bootstrap, events.erase_requested(first))
    await eventually(compared, until=lambda found: found is None)


@pytest.mark.parametrize(
    ("after", "word"),
    [(scored(20, rubric="2"), "rubric"), (scored(20, model="model-a"), "model-a")],
    ids=["rubric", "model"],
)
async def test_incomparable_numbers_have_a_note(
    candidate: Candidate, user: User, after: Report, word: str
) -> None:
    await candidate.complete_analysis(user, 1, scored(10))
    found = await candidate.changes(await candidate.complete_analysis(user, 2, after), user)
    assert found is not None
    assert found["is_comparable"] is False
    assert word in found["note"]
    assert [each["change"] for each in found["criteria"]] == [10]


async def test_legacy_result_is_compared_by_its_scores_only(
    candidate: Candidate, results_database: Database, user: User
) -> None:
    first = await candidate.complete_analysis(user, 1, scored(10))
    second = await candidate.complete_analysis(user, 2, scored(20))
    await results_database.fetch(
        """UPDATE review_results SET overall_score = NULL, ai_model_used = NULL,
           detailed_scores = '{"market_tier": "mid"}' WHERE review_request_id = $1""",
        first.analysis_id,
    )
    found = await candidate.changes(second, user)
    assert found is not None
    assert found["scores"]["overall"] == {"before": None, "after": 61, "change": None}
    assert found["scores"]["ats"]["change"] == 0
    assert (found["criteria"], found["contributions"], found["is_comparable"]) == ([], None, False)


async def test_resume_version_of_a_later_event_is_stored(
    candidate: Candidate, results_api: httpx2.AsyncClient, kafka_bootstrap: str, user: User
) -> None:
    """Events of older analyzers lack the version and may arrive first."""
    first = await candidate.complete_analysis(user, 1)
    second = await candidate.complete_analysis(user, None)
    assert await candidate.changes(second, user) is None
    await publish(kafka_bootstrap, events.requested(second.model_copy(update={"resume_version": 2})))

    async def compared() -> UUID | None:
        return await candidate.compared_with(second, user)

    assert await eventually(compared) == first.analysis_id
