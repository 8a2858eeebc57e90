"""Status words and failure reasons in responses."""

from collections.abc import Callable
from dataclasses import replace
from typing import Literal
from uuid import uuid4

import pytest
from contracts.vocabulary import AnalysisStatus
from results_api.domain.analysis_view import AnalysisView
from results_api.http.responses import Presenter, reason_for_missing_result
from results_api.queries.read_analysis import AnalysisDetails
from results_api.request_api_client import AcceptedAnalysis

from tests.support.events import NOW
from tests.support.views import VIEW


def view(
    status: AnalysisStatus, failure_code: str | None = None, failure_detail: str | None = None
) -> AnalysisView:
    return replace(VIEW, status=status, failure_code=failure_code, failure_detail=failure_detail)


def accepted(status: AnalysisStatus) -> AcceptedAnalysis:
    return AcceptedAnalysis(analysis_id=uuid4(), status=status, requested_at=NOW, completed_at=None)


def test_old_frontend_gets_error_for_analyses_without_a_result() -> None:
    old, new = Presenter(failed_word="error"), Presenter(failed_word="failed")
    without_result = (AnalysisStatus.FAILED, AnalysisStatus.CANCELLED)
    assert [old.status_word(status) for status in without_result] == ["error", "error"]
    assert [new.status_word(status) for status in without_result] == ["failed", "cancelled"]
    for presenter in (old, new):
        for status in AnalysisStatus:
            assert status in presenter.statuses_of(presenter.status_word(status))
        for word in ("failed", "error"):
            assert presenter.statuses_of(word) == list(without_result)
    assert new.statuses_of("cancelled") == [AnalysisStatus.CANCELLED]


@pytest.mark.parametrize(
    ("analysis", "code", "sentence"),
    [
        (view(AnalysisStatus.FAILED, "no_text", "There is no text."), "no_text", "There is no text."),
        (view(AnalysisStatus.FAILED, "not_recorded"), "not_recorded", "kept no reason"),
        (view(AnalysisStatus.FAILED, "of_tomorrow"), "of_tomorrow", "The analysis failed."),
        (view(AnalysisStatus.CANCELLED), "cancelled", "was cancelled"),
        (accepted(AnalysisStatus.FAILED), "failed", "The analysis failed."),
        (accepted(AnalysisStatus.CANCELLED), "cancelled", "was cancelled"),
    ],
)
@pytest.mark.parametrize("word", ["failed", "error"])
def test_reason_for_missing_result_is_in_every_field_that_a_page_reads(
    analysis: AnalysisView | AcceptedAnalysis, code: str, sentence: str, word: Literal["failed", "error"]
) -> None:
    status = Presenter(failed_word=word).status(AnalysisDetails(analysis=analysis))
    assert sentence in status.detail
    assert status.detail == status.message
    reason = reason_for_missing_result(analysis)
    assert (reason.code, reason.detail) == (code, status.detail)
    if status.failure is not None:
        assert status.failure == reason


@pytest.mark.parametrize("status", [AnalysisStatus.PENDING, AnalysisStatus.PROCESSING])
@pytest.mark.parametrize("create", [view, accepted])
def test_running_analysis_has_no_failure_reason(
    status: AnalysisStatus, create: Callable[[AnalysisStatus], AnalysisView | AcceptedAnalysis]
) -> None:
    response = Presenter(failed_word="failed").status(AnalysisDetails(analysis=create(status)))
    assert (response.detail, response.message, response.failure) == ("", "", None)
    assert reason_for_missing_result(create(status)).code == "result_not_found"
    assert "still running" in reason_for_missing_result(create(status)).detail


@pytest.mark.parametrize("industry", [None, ""])
def test_missing_industry_is_listed_as_unspecified(industry: str | None) -> None:
    analysis = replace(view(AnalysisStatus.PENDING), industry=industry)
    assert Presenter(failed_word="failed").list_item(analysis).industry == "unspecified"
