"""Cost of the calls of one analysis."""

import pytest
from analyzer.llm.usage import CallBudget, Prices

PRICES = Prices(input=2, output=8)


@pytest.mark.parametrize("prices", [PRICES, None])
def test_analysis_that_sent_nothing_costs_nothing_where_prices_are_known(prices: Prices | None) -> None:
    usage = CallBudget(seconds=1, prices=prices).usage()
    assert (usage.requests, usage.cost_usd) == (0, 0.0 if prices else None)


@pytest.mark.parametrize(("prices", "cost"), [(PRICES, 0.0028), (None, None)])
def test_cost_follows_from_the_prices(prices: Prices | None, cost: float | None) -> None:
    budget = CallBudget(seconds=1, prices=prices, requests=1)
    budget.add(input_tokens=1000, output_tokens=100)
    assert budget.usage().cost_usd == cost


def test_cost_of_requests_without_usage_is_unknown() -> None:
    refused = CallBudget(seconds=1, prices=PRICES, requests=2)
    assert refused.usage().cost_usd is None
    unmetered = CallBudget(seconds=1, prices=PRICES, requests=2)
    unmetered.add(input_tokens=1000, output_tokens=None)
    unmetered.add(input_tokens=1000, output_tokens=100)
    assert unmetered.usage().cost_usd is None


@pytest.mark.parametrize("prices", [PRICES, None])
def test_cached_response_costs_nothing(prices: Prices | None) -> None:
    assert CallBudget(seconds=1, prices=prices).usage(is_cached=True).cost_usd == 0
