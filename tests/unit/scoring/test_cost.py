"""The work must grow with the text alone. Counted rather than timed, so that a busy machine fails nothing."""

import re
import re._parser as regex_parser  # type: ignore[import-not-found]  # typeshed does not know it
import sys
from collections.abc import Iterable
from importlib import import_module
from pkgutil import walk_packages

import pytest
import scoring

from tests.unit.scoring.personas import STRONG, report

_REPEATS = {"MAX_REPEAT", "MIN_REPEAT"}


def _patterns() -> list[tuple[str, re.Pattern[str]]]:
    found = []
    for module in walk_packages(scoring.__path__, "scoring."):
        names = vars(import_module(module.name))
        found += [
            (f"{module.name}.{name}", each) for name, each in names.items() if isinstance(each, re.Pattern)
        ]
    return found


def _unbounded_depth(parsed: Iterable[tuple[object, object]]) -> int:
    """How deep repeats without a bound are nested."""
    deepest = 0
    for operator, argument in parsed:
        own = 0
        children: list[Iterable[tuple[object, object]]] = []
        if str(operator) in _REPEATS and isinstance(argument, tuple):
            own = int(argument[1] >= regex_parser.MAXREPEAT)
            children = [argument[2]]
        elif isinstance(argument, tuple):
            for part in argument:
                parts = part if isinstance(part, list) else [part]
                children += [each for each in parts if isinstance(each, regex_parser.SubPattern)]
        deepest = max([deepest, own, *(own + _unbounded_depth(child) for child in children)])
    return deepest


def test_no_pattern_repeats_without_bound_inside_another() -> None:
    patterns = _patterns()
    assert len(patterns) > 20
    for name, pattern in patterns:
        assert _unbounded_depth(regex_parser.parse(pattern.pattern)) <= 1, name


def _steps(text: str) -> int:
    """Calls made while scoring."""
    count = 0

    def tick(*_: object) -> None:
        nonlocal count
        count += 1

    sys.setprofile(tick)
    try:
        report.__wrapped__(text)
    finally:
        sys.setprofile(None)
    return count


@pytest.mark.parametrize(
    "line",
    [
        "a" * 900 + " ",
        "Led 12 teams by 30% since 2019 - ",
        "- Led\n",
        "Skills: python, aws, sql,",
        "1-2-3-4 5 (6) 7.8.",
        "2019 - 2020 - ",
        "・を担当しました\n",
        "ていて" * 300,
        "x@x.x.x.x",
        "EXPERIENCE\n",
        "machine machine machine learning ",
    ],
)
def test_steps_grow_with_the_text(line: str) -> None:
    def of(size: int) -> int:
        return _steps("EXPERIENCE\n- " + (line * (size // len(line) + 1))[:size])

    small, large = of(1_000), of(4_000)
    assert large <= 5 * small + 2_000


def test_a_long_text_takes_no_more_than_its_share() -> None:
    assert _steps(STRONG * 4) <= 5 * _steps(STRONG)
