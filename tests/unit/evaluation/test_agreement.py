"""Check the rules against bullets labelled by hand."""

import pytest

from tools.evaluation.agreement import (
    LEAST_PRECISION,
    LEAST_RECALL,
    agreement,
    labelled_bullets,
    measure_label,
)


@pytest.mark.parametrize("language", ["en", "ja"])
def test_results_agree_with_the_labels(language: str) -> None:
    found = measure_label("r", labelled_bullets(language, "bullets"))
    assert found.precision >= LEAST_PRECISION, found.extra
    assert found.recall >= LEAST_RECALL, found.missed


@pytest.mark.parametrize("language", ["en", "ja"])
def test_results_agree_with_labels_that_are_held_back(language: str) -> None:
    found = measure_label("r", labelled_bullets(language, "held_back"))
    # Only the figures are shown: a rule for a missed bullet would spoil the measurement.
    assert round(found.precision, 2) >= LEAST_PRECISION
    assert round(found.recall, 2) >= LEAST_RECALL


@pytest.mark.parametrize("language", ["en", "ja"])
def test_no_bullet_is_in_both_halves(language: str) -> None:
    written_by = {each.text for each in labelled_bullets(language, "bullets")}
    assert not written_by & {each.text for each in labelled_bullets(language, "held_back")}


def test_amounts_verbs_and_results_are_published_for_each_language() -> None:
    rows = list(agreement())
    assert len(rows) == 12
    assert all(each.group == "agreement" and each.figure.startswith("precision ") for each in rows)
