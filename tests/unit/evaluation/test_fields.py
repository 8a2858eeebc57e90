"""A strong resume fits its own field and does not fit another one."""

from functools import cache

import pytest

from tests.unit.scoring.personas import fit, report
from tools.evaluation.resumes import people
from tools.evaluation.templates import txt

# One resume per profession. `make evaluate` measures all of them.
RESUMES_BY_FIELD = {
    "software_engineering": ("07-strong", "33-strong"),
    "data_ai": ("13-strong", "31-strong"),
    "finance": ("22-strong", "34-strong", "04-strong"),
}
OTHER_RESUMES = ("01-strong", "10-strong", "25-strong")


@cache
def fit_of(key: str, industry: str) -> float:
    """Return the industry fit from 0 to 100."""
    resume = next(each.levels["strong"] for each in people() if each.levels["strong"].key == key)
    return 5 * fit(report(txt(resume).decode(), industry=industry))


@pytest.mark.parametrize("industry", RESUMES_BY_FIELD)
def test_own_resumes_fit_a_field_better_than_others(industry: str) -> None:
    own = {key: fit_of(key, industry) for key in RESUMES_BY_FIELD[industry]}
    keys = {key for keys in RESUMES_BY_FIELD.values() for key in keys} | set(OTHER_RESUMES)
    others = {key: fit_of(key, industry) for key in keys - own.keys()}
    assert min(own.values()) >= 80, own
    assert max(others.values()) <= 75, others
    assert min(own.values()) >= max(others.values()) + 10


@pytest.mark.parametrize("field", RESUMES_BY_FIELD)
def test_resume_fits_its_own_field_better_than_other_fields(field: str) -> None:
    for key in RESUMES_BY_FIELD[field]:
        others = [fit_of(key, each) for each in RESUMES_BY_FIELD if each != field]
        assert fit_of(key, field) >= max(others) + 10
