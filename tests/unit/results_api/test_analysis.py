"""The state machine of an analysis."""

from itertools import permutations
from uuid import uuid4

import pytest
from contracts.catalogue import EVENTS
from contracts.events import PublicEvent
from contracts.vocabulary import AnalysisStatus
from hypothesis import given
from hypothesis import strategies as st
from results_api.domain.analysis import UNFINISHED, Analysis, StatusChange, next_status

from tests.support.events import NOW

FINAL = set(AnalysisStatus) - set(UNFINISHED)
RANK = {
    AnalysisStatus.PENDING: 0,
    AnalysisStatus.PROCESSING: 1,
    **dict.fromkeys(FINAL, 2),
    AnalysisStatus.ERASED: 3,
}


@given(st.lists(st.sampled_from(AnalysisStatus), max_size=12))
def test_status_only_moves_forward_and_ends_once(reports: list[AnalysisStatus]) -> None:
    status = AnalysisStatus.PENDING
    for reported in reports:
        following = next_status(status, reported)
        if following is not None:
            assert RANK[following] > RANK[status]
            assert status not in FINAL or following is AnalysisStatus.ERASED
            status = following


def test_versions_stay_within_the_limits_of_the_contract() -> None:
    first = Analysis(analysis_id=uuid4(), status=AnalysisStatus.PENDING, version=1)
    highest, reachable = {first.status: first.version}, [first]
    while reachable:
        analysis = reachable.pop()
        for status in AnalysisStatus:
            following = analysis.apply(StatusChange(status=status, occurred_at=NOW))
            if following is not None:
                assert following.version == analysis.version + 1
                highest[status] = max(highest.get(status, 0), following.version)
                reachable.append(following)
    assert highest == {
        event.status: event.model_json_schema()["properties"]["version"]["maximum"]
        for event in EVENTS
        if issubclass(event, PublicEvent)
    }


@pytest.mark.parametrize(
    "order",
    list(permutations([AnalysisStatus.PENDING, AnalysisStatus.PROCESSING, AnalysisStatus.COMPLETED])),
)
def test_reordered_reports_of_a_successful_analysis_complete_it(order: tuple[AnalysisStatus, ...]) -> None:
    status = AnalysisStatus.PENDING
    for reported in order:
        status = next_status(status, reported) or status
    assert status is AnalysisStatus.COMPLETED


@pytest.mark.parametrize("status", AnalysisStatus)
def test_only_a_final_status_has_an_end(status: AnalysisStatus) -> None:
    assert StatusChange(status=status, occurred_at=NOW).ended_at == (None if status in UNFINISHED else NOW)
