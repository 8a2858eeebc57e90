"""The sampled stalls cover all pairs of values, and the long run all combinations."""

from itertools import combinations, product

from tools.chaos.injection.stalls import (
    LOADS,
    SECONDS,
    SERVERS,
    TARGETS,
    TIMES,
    Stall,
    all_stalls,
    sampled_stalls,
)

FACTORS = (TARGETS, SECONDS, LOADS, TIMES)


def pairs(stalls: list[Stall]) -> set[tuple[object, object]]:
    values = [(target, each.seconds, each.load, each.times) for each in stalls for target in each.targets]
    return {pair for row in values for pair in combinations(row, 2)}


def test_sample_covers_all_pairs_of_values() -> None:
    wanted = {pair for one, other in combinations(FACTORS, 2) for pair in product(one, other)}
    assert wanted <= pairs(sampled_stalls())


def test_each_sampled_stall_stops_one_server() -> None:
    assert all(sum(target in SERVERS for target in each.targets) == 1 for each in sampled_stalls())


def test_long_run_has_every_combination_once() -> None:
    stalls = [(each.targets, each.seconds, each.load, each.times) for each in all_stalls()]
    assert sorted(stalls) == sorted(((target,), *rest) for target, *rest in product(*FACTORS))
