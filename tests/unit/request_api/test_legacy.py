"""Names under which industries are stored beside each version of the legacy backend."""

import pytest
from contracts.vocabulary import INDUSTRIES
from request_api.domain.legacy_backend import (
    BEFORE_OCTOBER_2025,
    LEGACY_NAMES,
    SINCE_OCTOBER_2025,
    legacy_backend,
)

_ALL = {*INDUSTRIES, *LEGACY_NAMES}


@pytest.mark.parametrize(
    ("allowed", "newest", "known"),
    [
        (_ALL, "general", BEFORE_OCTOBER_2025),
        (_ALL, "tech_consulting", SINCE_OCTOBER_2025),
        (_ALL, None, {"system_integrator"}),
        # A constraint counts more than rows that it would refuse today.
        (SINCE_OCTOBER_2025, "general", SINCE_OCTOBER_2025),
        (BEFORE_OCTOBER_2025 | {"ma_finance"}, None, BEFORE_OCTOBER_2025),
        ({"consulting", "ma_finance"}, None, {"consulting", "ma_finance"}),
        (set(), None, set()),
    ],
)
def test_legacy_backend_knows_the_names_of_its_version(
    allowed: set[str], newest: str | None, known: set[str]
) -> None:
    legacy = legacy_backend(allowed=allowed, newest=newest)
    assert legacy.known == known
    assert set(legacy.stored.values()) <= known
    assert {*legacy.stored, *legacy.not_storable} == set(INDUSTRIES)


@pytest.mark.parametrize("version", [BEFORE_OCTOBER_2025, SINCE_OCTOBER_2025])
def test_known_names_are_stored_unchanged(version: frozenset[str]) -> None:
    legacy = legacy_backend(allowed=version, newest=None)
    assert not legacy.not_storable
    assert {name: legacy.stored[name] for name in version} == {name: name for name in version}


def test_industries_are_not_stored_under_unrelated_names() -> None:
    legacy = legacy_backend(allowed={"consulting", "ma_finance"}, newest=None)
    assert legacy.stored == {
        **dict.fromkeys(("ma_financial", "ma_finance", "finance"), "ma_finance"),
        **dict.fromkeys(("consulting", "full_service_consulting"), "consulting"),
    }
