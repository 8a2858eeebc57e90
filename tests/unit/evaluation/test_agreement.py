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
    found = measure_label("r", labelled_bullets(language))
    assert found.precision >= LEAST_PRECISION, found.extra
    assert found.recall >= LEAST_RECALL, found.missed


def test_amounts_verbs_and_results_are_published_for_each_language() -> None:
    rows = list(agreement())
    assert len(rows) == 6
    assert all(each.group == "agreement" and each.figure.startswith("precision ") for each in rows)
