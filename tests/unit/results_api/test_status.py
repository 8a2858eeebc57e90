from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from itertools import permutations
from typing import Literal
from uuid import uuid4

import pytest
from contracts.events import EVENTS as CONTRACT
from contracts.events import PrivateEvent, PublicEvent
from contracts.vocabulary import AnalysisStatus
from hypothesis import given
from hypothesis import strategies as st
from results_api.domain.analysis import End, Scores, View, asks_again, failure_of, next_status
from results_api.http.responses import Presenter, why_no_result
from results_api.public_events import news_again, news_of
from results_api.request_api_client import KnownRequest

from tests.support.events import (
    analysis_context,
    cancel_requested,
    erase_requested,
    expired,
    failed_to_run,
    requested,
    started,
    succeeded,
)
from tests.support.views import VIEW

NOW = datetime(2026, 1, 2, tzinfo=UTC)
EVENTS = [
    requested(),
    started(),
    succeeded(),
    failed_to_run(),
    cancel_requested(),
    erase_requested(),
    expired(),
]
ENDS = {AnalysisStatus.COMPLETED, AnalysisStatus.FAILED, AnalysisStatus.CANCELLED, AnalysisStatus.ERASED}
RANK = {
    AnalysisStatus.PENDING: 0,
    AnalysisStatus.PROCESSING: 1,
    **dict.fromkeys(ENDS, 2),
    AnalysisStatus.ERASED: 3,
}


def view(status: AnalysisStatus, failure_code: str | None = None, failure_detail: str | None = None) -> View:
    return replace(VIEW, status=status, failure_code=failure_code, failure_detail=failure_detail)


@given(st.lists(st.sampled_from(EVENTS), max_size=12))
def test_status_only_moves_forward_and_ends_once(events: list[object]) -> None:
    status = AnalysisStatus.PENDING
    for event in events:
        moved = next_status(status, event)  # type: ignore[arg-type]
        if moved is not None:
            assert RANK[moved] > RANK[status]
            assert status not in ENDS or moved is AnalysisStatus.ERASED
            status = moved


def test_no_life_of_an_analysis_has_a_version_beyond_the_contract() -> None:
    highest = {AnalysisStatus.PENDING: 1}
    alive = {(AnalysisStatus.PENDING, 1)}
    while alive:
        status, version = alive.pop()
        for event in EVENTS:
            moved = next_status(status, event)
            if moved is not None:
                alive.add((moved, version + 1))
                highest[moved] = max(highest.get(moved, 0), version + 1)
    public = {event.status: event for event in CONTRACT if issubclass(event, PublicEvent)}
    assert highest == {
        status: event.model_json_schema()["properties"]["version"]["maximum"]
        for status, event in public.items()
    }


@pytest.mark.parametrize("order", list(permutations([requested(), started(), succeeded()])))
def test_any_order_of_a_good_run_ends_completed(order: tuple[object, ...]) -> None:
    status = AnalysisStatus.PENDING
    for event in order:
        status = next_status(status, event) or status  # type: ignore[arg-type]
    assert status is AnalysisStatus.COMPLETED


def test_every_move_has_its_news() -> None:
    for status in AnalysisStatus:
        for event in EVENTS:
            moved = next_status(status, event)
            if moved is not None:
                news = news_of(moved, event, version=2)
                assert (news.status, news.version) == (moved, 2)
                assert news.analysis_id == event.analysis.analysis_id


def test_news_never_carries_names_or_text() -> None:
    for event in EVENTS:
        news = news_of(AnalysisStatus.PENDING, event, version=1).model_dump_json()
        assert event.analysis.candidate_name not in news
        assert event.analysis.file_name not in news


def test_old_frontend_is_told_error_for_whatever_ended_without_result() -> None:
    old, new = Presenter(failed_word="error"), Presenter(failed_word="failed")
    assert [old.word(s) for s in (AnalysisStatus.FAILED, AnalysisStatus.CANCELLED)] == ["error", "error"]
    assert [new.word(s) for s in (AnalysisStatus.FAILED, AnalysisStatus.CANCELLED)] == ["failed", "cancelled"]
    for presenter in (old, new):
        for status in AnalysisStatus:
            assert status in presenter.statuses(presenter.word(status))
        for word in ("failed", "error"):
            assert presenter.statuses(word) == [AnalysisStatus.FAILED, AnalysisStatus.CANCELLED]
    assert new.statuses("cancelled") == [AnalysisStatus.CANCELLED]


def test_what_ran_out_of_time_failed_with_a_sentence() -> None:
    failure = failure_of(expired())
    assert failure is not None
    assert failure.code == "deadline_exceeded"
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
def test_who_waited_in_vain_asks_again(event: PrivateEvent, asks: bool) -> None:
    assert asks_again(event) is asks


SCORES = Scores(overall_score=1, ats_score=2, content_score=3, formatting_score=4, market_tier="mid")


@pytest.mark.parametrize(
    ("status", "failure_code", "scores", "told"),
    [
        ("completed", None, SCORES, {"overall_score": 1, "formatting_score": 4, "market_tier": "mid"}),
        ("failed", "no_text", None, {"failure_code": "no_text"}),
        ("cancelled", None, None, {}),
    ],
)
def test_an_end_is_told_again_as_it_was(
    status: str, failure_code: str | None, scores: Scores | None, told: dict[str, object]
) -> None:
    about = analysis_context()
    end = End(
        status=AnalysisStatus(status), version=3, ended_at=NOW, failure_code=failure_code, scores=scores
    )
    news = news_again(about, end)
    assert news is not None
    assert (news.status, news.version, news.occurred_at, news.analysis_id) == (
        status,
        3,
        NOW,
        about.analysis_id,
    )
    assert told.items() <= news.model_dump().items()


@pytest.mark.parametrize("status", ["erased", "completed"])
def test_what_is_gone_is_not_told_again(status: str) -> None:
    # Completed without a result: its resume is being deleted.
    end = End(status=AnalysisStatus(status), version=3, ended_at=NOW, failure_code=None, scores=None)
    assert news_again(analysis_context(), end) is None


def known_request(status: AnalysisStatus) -> KnownRequest:
    return KnownRequest(analysis_id=uuid4(), status=status, requested_at=NOW, completed_at=None)


@pytest.mark.parametrize(
    ("analysis", "code", "sentence"),
    [
        (view(AnalysisStatus.FAILED, "no_text", "There is no text."), "no_text", "There is no text."),
        (view(AnalysisStatus.FAILED, "not_recorded"), "not_recorded", "kept no reason"),
        (view(AnalysisStatus.FAILED, "of_tomorrow"), "of_tomorrow", "The analysis failed."),
        (view(AnalysisStatus.CANCELLED), "cancelled", "was cancelled"),
        (known_request(AnalysisStatus.FAILED), "failed", "The analysis failed."),
        (known_request(AnalysisStatus.CANCELLED), "cancelled", "was cancelled"),
    ],
)
@pytest.mark.parametrize("word", ["failed", "error"])
def test_the_reason_stands_wherever_a_page_may_look(
    analysis: View | KnownRequest, code: str, sentence: str, word: Literal["failed", "error"]
) -> None:
    status = Presenter(failed_word=word).status(analysis, None, None)
    assert sentence in status.detail
    assert status.detail == status.message
    reason = why_no_result(analysis)
    assert (reason.code, reason.detail) == (code, status.detail)
    if status.failure is not None:
        assert status.failure == reason


@pytest.mark.parametrize("status", [AnalysisStatus.PENDING, AnalysisStatus.PROCESSING])
@pytest.mark.parametrize("of", [view, known_request])
def test_what_runs_has_no_reason_and_its_missing_result_says_that_it_runs(
    status: AnalysisStatus, of: Callable[[AnalysisStatus], View | KnownRequest]
) -> None:
    told = Presenter(failed_word="failed").status(of(status), None, None)
    assert (told.detail, told.message, told.failure) == ("", "", None)
    assert why_no_result(of(status)).code == "result_not_found"
    assert "still running" in why_no_result(of(status)).detail


@pytest.mark.parametrize("industry", [None, ""])
def test_a_list_draws_a_word_for_an_unknown_industry(industry: str | None) -> None:
    listed = Presenter(failed_word="failed").listed(replace(view(AnalysisStatus.PENDING), industry=industry))
    assert listed.industry == "unspecified"
