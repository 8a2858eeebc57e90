"""Translation of private events to status changes, and of status changes to public events."""

import pytest
from contracts.events import PrivateEvent
from contracts.vocabulary import AnalysisStatus
from results_api.domain.analysis import Failure, Scores, StatusChange
from results_api.events import asks_for_final_status, pending, public_event, status_change

from tests.support.events import (
    NOW,
    analysis_context,
    cancel_requested,
    erase_requested,
    expired,
    failed_to_run,
    requested,
    started,
    succeeded,
)

EVENTS: dict[AnalysisStatus, list[PrivateEvent]] = {
    AnalysisStatus.PENDING: [requested()],
    AnalysisStatus.PROCESSING: [started()],
    AnalysisStatus.COMPLETED: [succeeded()],
    AnalysisStatus.FAILED: [failed_to_run(), expired()],
    AnalysisStatus.CANCELLED: [cancel_requested()],
    AnalysisStatus.ERASED: [erase_requested()],
}
EXAMPLES = [(status, event) for status, events in EVENTS.items() for event in events]
SCORES = Scores(overall_score=1, ats_score=2, content_score=3, formatting_score=4, market_tier="mid")


@pytest.mark.parametrize(("status", "event"), EXAMPLES)
def test_private_event_becomes_the_public_event_of_its_status(
    status: AnalysisStatus, event: PrivateEvent
) -> None:
    change = status_change(event)
    assert (change.status, change.occurred_at) == (status, NOW)
    public = public_event(event.analysis, change, version=1)
    assert (public.status, public.version, public.occurred_at) == (status, 1, NOW)
    assert public.analysis_id == event.analysis.analysis_id


@pytest.mark.parametrize(("status", "event"), EXAMPLES)
def test_public_event_contains_no_names_and_no_text(status: AnalysisStatus, event: PrivateEvent) -> None:
    for change in (pending(event.analysis), status_change(event)):
        text = public_event(event.analysis, change, version=1).model_dump_json()
        assert event.analysis.candidate_name not in text
        assert event.analysis.file_name not in text


def test_expired_analysis_fails_with_a_sentence() -> None:
    failure = status_change(expired()).failure
    assert failure is not None
    assert failure.code == "deadline_exceeded"
    assert failure.detail
    assert failure.detail.endswith(".")


@pytest.mark.parametrize(
    ("event", "asks"),
    [
        (requested(), False),
        (requested(emission=2), True),
        (cancel_requested(), False),
        (cancel_requested(emission=2), True),
        (expired(), True),
        (erase_requested(), False),
        (succeeded(), False),
    ],
)
def test_repeated_request_asks_for_the_final_status(event: PrivateEvent, asks: bool) -> None:
    assert asks_for_final_status(event) is asks


@pytest.mark.parametrize(
    ("status", "failure", "scores", "expected"),
    [
        ("completed", None, SCORES, {"overall_score": 1, "formatting_score": 4, "market_tier": "mid"}),
        ("failed", Failure(code="no_text"), None, {"failure_code": "no_text"}),
        ("cancelled", None, None, {}),
    ],
)
def test_stored_final_status_becomes_a_public_event(
    status: str, failure: Failure | None, scores: Scores | None, expected: dict[str, object]
) -> None:
    context = analysis_context()
    change = StatusChange(status=AnalysisStatus(status), occurred_at=NOW, failure=failure, scores=scores)
    event = public_event(context, change, version=3)
    assert (event.status, event.version, event.occurred_at) == (status, 3, NOW)
    assert event.analysis_id == context.analysis_id
    assert expected.items() <= event.model_dump().items()


@pytest.mark.parametrize("status", [AnalysisStatus.COMPLETED, AnalysisStatus.FAILED])
def test_change_without_its_data_has_no_public_event(status: AnalysisStatus) -> None:
    with pytest.raises(ValueError, match="lacks its failure or scores"):
        public_event(analysis_context(), StatusChange(status=status, occurred_at=NOW), version=3)
