from datetime import UTC, datetime
from itertools import permutations

import pytest
from contracts.vocabulary import AnalysisStatus
from hypothesis import given
from hypothesis import strategies as st
from results_api.domain import next_status
from results_api.news import news_of
from results_api.presenter import Presenter

from tests.support.events import (
    cancel_requested,
    erase_requested,
    failed_to_run,
    requested,
    started,
    succeeded,
)

NOW = datetime(2026, 1, 2, tzinfo=UTC)
EVENTS = [requested(), started(), succeeded(), failed_to_run(), cancel_requested(), erase_requested()]
ENDS = {AnalysisStatus.COMPLETED, AnalysisStatus.FAILED, AnalysisStatus.CANCELLED, AnalysisStatus.ERASED}
RANK = {
    AnalysisStatus.PENDING: 0,
    AnalysisStatus.PROCESSING: 1,
    **dict.fromkeys(ENDS, 2),
    AnalysisStatus.ERASED: 3,
}


@given(st.lists(st.sampled_from(EVENTS), max_size=12))
def test_status_only_moves_forward_and_ends_once(events: list[object]) -> None:
    status = AnalysisStatus.PENDING
    for event in events:
        moved = next_status(status, event)  # type: ignore[arg-type]
        if moved is not None:
            assert RANK[moved] > RANK[status]
            assert status not in ENDS or moved is AnalysisStatus.ERASED
            status = moved


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
                news = news_of(moved, event, version=7)
                assert (news.status, news.version) == (moved, 7)
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
    assert old.statuses("error") == [AnalysisStatus.FAILED, AnalysisStatus.CANCELLED]
    assert new.statuses("error") == [AnalysisStatus.FAILED]
