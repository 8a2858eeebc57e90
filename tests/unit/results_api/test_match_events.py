"""Translation of private events of matches to status changes, and of these to public events."""

import pytest
from contracts.match_events import PrivateMatchEvent
from contracts.vocabulary import AnalysisStatus
from results_api.domain.match import MatchChange
from results_api.match_events import asks_for_end, match_change, pending_match, public_match_event

from tests.support.events import NOW
from tests.support.match_events import (
    match_cancel_requested,
    match_context,
    match_erase_requested,
    match_expired,
    match_failed_to_run,
    match_requested,
    match_succeeded,
    result,
)

ABOUT = match_context()
EXAMPLES: list[tuple[AnalysisStatus, PrivateMatchEvent]] = [
    (AnalysisStatus.PENDING, match_requested(ABOUT)),
    (AnalysisStatus.COMPLETED, match_succeeded(ABOUT)),
    (AnalysisStatus.COMPLETED, match_succeeded(ABOUT, result=result(score=None, assessed=0))),
    (AnalysisStatus.FAILED, match_failed_to_run(ABOUT)),
    (AnalysisStatus.FAILED, match_expired(ABOUT)),
    (AnalysisStatus.CANCELLED, match_cancel_requested(ABOUT)),
    (AnalysisStatus.ERASED, match_erase_requested(ABOUT)),
]


@pytest.mark.parametrize(("status", "event"), EXAMPLES)
def test_private_event_becomes_the_public_event_of_its_status(
    status: AnalysisStatus, event: PrivateMatchEvent
) -> None:
    change = match_change(event)
    public = public_match_event(ABOUT, change, version=1)
    assert (public.status, public.version, public.occurred_at) == (status, 1, NOW)
    ids = ABOUT.model_dump(exclude={"candidate_name", "file_name", "resume_version"})
    assert ids.items() <= public.model_dump().items()
    assert change.ended_at == (None if status is AnalysisStatus.PENDING else NOW)


@pytest.mark.parametrize(("_status", "event"), EXAMPLES)
def test_public_event_contains_no_names_and_no_text(
    _status: AnalysisStatus, event: PrivateMatchEvent
) -> None:
    for change in (pending_match(ABOUT), match_change(event)):
        text = public_match_event(ABOUT, change, version=1).model_dump_json()
        assert ABOUT.candidate_name not in text
        assert ABOUT.file_name not in text


def test_expired_match_fails_with_a_sentence() -> None:
    failure = match_change(match_expired(ABOUT)).failure
    assert failure is not None
    assert failure.code == "deadline_exceeded"
    assert str(failure.detail).endswith(".")


@pytest.mark.parametrize(
    ("event", "asks"),
    [
        (match_requested(ABOUT), False),
        (match_requested(ABOUT, emission=2), True),
        (match_cancel_requested(ABOUT), False),
        (match_cancel_requested(ABOUT, emission=2), True),
        (match_expired(ABOUT), True),
        (match_erase_requested(ABOUT), False),
        (match_succeeded(ABOUT), False),
    ],
)
def test_repeated_request_asks_for_the_end(event: PrivateMatchEvent, asks: bool) -> None:
    assert asks_for_end(event) is asks


@pytest.mark.parametrize("status", [AnalysisStatus.COMPLETED, AnalysisStatus.FAILED])
def test_change_without_its_data_has_no_public_event(status: AnalysisStatus) -> None:
    with pytest.raises(ValueError, match="lacks its failure or scores"):
        public_match_event(ABOUT, MatchChange(status=status, occurred_at=NOW), version=2)
