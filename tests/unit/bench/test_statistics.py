import pytest

from tools.bench.statistics import Spread, growth, percentile, ratios


@pytest.mark.parametrize(("percent", "expected"), [(50, 50), (99, 99), (99.5, 100), (100, 100), (1, 1)])
def test_percentile_is_one_of_the_values(percent: float, expected: float) -> None:
    assert percentile([float(n) for n in range(100, 0, -1)], percent) == expected


def test_percentile_of_no_values_is_rejected() -> None:
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 99)


def test_spread_shows_median_and_range() -> None:
    assert str(Spread.of([120, 95.25, 1234.5])) == "120 (95.2 to 1,234)"


def test_ratios_are_computed_per_round() -> None:
    # The whole machine was slow in the second round.
    assert ratios([100, 10], [200, 20]) == Spread(low=0.5, median=0.5, high=0.5)


def test_ratios_of_unequal_rounds_are_rejected() -> None:
    with pytest.raises(ValueError, match="shorter"):
        ratios([1, 2], [1])


def test_growth_ignores_the_start() -> None:
    warming_up = [float(n) for n in range(25)]
    assert growth([*warming_up, *[100.0] * 75]) == 0


def test_growth_detects_a_leak() -> None:
    assert growth([float(n) for n in range(100)]) == 65


def test_growth_of_too_few_values_is_rejected() -> None:
    with pytest.raises(ValueError, match="too few"):
        growth([1.0] * 19)
