"""The sample of stalls covers all pairs, and the long run all combinations."""

from itertools import combinations, product

from tools.chaos.injection.stalls import LOADS, SECONDS, SERVERS, TARGETS, TIMES, Stall, every, sample

FACTORS = (TARGETS, SECONDS, LOADS, TIMES)


def pairs(stalls: list[Stall]) -> set[tuple[object, object]]:
    values = [(target, each.seconds, each.load, each.times) for each in stalls for target in each.targets]
    return {pair for row in values for pair in combinations(row, 2)}


def test_any_two_values_meet_in_the_sample() -> None:
    wanted = {pair for one, other in combinations(FACTORS, 2) for pair in product(one, other)}
    assert wanted <= pairs(sample())


def test_only_one_server_is_stopped_at_a_time() -> None:
    assert all(sum(target in SERVERS for target in each.targets) == 1 for each in sample())


def test_the_long_run_has_every_combination_once_each_target_alone() -> None:
    stalls = [(each.targets, each.seconds, each.load, each.times) for each in every()]
    assert sorted(stalls) == sorted(((target,), *rest) for target, *rest in product(*FACTORS))
