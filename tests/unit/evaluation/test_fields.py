"""A strong resume fits the field that it is of, and a stranger's does not."""

from functools import cache

import pytest

from tests.unit.scoring.personas import fit, report
from tools.evaluation.resumes import people
from tools.evaluation.templates import txt

# One of each profession; the evaluation measures all of them.
OF_FIELD = {
    "software_engineering": ("07-strong", "33-strong"),
    "data_ai": ("13-strong", "31-strong"),
    "finance": ("22-strong", "34-strong", "04-strong"),
}
STRANGERS = ("01-strong", "10-strong", "25-strong")


@cache
def fit_of(key: str, industry: str) -> float:
    """Of 100."""
    resume = next(each.levels["strong"] for each in people() if each.levels["strong"].key == key)
    return 5 * fit(report(txt(resume).decode(), industry=industry))


@pytest.mark.parametrize("industry", OF_FIELD)
def test_the_field_knows_its_own(industry: str) -> None:
    own = {key: fit_of(key, industry) for key in OF_FIELD[industry]}
    keys = {key for keys in OF_FIELD.values() for key in keys} | set(STRANGERS)
    others = {key: fit_of(key, industry) for key in keys - own.keys()}
    assert min(own.values()) >= 80, own
    assert max(others.values()) <= 75, others
    assert min(own.values()) >= max(others.values()) + 10


@pytest.mark.parametrize("field", OF_FIELD)
def test_who_is_of_a_field_fits_it_better_than_the_others(field: str) -> None:
    for key in OF_FIELD[field]:
        others = [fit_of(key, each) for each in OF_FIELD if each != field]
        assert fit_of(key, field) >= max(others) + 10
