"""Probabilities of passing control bullets by guessing."""

from collections import Counter
from collections.abc import Sequence
from itertools import product
from math import comb


def by_chance(right: Sequence[float]) -> list[float]:
    """Return the distribution of the number of wrong answers.

    Args:
        right: The probability that each answer is right.

    Returns:
        The probability of no, one, two and so on wrong answers.
    """
    chances = [1.0]
    for chance in right:
        chances = [
            (chances[n] * chance if n < len(chances) else 0) + (chances[n - 1] * (1 - chance) if n else 0)
            for n in range(len(chances) + 1)
        ]
    return chances


def by_position(controls: Sequence[int], given: Sequence[int]) -> list[float]:
    """Return the distribution of the number of wrong answers if the controls are in random positions.

    Args:
        controls: The number of controls of each kind.
        given: The number of answers of each kind, including those to the other bullets.

    Returns:
        The probability of no, one, two and so on wrong answers about controls.
    """
    ways: Counter[tuple[tuple[int, ...], int]] = Counter({(tuple(given), 0): 1})
    for kind, count in enumerate(controls):
        after: Counter[tuple[tuple[int, ...], int]] = Counter()
        for (left, wrong), number in ways.items():
            for taken in product(*(range(min(each, count) + 1) for each in left)):
                if sum(taken) == count:
                    rest = tuple(have - take for have, take in zip(left, taken, strict=True))
                    after[rest, wrong + count - taken[kind]] += number * _orders(taken)
        ways = after
    chances = [0.0] * (sum(controls) + 1)
    for (left, wrong), number in ways.items():
        chances[wrong] += number * _orders(left)
    whole = _orders(given)
    return [each / whole for each in chances]


def _orders(counts: Sequence[int]) -> int:
    """Return the number of distinct orders of items, given the number of items of each kind."""
    orders, total = 1, sum(counts)
    for count in counts:
        orders *= comb(total, count)
        total -= count
    return orders
