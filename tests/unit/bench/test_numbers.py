import pytest

from tools.bench.numbers import Spread, growth, percentile, ratios


@pytest.mark.parametrize(("percent", "expected"), [(50, 50), (99, 99), (99.5, 100), (100, 100), (1, 1)])
def test_percentile_is_one_of_the_values(percent: float, expected: float) -> None:
    assert percentile([float(n) for n in range(100, 0, -1)], percent) == expected


def test_percentile_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="nothing"):
        percentile([], 99)


def test_spread_says_median_and_both_ends() -> None:
    assert str(Spread.of([120, 95.25, 1234.5])) == "120 (95.2 to 1,234)"


def test_ratios_are_taken_round_by_round() -> None:
    # As when the whole machine was slow in the second round.
    assert ratios([100, 10], [200, 20]) == Spread(low=0.5, median=0.5, high=0.5)


def test_ratios_of_unequal_rounds_are_refused() -> None:
    with pytest.raises(ValueError, match="shorter"):
        ratios([1, 2], [1])


def test_growth_leaves_the_start_out() -> None:
    warming_up = [float(n) for n in range(25)]
    assert growth([*warming_up, *[100.0] * 75]) == 0


def test_growth_sees_a_leak() -> None:
    assert growth([float(n) for n in range(100)]) == 65


def test_growth_of_too_little_is_refused() -> None:
    with pytest.raises(ValueError, match="too few"):
        growth([1.0] * 19)
